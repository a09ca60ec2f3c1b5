/**
 * Reads the declarations of a Bicep file from its text, because the compiler is not everywhere. It trusts the layout of
 * Bicep's formatter, which CI enforces: a declaration begins at the start of a line, its decorators stand right above it,
 * and each level is two spaces further in.
 */
export interface Declaration {
  readonly kind: string;
  readonly name: string;
  /** Text of `@description('...')`; empty without one. */
  readonly description: string;
  /** From the keyword to the last line, without what follows. */
  readonly text: string;
}

const beginning = /^(param|var|output|resource|module|type|func) (\w+)/;
const topLevel = /^[a-z@/]/i;

export function declarationsOf(bicep: string): Declaration[] {
  const found: Declaration[] = [];
  let description = '';
  let lines: string[] | undefined;
  for (const line of bicep.split('\n')) {
    if (topLevel.test(line)) lines = undefined;
    const decorator = /^@description\('(.*)'\)$/.exec(line);
    if (decorator) description = (decorator[1] ?? '').replaceAll("\\'", "'");
    const [, kind, name] = beginning.exec(line) ?? [];
    if (kind !== undefined && name !== undefined) {
      lines = [line];
      const own = lines;
      found.push({
        kind,
        name,
        description,
        get text() {
          return own.join('\n').trimEnd();
        },
      });
      description = '';
    } else lines?.push(line);
  }
  return found;
}

export function declaration(bicep: string, kind: string, name: string): Declaration {
  const found = declarationsOf(bicep).find((one) => one.kind === kind && one.name === name);
  if (found === undefined) throw new Error(`There is no "${kind} ${name}" where one is expected.`);
  return found;
}

/** What stands behind the `=` of a parameter: its default; undefined without one. */
export function defaultOf({ text }: Declaration): string | undefined {
  return /^param \w+ (?:(?!\n)[^=])*? = ([\s\S]*)$/.exec(text)?.[1];
}

/** Names and values of the properties of the first object that follows `opening`, which ends with its brace. */
export function propertiesAfter(bicep: string, opening: string): Map<string, string> {
  const at = bicep.indexOf(opening);
  if (at < 0) throw new Error(`There is no "${opening}" where one is expected.`);
  const lineStart = bicep.lastIndexOf('\n', at) + 1;
  const indent = /^ */.exec(bicep.slice(lineStart))?.[0] ?? '';
  const body = bicep.slice(at + opening.length).split(`\n${indent}}`)[0] ?? '';
  return new Map([...body.matchAll(/^ *(\w+): (.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

/** The strings of a list such as `['a', 'b']` or `'a' | 'b'`. */
export function stringsIn(text: string): string[] {
  return [...text.matchAll(/'([^'$]*)'/g)].map(([, value = '']) => value);
}
