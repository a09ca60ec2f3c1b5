/** What 05/12/2026 means: 5 December or May 12. */
export const dateOrders = ['day-first', 'month-first'] as const;
export type DateOrder = (typeof dateOrders)[number];

const iso = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d/;
const clock = String.raw`(?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d{1,7}))?)?`;
const rest = String.raw`(?:,? (?:at )?|T)${clock}(?: ?(?<half>[ap])\.?m\.?)?(?: ?(?<zone>Z|UTC|GMT|[+-]\d\d:?\d\d))?$`;
const dates = [
  // Nov 20, 2026
  String.raw`(?<name>[a-z]{3,9})\.? (?<day>\d{1,2}),? (?<year>\d{4})`,
  // 20 November 2026
  String.raw`(?<day>\d{1,2})\.? (?<name>[a-z]{3,9})\.? (?<year>\d{4})`,
  // 2026/11/20
  String.raw`(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})`,
  // 20.11.2026: with dots the day always comes first
  String.raw`(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})`,
  // 11/20/2026 or 20/11/2026
  String.raw`(?<either>\d{1,2})[/-](?<other>\d{1,2})[/-](?<year>\d{4})`,
].map((date) => new RegExp(`^${date}${rest}`, 'i'));

const months = 'january february march april may june july august september october november december'.split(' ');

/** 1 to 12 for an English name or its first letters, at least three; 0 for any other text. */
function monthOf(name: string): number {
  return name === 'sept' ? 9 : months.findIndex((month) => month.startsWith(name)) + 1;
}

/** A time as ISO 8601, and whether the text had a time zone. */
export interface PortalTime {
  readonly text: string;
  readonly hasZone: boolean;
}

/** Either number can be the day. */
export class AmbiguousDate extends Error {
  override readonly name = 'AmbiguousDate';
}

/**
 * Reads a time as the portal's CSV export writes it: in the language and region of the user, or ISO 8601. A time without a
 * zone is UTC, the default of the portal. Undefined for any other text and for impossible times.
 * @throws AmbiguousDate when the time needs an `order` and there is none.
 */
export function portalTime(value: string, order: DateOrder | undefined): PortalTime | undefined {
  // Browsers put a narrow no-break space before AM and PM.
  const text = value.trim().replace(/\s/g, ' ');
  if (text.length > 64) return undefined;
  if (iso.test(text)) return { text: value, hasZone: /(?:z|[+-]\d\d:?\d\d)$/i.test(text) };
  for (const form of dates) {
    const groups = form.exec(text)?.groups;
    if (groups !== undefined) return timeOf(groups, order);
  }
  return undefined;
}

type Groups = Readonly<Record<string, string | undefined>>;

function timeOf(groups: Groups, order: DateOrder | undefined): PortalTime | undefined {
  const { year = '', minute = '', second = '00', fraction = '', zone } = groups;
  const hour = hourOf(Number(groups['hour']), groups['half']);
  const { day, month } = dayAndMonth(groups, order);
  if (hour === undefined || Number(minute) > 59 || Number(second) > 59) return undefined;
  const date = new Date(Date.UTC(Number(year), month - 1, day));
  if (month < 1 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const text = `${date.toISOString().slice(0, 10)}T${twoDigits(hour)}:${minute}:${second}`;
  const decimals = fraction === '' ? '' : `.${fraction}`;
  const offset = zone === undefined || /^[a-z]/i.test(zone) ? 'Z' : zone;
  return { text: `${text}${decimals}${offset}`, hasZone: zone !== undefined };
}

function dayAndMonth(groups: Groups, order: DateOrder | undefined): { readonly day: number; readonly month: number } {
  const { name, day, month, either, other } = groups;
  if (name !== undefined) return { day: Number(day), month: monthOf(name.toLowerCase()) };
  if (either === undefined) return { day: Number(day), month: Number(month) };
  const [first, second] = [Number(either), Number(other)];
  if (first > 12 && second <= 12) return { day: first, month: second };
  if (second > 12 || first === second) return { day: second, month: first };
  if (order === undefined) throw new AmbiguousDate(`${either}/${other} is day and month, or month and day`);
  return order === 'day-first' ? { day: first, month: second } : { day: second, month: first };
}

/** Converts an hour, which can have AM or PM, to 0 to 23. */
function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour <= 23 ? hour : undefined;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
