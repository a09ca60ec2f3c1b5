import { type Declaration, declarationsOf, defaultOf } from './bicepText';
import { filesIn, read } from './files';

/** Every parameter is used, says whether it is optional, and is shown in main.bicepparam with its default. */
export function parameterProblems(root: string): string[] {
  const files = ['infra/main.bicep', ...filesIn(root, 'infra/modules', '.bicep')];
  return [
    ...files.flatMap((file) => {
      const bicep = read(root, file);
      const parameters = declarationsOf(bicep).filter(({ kind }) => kind === 'param');
      return parameters.flatMap((parameter) =>
        unused(file, bicep, parameter).concat(wronglyDescribed(file, parameter)),
      );
    }),
    ...shownProblems(root),
  ];
}

function unused(file: string, bicep: string, { name, text }: Declaration): string[] {
  const rest = bicep
    .replace(text, '')
    .replaceAll(/^@description\(.*$/gm, '')
    .replaceAll(/^ *\/\/.*$/gm, '');
  return new RegExp(`\\bin ${name}\\b|\\b${name}\\b(?!:)`).test(rest)
    ? []
    : [`${file}: nothing uses the parameter ${name}`];
}

function wronglyDescribed(file: string, parameter: Declaration): string[] {
  const optional = defaultOf(parameter) !== undefined || /^param \w+ \w+\?$/.test(parameter.text);
  const word = optional && file === 'infra/main.bicep' ? 'Optional.' : 'Required.';
  return parameter.description.startsWith(word)
    ? []
    : [`${file}: the description of ${parameter.name} should begin with "${word}"`];
}

function shownProblems(root: string): string[] {
  const shown = read(root, 'infra/main.bicepparam');
  const values = new Map(
    [...shown.matchAll(/^(?:\/\/ )?param (\w+) = ((?:.*)(?:\n(?:  .*|[\]}]))*)/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
  const parameters = declarationsOf(read(root, 'infra/main.bicep')).filter(({ kind }) => kind === 'param');
  return [
    ...parameters.flatMap((parameter) => {
      const value = values.get(parameter.name);
      if (value === undefined) return [`infra/main.bicepparam does not show ${parameter.name}`];
      const wanted = defaultOf(parameter) ?? (parameter.text.endsWith('?') ? 'null' : undefined);
      // Required, or made of what a parameter file cannot hold.
      if (wanted === undefined || wanted.startsWith('resourceGroup()')) return [];
      const given = /^readEnvironmentVariable\('\w+', (.*)\)$/.exec(value)?.[1] ?? value;
      return given === wanted
        ? []
        : [`infra/main.bicepparam shows ${parameter.name} as ${given}, but its default is ${wanted}`];
    }),
    ...[...values.keys()]
      .filter((name) => !parameters.some((parameter) => parameter.name === name))
      .map((name) => `infra/main.bicepparam sets ${name}, which is no parameter`),
  ];
}
