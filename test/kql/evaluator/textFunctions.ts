import { KqlError } from './syntax';
import { isArray, parseDynamic, textOf, type Value } from './values';

export type Builtin = (...values: Value[]) => Value;

/** A function of texts: a null is the empty text. */
const ofTexts =
  (apply: (...texts: string[]) => Value): Builtin =>
  (...values) =>
    apply(...values.map(textOf));

const patterns = new Map<string, RegExp>();

/** RE2's syntax as far as it is JavaScript's too; everything else is an error. */
export function regexOf(source: string): RegExp {
  const known = patterns.get(source);
  if (known) return known;
  const [, flags = '', body = ''] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(source) ?? [];
  try {
    const made = new RegExp(
      body.replaceAll('(?P<', '(?<').replaceAll(/\\([^\w\s\\^$.*+?()[\]{}|/-])/g, '$1'),
      `gu${flags}`,
    );
    patterns.set(source, made);
    return made;
  } catch (error) {
    throw new KqlError(`the evaluator cannot read the pattern ${source}: ${String(error)}`);
  }
}

function occurrences(text: string, found: string, kind: string): number {
  if (kind === 'regex') return [...text.matchAll(regexOf(found))].length;
  if (found === '') return 0;
  let count = 0;
  for (let at = text.indexOf(found); at >= 0; at = text.indexOf(found, at + 1)) count++;
  return count;
}

/** From the position `start`, which counts from the end where it is negative. */
function substring(text: string, start: number, length: number): string {
  const from = start < 0 ? Math.max(0, text.length + start) : start;
  return length < 0 ? '' : text.slice(from, from + length);
}

function split(text: string, delimiter: string, index: Value): Value {
  const pieces = delimiter === '' ? [text] : text.split(delimiter);
  if (index === null) return pieces;
  const one = pieces.at(Number(index));
  return one === undefined || Number(index) < 0 ? [] : [one];
}

/** The place of a text that lies within `length` characters after `start`, which counts from the end where it is negative. */
function indexOf(text: string, found: string, start: number, length: number): bigint {
  const from = start < 0 ? text.length + start : start;
  const at = text.slice(0, length < 0 ? undefined : from + length).indexOf(found, from);
  return BigInt(at);
}

function parseUrl(text: string): Value {
  const match =
    /^(?:([a-z][\w+.-]*):\/\/)?(?:([^:@/]*)(?::([^@/]*))?@)?([^:/?#]*)(?::(\d+))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/i.exec(
      text,
    );
  if (!match?.[1]) throw new KqlError(`parse_url("${text}"): the evaluator reads absolute URLs with a scheme alone`);
  const [, scheme = '', username = '', password = '', host = '', port = '', path = '', query = '', fragment = ''] =
    match;
  const pairs = query.split('&').flatMap((pair): [string, string][] => {
    const [key = '', ...rest] = pair.split('=');
    return key === '' ? [] : [[key, rest.join('=')]];
  });
  return new Map<string, Value>([
    ['Scheme', scheme],
    ['Host', host],
    ['Port', port],
    // Without its first slash, as the page has it.
    ['Path', path.replace(/^\//, '')],
    ['Username', username],
    ['Password', password],
    ['Query Parameters', new Map(pairs)],
    ['Fragment', fragment],
  ]);
}

function unknownArgument(name: string): never {
  throw new KqlError(`the evaluator does not know the last argument of ${name}()`);
}

const elements = (value: Value): readonly Value[] => {
  if (!isArray(value)) throw new KqlError('a dynamic array is needed');
  return value;
};

export const textFunctions: Readonly<Record<string, Builtin>> = {
  strcat: ofTexts((...texts) => texts.join('')),
  strcat_delim: ofTexts((delimiter = '', ...texts) => texts.join(delimiter)),
  strcat_array: (array, delimiter = '') => elements(array).map(textOf).join(textOf(delimiter)),
  strlen: ofTexts((text = '') => BigInt(Array.from(text).length)),
  string_size: ofTexts((text = '') => BigInt(Buffer.byteLength(text))),
  substring: (text = '', start = 0n, length = null) =>
    substring(textOf(text), Number(start), length === null ? Number.POSITIVE_INFINITY : Number(length)),
  split: (text = '', delimiter = '', index = null) => split(textOf(text), textOf(delimiter), index),
  tolower: ofTexts((text = '') => text.toLowerCase()),
  toupper: ofTexts((text = '') => text.toUpperCase()),
  trim: ofTexts((pattern = '', text = '') =>
    text.replace(regexOf(`^(?:${pattern})`), '').replace(regexOf(`(?:${pattern})$`), ''),
  ),
  trim_start: ofTexts((pattern = '', text = '') => text.replace(regexOf(`^(?:${pattern})`), '')),
  trim_end: ofTexts((pattern = '', text = '') => text.replace(regexOf(`(?:${pattern})$`), '')),
  indexof: (text = '', found = '', start = 0n, length = -1n, ...more) =>
    more.length > 0 ? unknownArgument('indexof') : indexOf(textOf(text), textOf(found), Number(start), Number(length)),
  countof: ofTexts((text = '', found = '', kind = 'normal') => BigInt(occurrences(text, found, kind))),
  replace_string: ofTexts((text = '', found = '', by = '') => text.replaceAll(found, () => by)),
  replace_regex: ofTexts((text = '', pattern = '', by = '') =>
    text.replaceAll(
      regexOf(pattern),
      by.replaceAll('$', '$$$$').replaceAll(/\\(\d)/g, (_, digit: string) => (digit === '0' ? '$&' : `$${digit}`)),
    ),
  ),
  extract: (pattern = '', group = 0n, text = '', type = 'string') => {
    const found = [...textOf(text).matchAll(regexOf(textOf(pattern)))][0]?.[Number(group)];
    if (textOf(type) !== 'string') throw new KqlError('extract() into another type than string');
    return found ?? '';
  },
  extract_all: (pattern = '', text = '', ...more) =>
    more.length > 0
      ? unknownArgument('extract_all')
      : [...textOf(text).matchAll(regexOf(textOf(pattern)))].map((match) =>
          match.length <= 2 ? (match.at(-1) ?? '') : match.slice(1),
        ),
  parse_url: ofTexts((text = '') => parseUrl(text)),
  parse_json: (value = null) => (typeof value === 'string' ? parseDynamic(value) : value),
  isempty: (value = null) => textOf(value) === '',
  isnotempty: (value = null) => textOf(value) !== '',
  isnull: (value = null) => value === null,
  isnotnull: (value = null) => value !== null,
};

const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);

/** Whether a text has another as whole terms: sequences of letters and digits. */
function has(text: string, found: string): boolean {
  for (let at = text.indexOf(found); at >= 0; at = text.indexOf(found, at + 1)) {
    const end = at + found.length;
    const isOpen = !isWord(found[0]) || !isWord(text[at - 1]);
    if (isOpen && (!isWord(found.at(-1)) || !isWord(text[end]))) return true;
  }
  return false;
}

const begins = (text: string, found: string): boolean =>
  text.startsWith(found) ||
  [...text.matchAll(/[^\p{L}\p{N}]/gu)].some(({ index }) => text.startsWith(found, index + 1));
const ends = (text: string, found: string): boolean =>
  text.endsWith(found) ||
  [...text.matchAll(/[^\p{L}\p{N}]/gu)].some(({ index }) => text.slice(0, index).endsWith(found));

/** The operators between texts, by the first part of their kind of syntax. */
export const textOperators: Readonly<Record<string, (text: string, found: string) => boolean>> = {
  Contains: (text, found) => text.includes(found),
  StartsWith: (text, found) => text.startsWith(found),
  EndsWith: (text, found) => text.endsWith(found),
  Has: has,
  HasPrefix: begins,
  HasSuffix: ends,
};
