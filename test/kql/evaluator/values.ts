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

/** Ticks of a second. */
export const second = 10_000_000n;
export const day = 86_400n * second;
const epoch = 621_355_968_000_000_000n;

export const momentOf = (milliseconds: number): Moment => new Moment(epoch + BigInt(milliseconds) * 10_000n);
/** Whole milliseconds since 1970, for the calendar of Date. */
export const dateOf = ({ ticks }: Moment): Date => new Date(Number((ticks - epoch - mod(ticks, 10_000n)) / 10_000n));
export const mod = (a: bigint, b: bigint): bigint => ((a % b) + b) % b;

const momentPattern =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?)?\s*(?:Z|([+-])(\d{2}):?(\d{2}))?$/i;

/** null where it is no date; ISO 8601, and month/day/year; an error where the evaluator does not know whether Kusto reads it. */
export function parseMoment(text: string): Moment | null {
  const match = momentPattern.exec(text.trim().replace(/^(\d{1,2})\/(\d{1,2})\/(\d{4})/, '$3-$1-$2'));
  if (!match) {
    if (!/\d{4}/.test(text)) return null;
    throw new KqlError(`"${text}" as datetime: the evaluator does not know this format`);
  }
  const [year = 0, month = 0, date = 0, hour = 0, minute = 0, seconds = 0] = match
    .slice(1, 7)
    .map((one) => Number(one ?? 0));
  const [, , , , , , , fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = match;
  const utc = new Date(0);
  utc.setUTCFullYear(year, month - 1, date);
  utc.setUTCHours(hour, minute, seconds);
  if (utc.getUTCDate() !== date || utc.getUTCMonth() !== month - 1 || hour > 23 || minute > 59 || seconds > 59)
    return null;
  const offset = BigInt(Number(offsetHours) * 60 + Number(offsetMinutes)) * 60n * second * (sign === '-' ? -1n : 1n);
  return new Moment(momentOf(utc.getTime()).ticks + BigInt(fraction.padEnd(7, '0')) - offset);
}

const units: Readonly<Record<string, bigint>> = {
  d: day,
  h: 3600n * second,
  m: 60n * second,
  s: second,
  ms: 10_000n,
  microsecond: 10n,
  tick: 1n,
};

/** `1.5h` or `1.02:03:04.5`; null where it is no timespan. */
export function parseSpan(text: string): Span | null {
  const short = /^(-?)(\d+(?:\.\d+)?)\s*(d|h|m|s|ms|microsecond|tick)(?:in)?$/.exec(text);
  if (short) {
    const [, sign, number = '', unit = ''] = short;
    const ticks = number.includes('.')
      ? BigInt(Math.round(Number(number) * Number(units[unit])))
      : BigInt(number) * (units[unit] ?? 0n);
    return new Span(sign === '-' ? -ticks : ticks);
  }
  const long =
    /^(-?)(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/.exec(text) ?? /^(-?)(\d+)$/.exec(text);
  if (!long) return null;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = long;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  const whole = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const ticks = whole * second + BigInt(fraction.padEnd(7, '0'));
  return new Span(sign === '-' ? -ticks : ticks);
}

const two = (value: bigint | number): string => String(value).padStart(2, '0');
const seven = (ticks: bigint): string => String(mod(ticks, second)).padStart(7, '0');

function spanText({ ticks }: Span): string {
  const size = ticks < 0n ? -ticks : ticks;
  const days = size / day > 0n ? `${size / day}.` : '';
  const clock = [(size / (3600n * second)) % 24n, (size / (60n * second)) % 60n, (size / second) % 60n]
    .map(two)
    .join(':');
  return `${ticks < 0n ? '-' : ''}${days}${clock}${size % second > 0n ? `.${seven(size)}` : ''}`;
}

/** As .NET writes a double. */
function realText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) throw new KqlError('the text of an infinite real is not known');
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 1e-4)) {
    const [digits = '', power = ''] = value.toExponential().split('e');
    return `${digits}E${power.startsWith('-') ? '-' : '+'}${power.slice(1).padStart(2, '0')}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** As tostring(): a null and an absent value are the empty text. */
export function textOf(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return realText(value);
  if (value instanceof Moment) return `${dateOf(value).toISOString().slice(0, 19)}.${seven(value.ticks)}Z`;
  if (value instanceof Span) return spanText(value);
  return typeof value === 'object' ? jsonText(value) : String(value);
}

export function jsonText(value: Value): string {
  if (value === null) return 'null';
  if (isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (isBag(value)) return `{${[...value].map(([key, one]) => `${JSON.stringify(key)}:${jsonText(one)}`).join(',')}}`;
  return typeof value === 'string' || typeof value === 'object' ? JSON.stringify(textOf(value)) : textOf(value);
}

/** A number that JSON writes with a fraction or an exponent, so that 1.0 stays real. */
class Real {
  constructor(readonly text: string) {}
}

/** Plain JSON, a Date or a text as a value; numbers without a fraction are long. */
export function valueOf(input: unknown): Value {
  if (input === null || input === undefined) return null;
  if (typeof input === 'string' || typeof input === 'boolean' || typeof input === 'bigint') return input;
  if (typeof input === 'number') return Number.isSafeInteger(input) ? BigInt(input) : input;
  if (input instanceof Real) return Number(input.text);
  if (input instanceof Date) return momentOf(input.getTime());
  if (input instanceof Moment || input instanceof Span) return input;
  if (Array.isArray(input)) return input.map(valueOf);
  if (typeof input === 'object') {
    return new Map(Object.entries(input).flatMap(([key, one]) => (one === undefined ? [] : [[key, valueOf(one)]])));
  }
  throw new KqlError(`no value of Kusto: ${typeof input}`);
}

/** The value as plain JavaScript: times as text, a long as number where it fits. */
export function plainOf(value: Value): unknown {
  if (value instanceof Moment || value instanceof Span) return textOf(value);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (isArray(value)) return value.map(plainOf);
  return isBag(value) ? Object.fromEntries([...value].map(([key, one]) => [key, plainOf(one)])) : value;
}

/** As parse_json(): what is no JSON stays a text. */
export function parseDynamic(text: string): Value {
  if (text.trim() === '') return null;
  try {
    return valueOf(
      parseLossless(text, undefined, (number) => (/^-?\d+$/.test(number) ? BigInt(number) : new Real(number))),
    );
  } catch {
    return text;
  }
}

/** A key for grouping, joining and sets: equal for equal values alone. */
export function keyOf(value: Value): string {
  if (value instanceof Moment || value instanceof Span) return `t${value.ticks}`;
  if (isNumber(value)) return `n${value}`;
  return typeof value === 'string' ? `s${value}` : jsonText(value);
}

/** -1, 0, 1; undefined where there is no order. A null has no place here. */
export function compare(a: Value, b: Value): number | undefined {
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
  if (a instanceof Ticks && b instanceof Ticks) return a.ticks < b.ticks ? -1 : a.ticks > b.ticks ? 1 : 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return undefined;
}

/** As ==: null for two nulls, false for one. */
export function isEqual(a: Value, b: Value): boolean | null {
  if (a === null || b === null) return a === b ? null : false;
  return compare(a, b) === 0 || (typeof a === 'object' && keyOf(a) === keyOf(b));
}

const integer = (value: bigint | number, bits: number): bigint | null => {
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  const whole = typeof value === 'number' ? BigInt(Math.trunc(value)) : value;
  return BigInt.asIntN(bits, whole) === whole ? whole : null;
};

function toInteger(value: Value, bits: number): bigint | null {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (isNumber(value)) return integer(value, bits);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (/^[+-]?\d*\.\d+$/.test(text)) throw new KqlError(`whether Kusto reads "${text}" as an integer is not known`);
  if (/^[+-]?\d+$/.test(text) || /^0x[\da-f]+$/i.test(text)) return integer(BigInt(text.replace('+', '')), bits);
  return null;
}

/** As tolong(), todatetime() and so on; null where the value cannot be converted. */
export const conversions: Readonly<Record<string, (value: Value) => Value>> = {
  string: textOf,
  int: (value) => toInteger(value, 32),
  long: (value) => toInteger(value, 64),
  real: (value) => {
    if (isNumber(value)) return Number(value);
    if (typeof value === 'boolean') return Number(value);
    return typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)
      ? Number(value)
      : null;
  },
  bool: (value) => {
    if (typeof value === 'boolean') return value;
    if (isNumber(value)) return Number(value) !== 0;
    const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
    return ['true', '1'].includes(text) ? true : ['false', '0'].includes(text) ? false : null;
  },
  datetime: (value) => (value instanceof Moment ? value : typeof value === 'string' ? parseMoment(value) : null),
  timespan: (value) => (value instanceof Span ? value : typeof value === 'string' ? parseSpan(value.trim()) : null),
  dynamic: (value) => (typeof value === 'string' ? parseDynamic(value) : value),
};

/** The value as it stands in a column or in the result of an expression of this type. */
export function settle(value: Value, type: string): Value {
  if (type === 'string') return value === null || typeof value === 'object' ? textOf(value) : value;
  if (type === 'real' && typeof value === 'bigint') return Number(value);
  return value;
}
