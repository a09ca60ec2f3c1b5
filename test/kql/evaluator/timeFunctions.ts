import { KqlError } from './syntax';
import type { Builtin } from './textFunctions';
import { dateOf, day, Moment, mod, momentOf, Span, second, textOf } from './values';

type Part = 'month' | 'week' | 'day';

/** The moment at which the month, week or day begins that is `offset` later. */
function startOf(part: Part, moment: Moment, offset: number): Moment {
  const date = dateOf(moment);
  const [year, month, dayOfMonth] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (part === 'month') return momentOf(Date.UTC(year, month + offset, 1));
  const back = part === 'week' ? date.getUTCDay() : 0;
  return momentOf(Date.UTC(year, month, dayOfMonth - back + offset * (part === 'week' ? 7 : 1)));
}

const starts =
  (part: Part): Builtin =>
  (value = null, offset = 0n) =>
    value instanceof Moment ? startOf(part, value, Number(offset)) : null;

const fixedParts: Readonly<Record<string, bigint>> = {
  week: 7n * day,
  day,
  hour: 3600n * second,
  minute: 60n * second,
  second,
  millisecond: 10_000n,
  microsecond: 10n,
};

const months = (moment: Moment): number => dateOf(moment).getUTCFullYear() * 12 + dateOf(moment).getUTCMonth();

/** How many boundaries of the part lie between. */
function difference(part: string, a: Moment, b: Moment): bigint {
  if (part === 'year') return BigInt(dateOf(a).getUTCFullYear() - dateOf(b).getUTCFullYear());
  if (part === 'quarter') return BigInt(Math.floor(months(a) / 3) - Math.floor(months(b) / 3));
  if (part === 'month') return BigInt(months(a) - months(b));
  if (part === 'week') return (startOf('week', a, 0).ticks - startOf('week', b, 0).ticks) / (7n * day);
  const size = fixedParts[part];
  if (size === undefined) throw new KqlError(`datetime_diff("${part}")`);
  return (a.ticks - mod(a.ticks, size) - (b.ticks - mod(b.ticks, size))) / size;
}

const pad = (value: bigint, length: number): string => String(value).padStart(length, '0');

/** Ticks of a day as the letters of a format say; the first letter that is not known is an error. */
function formatted(
  format: string,
  letters: Readonly<Record<string, (length: number) => string>>,
  ticks: bigint,
): string {
  return format.replaceAll(/([a-zA-Z])\1*/g, (run: string, letter: string) => {
    const fraction = pad(mod(ticks, second), 7).slice(0, run.length);
    if (letter === 'f') return fraction;
    if (letter === 'F') return fraction.replace(/0+$/, '');
    const write = letters[letter];
    if (write === undefined) throw new KqlError(`the evaluator does not know "${run}" of the format "${format}"`);
    return write(run.length);
  });
}

const clock = (ticks: bigint) => ({
  H: (length: number) => pad(mod(ticks / (3600n * second), 24n), length),
  h: (length: number) => pad(mod(ticks / (3600n * second), 12n) || 12n, length),
  m: (length: number) => pad(mod(ticks / (60n * second), 60n), length),
  s: (length: number) => pad(mod(ticks / second, 60n), length),
});

function formatDatetime(moment: Moment, format: string): string {
  const date = dateOf(moment);
  const year = String(date.getUTCFullYear());
  return formatted(
    format,
    {
      ...clock(moment.ticks),
      y: (length) => (length > 2 ? year.padStart(length, '0') : year.slice(-2)),
      M: (length) => pad(BigInt(date.getUTCMonth() + 1), length),
      d: (length) => pad(BigInt(date.getUTCDate()), length),
      t: () => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
    },
    moment.ticks,
  );
}

function formatTimespan({ ticks }: Span, format: string): string {
  const size = ticks < 0n ? -ticks : ticks;
  const days = (length: number): string => pad(size / day, length);
  const hours = (length: number): string => pad((size / (3600n * second)) % 24n, length);
  return formatted(format, { ...clock(size), d: days, H: hours, h: hours }, size);
}

export const timeFunctions: Readonly<Record<string, Builtin>> = {
  startofday: starts('day'),
  startofweek: starts('week'),
  startofmonth: starts('month'),
  dayofweek: (value = null) => (value instanceof Moment ? new Span(BigInt(dateOf(value).getUTCDay()) * day) : null),
  hourofday: (value = null) => (value instanceof Moment ? BigInt(dateOf(value).getUTCHours()) : null),
  datetime_diff: (part = '', a = null, b = null) =>
    a instanceof Moment && b instanceof Moment ? difference(textOf(part).toLowerCase(), a, b) : null,
  format_datetime: (value = null, format = '') =>
    value instanceof Moment ? formatDatetime(value, textOf(format)) : '',
  format_timespan: (value = null, format = '') => (value instanceof Span ? formatTimespan(value, textOf(format)) : ''),
};
