import { randomUUID } from 'node:crypto';
import { stringify as stringifyLossless } from 'lossless-json';

/** Any JSON value. An integer that a double would round is a bigint. */
export type Json = string | number | bigint | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/**
 * Matches every number that JSON.parse rounds, and some that it does not: an exponent, 17 digits in a row, or 16 from 9 on,
 * since 2^53 is 9,007,199,254,740,992.
 */
const mayRound = /(?:^|[:,[])\s*-?(?:9\d{15}|\d{17}|\d+(?:\.\d+)?[eE])/;

/** Longer integers stay text: making a bigint of a million digits takes more than linear time. */
const wholeNumber = /^-?\d{1,64}$/;

function exactNumber(digits: string): Json {
  const rounded = Number(digits);
  if (wholeNumber.test(digits) && !Number.isSafeInteger(rounded)) return BigInt(digits);
  return Number.isFinite(rounded) ? rounded : digits;
}

/** Whether a parsed value contains a number that may have been rounded. Iterative, so deep nesting is safe. */
function isRounded(parsed: Json): boolean {
  const waiting: Json[] = [parsed];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value === 'number') {
      if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return true;
    } else if (typeof value === 'object' && value !== null) {
      for (const inner of Object.values(value)) waiting.push(inner);
    }
  }
  return false;
}

/** Prefix that marks a quoted number. Random per process, so no input can contain it. */
const mark = randomUUID();
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * Parses JSON text and makes each number with `numberOf`: numbers pass through JSON.parse as marked strings. A parser of our
 * own would recurse, and one record that is nested too deeply would fail its whole message.
 */
function parseWith(text: string, numberOf: (digits: string) => unknown): unknown {
  const quoted = text.replace(stringOrNumber, (token) => (token.startsWith('"') ? token : `"${mark}${token}"`));
  const top: { value: unknown } = { value: JSON.parse(quoted) };
  const waiting: Record<string, unknown>[] = [top];
  for (let holder = waiting.pop(); holder !== undefined; holder = waiting.pop()) {
    for (const [key, value] of Object.entries(holder)) {
      if (isHolder(value)) waiting.push(value);
      else if (typeof value === 'string' && value.startsWith(mark)) {
        Reflect.set(holder, key, numberOf(value.slice(mark.length)));
      }
    }
  }
  return top.value;
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/**
 * Parses JSON text without rounding integers: with JSON.parse, and a second, slower time only if a number does not fit a double.
 * As in JSON.parse, the last of two equal keys wins, and `__proto__` is an ordinary key.
 * @throws SyntaxError for text that is not valid JSON.
 */
export function parseJson(text: string): Json {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- what JSON.parse returns is JSON.
  const parsed: Json = JSON.parse(text);
  if (!mayRound.test(text) || !isRounded(parsed)) return parsed;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON with the numbers that exactNumber makes.
  return parseWith(text, exactNumber) as Json;
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

type Order = (keys: readonly string[]) => readonly string[];

/** Compact JSON with numbers as the source wrote them and keys in `order`. Iterative, so deep nesting is safe. */
export function writeSource(value: SourceJson, order: Order = (keys) => keys): string {
  let text = '';
  const waiting: Part[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next instanceof NumberText || next instanceof Written) text += next.text;
    else if (Array.isArray(next)) pushReversed(waiting, '[', next.map(itself), ']');
    else if (isSourceObject(next)) pushReversed(waiting, '{', membersOf(next, order), '}');
    else text += JSON.stringify(typeof next === 'string' ? next.toWellFormed() : next);
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

function membersOf(value: { [key: string]: SourceJson }, order: Order): Part[][] {
  return order(Object.keys(value)).map((key) => [
    new Written(`${JSON.stringify(key.toWellFormed())}:`),
    value[key] ?? null,
  ]);
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
