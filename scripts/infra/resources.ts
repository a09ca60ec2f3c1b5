import { filesIn, read } from './files';

/** No stable version exists. */
const previewOnly = new Set(['microsoft.insights/diagnosticsettings', 'microsoft.insights/privatelinkscopes']);

/** Suffixes of clouds stand in the list of clouds alone. */
const suffixes = /core\.windows\.net|servicebus\.windows\.net|monitor\.azure\.(?:com|us|cn)|opinsights\.azure\.com/;

/** One stable API version for each type of resource, and no cloud's own names outside the list of clouds. */
export function resourceProblems(root: string): string[] {
  const versions = new Map<string, { version: string; file: string }>();
  const problems: string[] = [];
  for (const file of ['infra/main.bicep', ...filesIn(root, 'infra/modules', '.bicep')]) {
    const bicep = read(root, file);
    for (const [, type = '', version = ''] of bicep.matchAll(/^ *resource \w+ '([\w./]+)@([\w-]+)'/gm)) {
      // A child without a slash of its own, and every child with one, has the version of its service's type.
      const service = type.split('/').slice(0, 2).join('/').toLowerCase();
      const first = versions.get(service) ?? { version, file };
      versions.set(service, first);
      if (first.version !== version)
        problems.push(`${file}: ${type}@${version}, but ${first.file} has ${first.version}`);
      if (version.endsWith('-preview') && !previewOnly.has(service)) problems.push(`${file}: ${type} is a preview`);
    }
    const suffix = suffixes.exec(bicep.replaceAll(/^ *\/\/.*$/gm, ''));
    if (suffix) problems.push(`${file}: ${suffix[0]} is not the same in every cloud`);
  }
  return problems;
}
