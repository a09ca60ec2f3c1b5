const pattern = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Milliseconds since 1970 of an ISO 8601 instant with date, time and zone; finer digits are cut off. Undefined for
 * anything else, February 30 included.
 */
export function readInstant(text: string): number | undefined {
  const [, date, time, fraction = '', zone] = pattern.exec(text) ?? [];
  if (date === undefined || time === undefined || zone === undefined) return undefined;
  const utc = `${date}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  const milliseconds = Date.parse(utc);
  // Date.parse moves days that do not exist into the next month; writing the date back shows it.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== utc) return undefined;
  const offset = offsetMinutes(zone);
  return offset === undefined ? undefined : milliseconds - offset * 60_000;
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** UTC with six decimals. */
export function writeInstant(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}
