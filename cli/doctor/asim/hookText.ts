import { type NewFunction, ownCategory, type SavedFunction } from './savedFunctions';
import type { Parser } from './sentinelNames';

/** `name:type=default,...`, as a saved search has it. */
export function signatureOf({ parameters }: Parser): string {
  return Object.entries(parameters)
    .map(([name, type]) => `${name}:${type}`)
    .join(',');
}

/** The whole hook, for a workspace without one. */
export function hookOf(parser: Parser): NewFunction {
  return {
    name: parser.hook,
    alias: parser.hook,
    category: ownCategory,
    parameters: signatureOf(parser),
    query: `union isfuzzy=true\n${callOf(parser, Object.keys(parser.parameters))}`,
  };
}

/** The lines that another's hook needs, with what it declares: an unknown name would make the whole hook fail. */
export function linesToAdd(parser: Parser, hook: SavedFunction): string {
  const declared = namesIn(hook.parameters);
  return callOf(
    parser,
    Object.keys(parser.parameters).filter((name) => declared.has(name)),
  );
}

function callOf({ name }: Parser, passed: readonly string[]): string {
  if (passed.length === 0) return `    ${name}()`;
  return `    ${name}(\n${passed.map((parameter) => `        ${parameter}=${parameter}`).join(',\n')})`;
}

/** Whether the parser is the only source of the hook: then nobody else has put anything into it. */
export function isOurs(parser: Parser, { name, alias, query }: SavedFunction): boolean {
  const only = new RegExp(`^(?:union\\s+(?:isfuzzy\\s*=\\s*true\\s+)?)?${parser.name}\\s*(?:\\([^()]*\\))?\\s*;?$`);
  return name === parser.hook && alias === parser.hook && only.test(codeOf(query).trim());
}

/** What the hook's call of the parser does not pass on, of what both know; undefined if there is no call. */
export function missingArguments(parser: Parser, hook: SavedFunction): readonly string[] | undefined {
  const call = new RegExp(`\\b${parser.name}\\b\\s*(?:\\(([^()]*)\\))?`).exec(codeOf(hook.query));
  if (call === null) return undefined;
  const declared = namesIn(hook.parameters);
  const passed = new Set((call[1] ?? '').split(',').map((one) => one.split('=', 1)[0]?.trim()));
  // Without `disabled` and `pack` the call means the same for all queries of Microsoft's rules.
  const filters = Object.keys(parser.parameters).filter((name) => name !== 'disabled' && name !== 'pack');
  return filters.filter((name) => declared.has(name) && !passed.has(name));
}

/** Whether a function names another one outside comments and texts. */
export function mentions({ query }: SavedFunction, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(codeOf(query));
}

/** Kusto without comments, with empty texts and single spaces: what a name in it stands for is then certain. */
function codeOf(query: string): string {
  return query.replace(tokens, (token) => (token.startsWith('//') ? '' : '""')).replace(/\s+/g, ' ');
}

const tokens =
  /\/\/[^\n]*|```[\s\S]*?```|~~~[\s\S]*?~~~|@"(?:[^"]|"")*"|@'(?:[^']|'')*'|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;

function namesIn(parameters: string): ReadonlySet<string> {
  return new Set(Array.from(parameters.matchAll(/(?:^|,)\s*(\w+)\s*:/g), ([, name = '']) => name));
}
