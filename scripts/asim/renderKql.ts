import type { AsimColumns, Values } from './asimColumns';

/** The values with X written out: once for Src and once for Dst, or unchanged where there is no X. */
export function bothEnds(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      hasEnd(name) ? ['Src', 'Dst'].map((end) => [ofEnd(name, end), ofEnd(value, end)]) : [[name, value]],
    ),
  );
}

/** The values of some columns together. */
export function valuesOf(columns: readonly AsimColumns[]): Values {
  return Object.fromEntries(columns.flatMap(({ values }) => Object.entries(bothEnds(values))));
}

const anyEnd = /\bX(?=[A-Z"])/g;

function hasEnd(text: string): boolean {
  return text.search(anyEnd) >= 0;
}

function ofEnd(text: string, end: string): string {
  return text.replace(anyEnd, end);
}

/** `| project`; a column that keeps its value is only named. */
export function project(values: Values): string {
  const list = Object.entries(values).map(([name, value]) => (name === value ? name : `${name} = ${value}`));
  return `| project\n${indented(list)}`;
}

/** `| extend`, without columns that keep their value. */
export function extend(values: Values): string {
  const changed = Object.entries(values).filter(([name, value]) => name !== value);
  return `| extend\n${indented(changed.map(([name, value]) => `${name} = ${value}`))}`;
}

export function projectAway(names: readonly string[]): string {
  const lines = [''];
  for (const name of names) {
    const line = lines.at(-1) ?? '';
    if (line.length + name.length > 100) lines.push(name);
    else lines.splice(-1, 1, line === '' ? name : `${line}, ${name}`);
  }
  return `| project-away\n${indented(lines)}`;
}

function indented(list: readonly string[]): string {
  return list.map((one) => `    ${one}`).join(',\n');
}

/** Comment lines. */
export function comment(...lines: readonly string[]): string {
  return lines.map((line) => `// ${line}`).join('\n');
}

/** The content of a file. */
export function textOf(...parts: readonly string[]): string {
  return `${parts.map((part) => part.trimEnd()).join('\n')}\n`;
}
