import { read } from './files';

/** azure.yaml and the template speak of the same app, which is deployed as it was built. */
export function azdProblems(root: string): string[] {
  const yaml = read(root, 'azure.yaml');
  const service = /^services:\n {2}([\w-]+):$/m.exec(yaml)?.[1] ?? '';
  const tag = /^ +serviceName: '([\w-]+)'$/m.exec(read(root, 'infra/main.bicep'))?.[1] ?? '';
  const lines = [
    '    host: function',
    '    dist: out/package',
    '    remoteBuild: false',
    '        posix:',
    '        windows:',
  ];
  return [
    ...(service === tag ? [] : [`azure.yaml deploys the service "${service}", infra/main.bicep tags "${tag}"`]),
    ...lines.filter((line) => !yaml.split('\n').includes(line)).map((line) => `azure.yaml: expected "${line.trim()}"`),
  ];
}
