import { filesIn, read } from './files';

/** These suffixes belong to one cloud; they may stand in the list of clouds only. */
const suffixes = /core\.windows\.net|servicebus\.windows\.net|monitor\.azure\.(?:com|us|cn)|opinsights\.azure\.com/;

const azdLines = ['host: function', 'dist: out/package', 'remoteBuild: false', 'posix:', 'windows:'];

/** What can be checked without compiling: azure.yaml deploys this app as it is built here, and the template runs in every cloud. */
export function textProblems(root: string): string[] {
  const yaml = read(root, 'azure.yaml');
  const lines = new Set(yaml.split('\n').map((line) => line.trim()));
  const service = /^services:\n {2}([\w-]+):$/m.exec(yaml)?.[1] ?? '';
  const tag = /^ +serviceName: '([\w-]+)'$/m.exec(read(root, 'infra/main.bicep'))?.[1] ?? '';
  const modules = ['infra/main.bicep', ...filesIn(root, 'infra/modules', '.bicep')];
  return [
    ...(service === tag ? [] : [`azure.yaml deploys the service "${service}", infra/main.bicep tags "${tag}"`]),
    ...azdLines.filter((line) => !lines.has(line)).map((line) => `azure.yaml: expected "${line}"`),
    ...modules.flatMap((file) => {
      const suffix = suffixes.exec(read(root, file).replaceAll(/^ *\/\/.*$/gm, ''));
      return suffix === null ? [] : [`${file}: ${suffix[0]} is not the same in every cloud`];
    }),
  ];
}
