import type { Json } from '../../json';
import { remembering } from '../../remembering';

/** A time in UTC with Defender's seven decimals (100 ns). */
export interface Moment {
  /** `2026-11-21T08:15:28`. */
  readonly seconds: string;
  /** Seven digits. */
  readonly ticks: string;
  /** Whole seconds since 1970. */
  readonly epochSeconds: number;
}

const iso = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,20}))?\s?(?:([Zz])|([+-])(\d\d):?(\d\d))?$/;

/** Reads ISO 8601 text; without a zone it is UTC. Undefined for anything else and for impossible dates. */
export function toMoment(value: Json | undefined): Moment | undefined {
  if (typeof value !== 'string' || value.length > 64) return undefined;
  const usual = usualIso.exec(value);
  if (usual === null) return readIso(value);
  const [, minute = '', seconds = '', fraction = ''] = usual;
  const epochSeconds = epochSecondsOf(minute);
  if (epochSeconds === undefined) return undefined;
  return {
    seconds: value.slice(0, 19),
    ticks: fraction.padEnd(7, '0'),
    epochSeconds: epochSeconds + Number(seconds),
  };
}

/** As Defender writes it. */
const usualIso = /^(\d{4}-\d\d-\d\dT\d\d:\d\d):([0-5]\d)\.(\d{1,7})Z$/;
/** Many events share a minute. */
const epochSecondsOf = remembering((minute) => readIso(`${minute}:00Z`)?.epochSeconds);

function readIso(value: string): Moment | undefined {
  const match = iso.exec(value.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', , sign, zoneHour, zoneMinute] = match;
  const time = new Date(0);
  time.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (time.getUTCMonth() !== Number(month) - 1 || time.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  time.setUTCHours(Number(hour), Number(minute), Number(second));
  if (sign !== undefined) {
    if (Number(zoneHour) > 14 || Number(zoneMinute) > 59) return undefined;
    const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
    time.setTime(time.getTime() - (sign === '-' ? -offset : offset));
  }
  if (time.getUTCFullYear() < 1 || time.getUTCFullYear() > 9999) return undefined;
  return moment(time, fraction.slice(0, 7).padEnd(7, '0'));
}

/** 100 ns units from 1601-01-01 to 1970-01-01. */
const filetimeEpoch = 116_444_736_000_000_000n;

/** Reads a Windows FILETIME given as digits; undefined before 1970 or past the year 9999. */
export function fromFiletime(value: Json | undefined): Moment | undefined {
  const digits = typeof value === 'bigint' || typeof value === 'number' ? String(value) : value;
  if (typeof digits !== 'string' || !/^\d{17,19}$/.test(digits)) return undefined;
  const ticks = BigInt(digits) - filetimeEpoch;
  if (ticks < 0n) return undefined;
  const time = new Date(Number(ticks / 10_000_000n) * 1000);
  if (Number.isNaN(time.getTime()) || time.getUTCFullYear() > 9999) return undefined;
  return moment(time, String(ticks % 10_000_000n).padStart(7, '0'));
}

function moment(wholeSeconds: Date, ticks: string): Moment {
  return {
    seconds: wholeSeconds.toISOString().slice(0, 19),
    ticks,
    epochSeconds: wholeSeconds.getTime() / 1000,
  };
}

/** 100 ns units from one moment to a later one. */
export function ticksBetween(earlier: Moment, later: Moment): number {
  return (later.epochSeconds - earlier.epochSeconds) * 1e7 + Number(later.ticks) - Number(earlier.ticks);
}

/** Adds milliseconds, which may be negative; undefined outside the years 1 to 9999. */
export function shifted({ epochSeconds, ticks }: Moment, milliseconds: number): Moment | undefined {
  const all = Number(ticks) + milliseconds * 1e4;
  const seconds = Math.floor(all / 1e7);
  const time = new Date((epochSeconds + seconds) * 1000);
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9999 ? moment(time, String(all - seconds * 1e7).padStart(7, '0')) : undefined;
}

/** `2026-11-21T08:15:28.188350Z`: six decimals, truncated, as the Auxiliary plan demands. */
export function toDatetime({ seconds, ticks }: Moment): string {
  return `${seconds}.${ticks.slice(0, 6)}Z`;
}

/** Milliseconds since 1970, truncated. */
export function toEpochMs({ epochSeconds, ticks }: Moment): number {
  return epochSeconds * 1000 + Number(ticks.slice(0, 3));
}

/** `2026-11-21T08:15:28.1883500Z`, as in the recipe of EventUid. */
export function toTicksText({ seconds, ticks }: Moment): string {
  return `${seconds}.${ticks}Z`;
}
