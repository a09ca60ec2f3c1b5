import { declarationsOf } from './bicepText';
import { filesIn, read } from './files';
import { unless } from './unless';

/** Every output is consumed: the template's by a document or a command, a module's by another file. */
export function outputProblems(root: string): string[] {
  const readers = ['docs/deploy.md', 'azure.yaml', 'package.json'].map((file) => read(root, file)).join('\n');
  const modules = filesIn(root, 'infra/modules', '.bicep');
  const bicep = ['infra/main.bicep', ...modules].map((file) => read(root, file)).join('\n');
  return [
    ...outputsOf(root, 'infra/main.bicep').flatMap((name) =>
      [
        unless(/^[A-Z][A-Z0-9_]*$/.test(name), `infra/main.bicep: output ${name} is not in UPPER_SNAKE, as azd wants`),
        unless(new RegExp(`\\b${name}\\b`).test(readers), `infra/main.bicep: nothing reads the output ${name}`),
      ].flat(),
    ),
    ...modules.flatMap((file) =>
      outputsOf(root, file)
        .filter((name) => !new RegExp(`outputs\\.${name}\\b`).test(bicep))
        .map((name) => `${file}: nothing reads the output ${name}`),
    ),
  ];
}

function outputsOf(root: string, file: string): string[] {
  return declarationsOf(read(root, file))
    .filter(({ kind }) => kind === 'output')
    .map(({ name }) => name);
}
