import type { NonEmpty, Random } from '../random';
import { listed, nothings, quoted } from './hostileValues';

const zones = ['Z', '', 'z', '+00:00', '-00:00', '+05:30', '-0330', '+14:59', ' Z'] as const;
const extremes = listed`
  "2024-02-29T23:59:59.9999999Z" | "2000-02-29T00:00:00Z" | "0001-01-01T00:00:00Z" | "9999-12-31T23:59:59.9999999Z" | "1601-01-01T00:00:00Z"
  | "1969-12-31T23:59:59.9999999Z" | "9999-12-31T23:59:59+00:01" | " 2026-11-21T08:16:03Z " | "2026-11-21T08:16:03.99999999999999999999Z"`;
const noTimes: NonEmpty<string> = [
  ...nothings,
  ...listed`
  "yesterday" | "2026-02-30T00:00:00Z" | "2023-02-29T00:00:00Z" | "1900-02-29T00:00:00Z" | "2026-13-01T00:00:00Z" | "2026-00-01T00:00:00Z"
  | "2026-01-00T00:00:00Z" | "2026-04-31T00:00:00Z" | "2026-01-01T24:00:00Z" | "2026-01-01T23:60:00Z" | "2026-01-01T23:59:60Z"
  | "2026-01-01T00:00:00+15:00" | "2026-01-01T00:00:00+05:60" | "2026-01-01T00:00:00 UTC" | "2026-01-01T00:00:00ZZ" | "2026-01-01T00:00Z"
  | "2026-01-01" | "20260101T000000Z" | "0000-01-01T00:00:00Z" | "0001-01-01T00:00:00+00:01" | "9999-12-31T23:59:59-00:01"
  | "10000-01-01T00:00:00Z" | "+012026-01-01T00:00:00Z" | "-000001-01-01T00:00:00Z" | "\u0662026-01-01T00:00:00Z" | "01/02/2026 03:04:05"
  | "Sat, 21 Nov 2026 08:16:03 GMT" | "/Date(1795420800000)/" | "2026-11-21T08:16:03.111111111111111111111Z" | "1795420800" | 1795420800
  | 1795420800000.5 | 133703901639948950 | ["2026-11-21T08:16:03Z"] | {"$date":"2026-11-21T08:16:03Z"}`,
  quoted(`2026-11-21T08:16:03${' '.repeat(60)}Z`),
  quoted('2026-11-21T08:16:03Z'.repeat(3000)),
];

/** A time that ISO 8601 allows and a row can have: any number of decimals, any zone, years 1 to 9999. */
export function goodTime(random: Random): string {
  if (random.oneIn(16)) return random.pick(extremes);
  const two = (most: number, least = 0): string => String(random.between(least, most)).padStart(2, '0');
  const date = `${random.between(1970, 2099)}-${two(12, 1)}-${two(28, 1)}`;
  const decimals = random.oneIn(3) ? '' : `.${String(random.word()).padStart(10, '0').slice(0, random.between(1, 10))}`;
  const separator = random.pick(['T', 'T', 'T', 't', ' ']);
  return `"${date}${separator}${two(23)}:${two(59)}:${two(59)}${decimals}${random.pick<string>(zones)}"`;
}

/** Not a time, or not one that a row can have. */
export function badTime(random: Random): string {
  return random.pick(noTimes);
}
