import { randomUUID } from 'node:crypto';
import { stringify as stringifyLossless } from 'lossless-json';

/** Any JSON value. An integer that a double would round is a bigint. */
export type Json = string | number | bigint | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** Longer integers stay text, because making a bigint of a million digits takes more than linear time. */
const wholeNumber = /^-?\d{1,64}$/;

function exactNumber(digits: string): Json {
  const rounded = Number(digits);
  if (wholeNumber.test(digits) && !Number.isSafeInteger(rounded)) return BigInt(digits);
  return Number.isFinite(rounded) ? rounded : digits;
}

/** Prefix that marks a quoted number. Random per process, so no input can contain it. */
const mark = randomUUID();
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * Parses JSON text and converts each number with `numberOf`: JSON.parse gets the numbers as marked strings. A parser of our
 * own would recurse, and one record that is nested too deeply would fail its whole message.
 */
function parseWith(text: string, numberOf: (digits: string) => unknown): unknown {
  const quoted = text.replace(stringOrNumber, (token) => (token.startsWith('"') ? token : `"${mark}${token}"`));
  return unmarked(JSON.parse(quoted), numberOf);
}

/** Replaces marked strings with their numbers. Iterative, so deep nesting is safe. */
function unmarked(value: unknown, numberOf: (digits: string) => unknown): unknown {
  const top: { value: unknown } = { value };
  const waiting: Record<string, unknown>[] = [top];
  for (let holder = waiting.pop(); holder !== undefined; holder = waiting.pop()) {
    for (const key of Object.keys(holder)) {
      const inner = holder[key];
      if (isHolder(inner)) waiting.push(inner);
      else if (typeof inner === 'string' && inner.startsWith(mark)) {
        Reflect.set(holder, key, numberOf(inner.slice(mark.length)));
      }
    }
  }
  return top.value;
}

/**
 * Matches every number that JSON.parse rounds, and some that it does not: numbers with an exponent, with 17 digits in a row, or
 * with 16 digits of which the first is 9, because 2^53 is 9,007,199,254,740,992.
 */
const longNumber = /(?:^|[:,[])\s*(-?(?:9\d{15}|\d{17}|\d+(?:\.\d+)?[eE])[\d.eE+-]*)/g;
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Marks each number that JSON.parse would round. Undefined if there is none. Digits inside strings are not numbers. */
function withMarkedNumbers(text: string): string | undefined {
  let marked = '';
  let copied = 0;
  let outside = 0;
  for (const { 0: found, 1: digits = '', index: start } of text.matchAll(longNumber)) {
    const index = start + found.length - digits.length;
    outside = endOfStrings(text, outside, index);
    if (outside > index || !jsonNumber.test(digits) || typeof exactNumber(digits) === 'number') continue;
    marked += `${text.slice(copied, index)}"${mark}${digits}"`;
    copied = index + digits.length;
  }
  return copied === 0 ? undefined : marked + text.slice(copied);
}

/** The end of the last string that begins before an index, starting outside of strings; Infinity if that string never ends. */
function endOfStrings(text: string, from: number, before: number): number {
  let end = from;
  for (let start = text.indexOf('"', end); start >= 0 && start < before; start = text.indexOf('"', end)) {
    let quote = text.indexOf('"', start + 1);
    while (quote >= 0 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
    if (quote < 0) return Number.POSITIVE_INFINITY;
    end = quote + 1;
  }
  return end;
}

function isEscaped(text: string, quote: number): boolean {
  let start = quote;
  while (text[start - 1] === '\\') start--;
  return (quote - start) % 2 === 1;
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/**
 * Parses JSON text without rounding integers: JSON.parse gets numbers that do not fit a double as marked strings.
 * As in JSON.parse, the last of two equal keys wins, and `__proto__` is an ordinary key.
 * @throws SyntaxError for text that is not valid JSON.
 */
export function parseJson(text: string): Json {
  const value: unknown = JSON.parse(text);
  const marked = isRounded(value) ? withMarkedNumbers(text) : undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON, with the numbers that exactNumber makes.
  return (marked === undefined ? value : unmarked(JSON.parse(marked), exactNumber)) as Json;
}

/** Whether parsed JSON holds a whole number that JSON.parse may have rounded, or Infinity. Iterative like {@link unmarked}. */
function isRounded(value: unknown): boolean {
  const waiting: Record<string, unknown>[] = [];
  const mayBe = (inner: unknown): boolean => {
    if (isHolder(inner)) waiting.push(inner);
    return typeof inner === 'number' && !Number.isSafeInteger(inner) && !(inner % 1);
  };
  if (mayBe(value)) return true;
  for (let holder = waiting.pop(); holder !== undefined; holder = waiting.pop()) {
    if (Array.isArray(holder)) {
      if (holder.some(mayBe)) return true;
    } else for (const key in holder) if (mayBe(holder[key])) return true;
  }
  return false;
}

/** A number exactly as the source wrote it. */
export class NumberText {
  constructor(readonly text: string) {}
}
export type SourceJson = string | boolean | null | NumberText | SourceJson[] | { [key: string]: SourceJson };

/** Parses JSON text, keeping every number as written. @throws SyntaxError */
export function parseJsonSource(text: string): SourceJson {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON with NumberText for numbers.
  return parseWith(text, (digits) => new NumberText(digits)) as SourceJson;
}

/** Compact JSON text; bigints become their digits. */
export function stringifyJson(value: object): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const text = stringifyLossless(value);
    if (text === undefined) throw error;
    return text;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isSourceObject(value: SourceJson): value is { [key: string]: SourceJson } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}

/** How {@link writeSource} writes a value. */
export interface Writing {
  /** The order of keys; by default that of the source. */
  readonly order: (keys: readonly string[]) => readonly string[];
  /** Changes each key and text; by default nothing, and half a surrogate pair is written as an escape. */
  readonly text: (text: string) => string;
}

const unchanged: Writing = { order: (keys) => keys, text: (text) => text };

/** Compact JSON with numbers as the source wrote them. Iterative, so deep nesting is safe. */
export function writeSource(value: SourceJson, writing = unchanged): string {
  let text = '';
  const waiting: Part[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next instanceof NumberText || next instanceof Written) text += next.text;
    else if (Array.isArray(next)) pushReversed(waiting, '[', next.map(itself), ']');
    else if (isSourceObject(next)) pushReversed(waiting, '{', membersOf(next, writing), '}');
    else text += JSON.stringify(typeof next === 'string' ? writing.text(next) : next);
  }
  return text;
}

type Part = SourceJson | Written;

/** Text that already is JSON. */
class Written {
  constructor(readonly text: string) {}
}

function itself(value: SourceJson): Part[] {
  return [value];
}

function membersOf(value: { [key: string]: SourceJson }, { order, text }: Writing): Part[][] {
  return order(Object.keys(value)).map((key) => [new Written(`${JSON.stringify(text(key))}:`), value[key] ?? null]);
}

/** Reversed, because the next part is taken from the end of the list. */
function pushReversed(waiting: Part[], opening: string, members: readonly Part[][], closing: string): void {
  waiting.push(new Written(closing));
  for (const [i, member] of members.toReversed().entries()) {
    if (i > 0) waiting.push(new Written(','));
    for (const part of member.toReversed()) waiting.push(part);
  }
  waiting.push(new Written(opening));
}
