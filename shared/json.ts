import { isSafeNumber, parse as parseLossless, stringify as stringifyLossless } from 'lossless-json';

/** Any JSON value; an integer that a double would round is a bigint. */
export type Json = string | number | bigint | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** A number token that JSON.parse might round: 16 digits in a row, or an exponent. Linear in the text; errs only towards yes. */
const mayRound = /(?:^|[:,[])\s*-?(?:\d{16}|\d+(?:\.\d+)?[eE])/;

/** Longer integers are kept as text: a bigint of a million digits takes more than linear time to make. */
const wholeNumber = /^-?\d{1,64}$/;

function exactNumber(digits: string): Json {
  if (isSafeNumber(digits)) return Number(digits);
  if (wholeNumber.test(digits)) return BigInt(digits);
  const rounded = Number(digits);
  return Number.isFinite(rounded) ? rounded : digits;
}

/** As JSON.parse does: the last of two equal keys wins. */
function onDuplicateKey({ newValue }: { newValue: unknown }): unknown {
  return newValue;
}

/** Whether a parsed value holds a number that is no longer what the text said. Iterative: depth does not matter. */
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

/**
 * Parses JSON text without rounding an integer. JSON.parse does the work; the lossless parser, some twenty times
 * slower, is asked only when a number in the text is in fact beyond what a double holds.
 * As in JSON.parse the last of two equal keys wins, and `__proto__` is a key like any other.
 * @throws SyntaxError for text that is no JSON, RangeError for long integers in text nested thousands of levels deep.
 */
export function parseJson(text: string): Json {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- what JSON.parse returns is JSON.
  const parsed: Json = JSON.parse(text);
  if (!mayRound.test(text) || !isRounded(parsed)) return parsed;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON with the numbers that exactNumber makes.
  return parseLossless(text, null, { parseNumber: exactNumber, onDuplicateKey }) as Json;
}

/** A number exactly as the source spelt it, for the one place where the spelling counts. */
export class NumberText {
  constructor(readonly text: string) {}
}
export type SourceJson = string | boolean | null | NumberText | SourceJson[] | { [key: string]: SourceJson };

function numberText(digits: string): NumberText {
  return new NumberText(digits);
}

/** Parses JSON text, keeping the spelling of every number. */
export function parseJsonSource(text: string): SourceJson {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON with NumberText for numbers.
  return parseLossless(text, null, { parseNumber: numberText, onDuplicateKey }) as SourceJson;
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
