import { parse as parseLossless } from 'lossless-json';
import { KqlError } from './syntax';

/** Ticks of 100 ns: of a moment since the year 1, of a span. */
abstract class Ticks {
  constructor(readonly ticks: bigint) {}
}
export class Moment extends Ticks {
  protected readonly kind = 'datetime';
}
export class Span extends Ticks {
  protected readonly kind = 'timespan';
}

export type Bag = ReadonlyMap<string, Value>;
/**
 * int and long are bigint, real is number. A dynamic value has no wrapper: it is an array, a Map, or one of the others. null has no
 * type; a text is never null.
 */
export type Value = null | string | boolean | bigint | number | Moment | Span | readonly Value[] | Bag;

export const isBag = (value: Value): value is Bag => value instanceof Map;
export const isArray = (value: Value): value is readonly Value[] => Array.isArray(value);
export const isNumber = (value: Value): value is bigint | number =>
  typeof value === 'bigint' || typeof value === 'number';

const second = 10_000_000n;
export const day = 86_400n * second;
const units: Readonly<Record<string, bigint>> = { d: day, h: 3600n * second, m: 60n * second, s: second };
const epoch = 621_355_968_000_000_000n;

export const mod = (a: bigint, b: bigint): bigint => ((a % b) + b) % b;

const momentPattern = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,7}))?)?(Z|[+-]\d\d:\d\d)?$/;

/** null where it is no date; an error where the evaluator does not know whether Kusto reads it. */
export function parseMoment(text: string): Moment | null {
  const match = momentPattern.exec(text.trim());
  if (!match) {
    if (!/\d{4}/.test(text)) return null;
    throw new KqlError(`"${text}" as datetime: the evaluator does not know this format`);
  }
  const [, date = '', clock = '00:00', fraction = '', zone = 'Z'] = match;
  const local = Date.parse(`${date}T${clock}Z`);
  // Date.parse makes 2 March of 30 February.
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(date)) return null;
  const milliseconds = Date.parse(`${date}T${clock}${zone}`);
  return new Moment(epoch + BigInt(milliseconds) * 10_000n + BigInt(fraction.padEnd(7, '0')));
}

/** `1.5h`; null where it is no timespan. */
function parseSpan(text: string): Span | null {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(d|h|m|s)(?:in)?$/.exec(text) ?? [];
  return number === undefined ? null : new Span(BigInt(Math.round(Number(number) * Number(units[unit]))));
}

const padded = (value: bigint, length: number): string => String(value).padStart(length, '0');

function momentText({ ticks }: Moment): string {
  const fraction = mod(ticks, second);
  const date = new Date(Number((ticks - fraction - epoch) / 10_000n));
  return `${date.toISOString().slice(0, 19)}.${padded(fraction, 7)}Z`;
}

function spanText({ ticks }: Span): string {
  const size = ticks < 0n ? -ticks : ticks;
  const days = size < day ? '' : `${size / day}.`;
  const clock = [(size % day) / (3600n * second), (size / (60n * second)) % 60n, (size / second) % 60n];
  const fraction = size % second === 0n ? '' : `.${padded(size % second, 7)}`;
  return `${ticks < 0n ? '-' : ''}${days}${clock.map((part) => padded(part, 2)).join(':')}${fraction}`;
}

/** As .NET writes a double. */
function realText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size !== 0 && size < 1e-4)) throw new KqlError(`the text of the real ${value} is not known`);
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** As tostring(): a null is the empty text. */
export function textOf(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number') return realText(value);
  if (value instanceof Moment) return momentText(value);
  if (value instanceof Span) return spanText(value);
  return typeof value === 'object' ? jsonText(value) : String(value);
}

function jsonText(value: Value): string {
  if (value === null) return 'null';
  if (isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (isBag(value)) return `{${[...value].map(([key, one]) => `${JSON.stringify(key)}:${jsonText(one)}`).join(',')}}`;
  return typeof value === 'string' || typeof value === 'object' ? JSON.stringify(textOf(value)) : textOf(value);
}

/** A number that JSON writes with a fraction or an exponent, so that 1.0 stays real. */
class Real {
  constructor(readonly text: string) {}
}

/** Plain JSON as a value; numbers without a fraction are long. */
export function valueOf(input: unknown): Value {
  if (input === null || input === undefined) return null;
  if (typeof input === 'string' || typeof input === 'boolean' || typeof input === 'bigint') return input;
  if (typeof input === 'number') return Number.isSafeInteger(input) ? BigInt(input) : input;
  if (input instanceof Real) return Number(input.text);
  if (Array.isArray(input)) return input.map(valueOf);
  if (typeof input !== 'object') throw new KqlError(`no value of Kusto: ${typeof input}`);
  return new Map(Object.entries(input).flatMap(([key, one]) => (one === undefined ? [] : [[key, valueOf(one)]])));
}

/** The value as plain JavaScript: times as text, a long as number where it fits. */
export function plainOf(value: Value): unknown {
  if (value instanceof Ticks) return textOf(value);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (isArray(value)) return value.map(plainOf);
  return isBag(value) ? Object.fromEntries([...value].map(([key, one]) => [key, plainOf(one)])) : value;
}

/** As parse_json(): what is no JSON stays a text. */
export function parseDynamic(text: string): Value {
  if (text.trim() === '') return null;
  try {
    return valueOf(parseLossless(text, undefined, (one) => (/^-?\d+$/.test(one) ? BigInt(one) : new Real(one))));
  } catch {
    return text;
  }
}

/** A key for grouping, joining and sets: equal for equal values alone. */
export function keyOf(value: Value): string {
  if (value instanceof Ticks) return `t${value.ticks}`;
  if (isNumber(value)) return `n${value}`;
  return typeof value === 'string' ? `s${value}` : jsonText(value);
}

/** -1, 0, 1. @throws KqlError for values without an order; a null has no place here */
export function compare(a: Value, b: Value): number {
  if (a instanceof Ticks && b instanceof Ticks) return compare(a.ticks, b.ticks);
  const isOrdered = (isNumber(a) && isNumber(b)) || (typeof a === typeof b && typeof a !== 'object');
  if (!isOrdered || a === null || b === null) throw new KqlError(`${textOf(a)} and ${textOf(b)} have no order`);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** As ==: null for two nulls, false for one. */
export function isEqual(a: Value, b: Value): boolean | null {
  if (a === null || b === null) return a === b ? null : false;
  return a === b || keyOf(a) === keyOf(b);
}

function toInteger(value: Value, bits: number): bigint | null {
  if (typeof value === 'string') {
    const text = value.trim();
    if (/^[+-]?\d*\.\d+$/.test(text)) throw new KqlError(`whether Kusto reads "${text}" as an integer is not known`);
    return /^[+-]?\d+$/.test(text) ? toInteger(BigInt(text.replace('+', '')), bits) : null;
  }
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (!isNumber(value) || (typeof value === 'number' && !Number.isFinite(value))) return null;
  const whole = typeof value === 'number' ? BigInt(Math.trunc(value)) : value;
  return BigInt.asIntN(bits, whole) === whole ? whole : null;
}

function toReal(value: Value): number | null {
  if (isNumber(value) || typeof value === 'boolean') return Number(value);
  const isReal = typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value);
  return isReal ? Number(value) : null;
}

function toBool(value: Value): boolean | null {
  if (isNumber(value)) return Number(value) !== 0;
  if (typeof value !== 'string') return typeof value === 'boolean' ? value : null;
  const text = value.trim().toLowerCase();
  return ['true', '1'].includes(text) ? true : ['false', '0'].includes(text) ? false : null;
}

/** As tolong(), todatetime() and so on; null where the value cannot be converted. */
export const conversions: Readonly<Record<string, (value: Value) => Value>> = {
  string: textOf,
  int: (value) => toInteger(value, 32),
  long: (value) => toInteger(value, 64),
  real: toReal,
  bool: toBool,
  datetime: (value) => (typeof value === 'string' ? parseMoment(value) : value instanceof Moment ? value : null),
  timespan: (value) => (typeof value === 'string' ? parseSpan(value) : value instanceof Span ? value : null),
  dynamic: (value) => (typeof value === 'string' ? parseDynamic(value) : value),
};

/** The value as it stands in a column or in the result of an expression of this type. */
export function settle(value: Value, type: string): Value {
  if (type === 'string') return value === null || typeof value === 'object' ? textOf(value) : value;
  return type === 'real' && typeof value === 'bigint' ? Number(value) : value;
}
