import type { Json } from '../../json';

const maxInt64 = 2n ** 63n - 1n;
const maxInt32 = 2_147_483_647;
/** EventCount is an int column. */
export const maxCountOfEvents = maxInt32;

/** A whole number from a JSON number or a string of digits; undefined for anything else, and never rounded. */
function toInteger(value: Json | undefined): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== 'string') return undefined;
  const digits = value.trim();
  return /^[+-]?\d{1,20}$/.test(digits) ? BigInt(digits.replace('+', '')) : undefined;
}

/** A port, 1 to 65535. Zero means "no port". */
export function toPort(value: Json | undefined): number | undefined {
  const port = typeof value === 'number' ? value : Number(toInteger(value));
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : undefined;
}

/** A count that fits a long column: 0 to 2^63-1, a bigint past 2^53. */
export function toCount(value: Json | undefined): number | bigint | undefined {
  const count = toInteger(value);
  return count === undefined || count < 0n || count > maxInt64 ? undefined : toLong(count);
}

/** The sum of two counts, absent when it leaves the long. */
export function sum(a: number | bigint | undefined, b: number | bigint | undefined): number | bigint | undefined {
  return a === undefined || b === undefined ? undefined : toCount(BigInt(a) + BigInt(b));
}

function toLong(value: bigint): number | bigint {
  const double = Number(value);
  return Number.isSafeInteger(double) ? double : value;
}

/** A status or reply code: the whole number at the start, as `404` or `250 2.0.0 OK`. */
export function toCode(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const digits = /^\s*(\d{1,9})(?!\d)/.exec(value)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A number of events that fits an int column: 1 to 2^31-1. */
export function toCountOfEvents(value: Json | undefined): number | undefined {
  const count = toInteger(value);
  return count === undefined || count < 1n || count > maxCountOfEvents ? undefined : Number(count);
}

/** Seconds as whole milliseconds in int32, half a millisecond rounded away from zero; undefined when negative or too long. */
export function toMilliseconds(seconds: Json | undefined): number | undefined {
  const value = typeof seconds === 'string' && seconds.length <= 64 ? decimal(seconds) : seconds;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return undefined;
  // Shifting the decimal point in the text avoids that 1.0005 * 1000 comes out as 1000.4999.
  const milliseconds = Math.round(Number(`${value}e3`));
  const shifted = Number.isNaN(milliseconds) ? Math.round(value * 1000) : milliseconds;
  return shifted <= maxInt32 ? shifted : undefined;
}

function decimal(text: string): number | undefined {
  return /^\s*-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?\s*$/.test(text) ? Number(text) : undefined;
}

/** `true`, `"true"`, `false`, `"False"`; anything else says nothing. */
export function toBoolean(value: Json | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string' || value.length > 16) return undefined;
  const word = value.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}
