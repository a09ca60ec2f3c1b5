import { KqlError } from './syntax';
import type { Builtin } from './textFunctions';
import { dateOf, day, isNumber, Moment, mod, momentOf, Span, second, textOf, type Value } from './values';

type Part = 'year' | 'month' | 'week' | 'day';

/** The moment at which the year, month, week or day begins that is `offset` later. */
function startOf(part: Part, moment: Moment, offset: number): Moment {
  const date = dateOf(moment);
  const [year, month, dayOfMonth] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (part === 'year') return momentOf(Date.UTC(year + offset, 0, 1));
  if (part === 'month') return momentOf(Date.UTC(year, month + offset, 1));
  const back = part === 'week' ? date.getUTCDay() : 0;
  return momentOf(Date.UTC(year, month, dayOfMonth - back + offset * (part === 'week' ? 7 : 1)));
}

const starts =
  (part: Part, isEnd: boolean): Builtin =>
  (value = null, offset = 0n) => {
    if (!(value instanceof Moment)) return null;
    const start = startOf(part, value, Number(offset) + (isEnd ? 1 : 0));
    return isEnd ? new Moment(start.ticks - 1n) : start;
  };

const ofDate =
  (apply: (date: Date, moment: Moment) => Value): Builtin =>
  (value = null) =>
    value instanceof Moment ? apply(dateOf(value), value) : null;

const dayOfYear = (date: Date): number =>
  (Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 0)) /
  86_400_000;

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

function add(part: string, amount: number, moment: Moment): Moment {
  const size = fixedParts[part];
  if (size !== undefined) return new Moment(moment.ticks + size * BigInt(amount));
  const perPart = { year: 12, quarter: 3, month: 1 }[part];
  if (perPart === undefined) throw new KqlError(`datetime_add("${part}")`);
  const date = dateOf(moment);
  const target = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + amount * perPart, 1));
  const last = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(date.getUTCDate(), last));
  return new Moment(momentOf(target.getTime()).ticks + mod(moment.ticks, day));
}

const parts: Readonly<Record<string, (date: Date, moment: Moment) => bigint>> = {
  year: (date) => BigInt(date.getUTCFullYear()),
  quarter: (date) => BigInt(Math.floor(date.getUTCMonth() / 3) + 1),
  month: (date) => BigInt(date.getUTCMonth() + 1),
  day: (date) => BigInt(date.getUTCDate()),
  dayOfYear: (date) => BigInt(dayOfYear(date)),
  hour: (date) => BigInt(date.getUTCHours()),
  minute: (date) => BigInt(date.getUTCMinutes()),
  second: (date) => BigInt(date.getUTCSeconds()),
  millisecond: (date) => BigInt(date.getUTCMilliseconds()),
  microsecond: (_, { ticks }) => mod(ticks, second) / 10n,
};

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

/** A moment from a count of ticks of this size since 1970. */
const unixTime =
  (size: bigint): Builtin =>
  (value = null) =>
    isNumber(value)
      ? new Moment(
          momentOf(0).ticks + (typeof value === 'bigint' ? value * size : BigInt(Math.round(value * Number(size)))),
        )
      : null;

export const timeFunctions: Readonly<Record<string, Builtin>> = {
  startofday: starts('day', false),
  startofweek: starts('week', false),
  startofmonth: starts('month', false),
  startofyear: starts('year', false),
  endofday: starts('day', true),
  endofweek: starts('week', true),
  endofmonth: starts('month', true),
  endofyear: starts('year', true),
  dayofweek: ofDate((date) => new Span(BigInt(date.getUTCDay()) * day)),
  dayofmonth: ofDate((date) => BigInt(date.getUTCDate())),
  dayofyear: ofDate((date) => BigInt(dayOfYear(date))),
  hourofday: ofDate((date) => BigInt(date.getUTCHours())),
  monthofyear: ofDate((date) => BigInt(date.getUTCMonth() + 1)),
  getmonth: ofDate((date) => BigInt(date.getUTCMonth() + 1)),
  getyear: ofDate((date) => BigInt(date.getUTCFullYear())),
  datetime_part: (name = '', value = null) => {
    const read = parts[textOf(name)];
    if (read === undefined) throw new KqlError(`datetime_part("${textOf(name)}")`);
    return value instanceof Moment ? read(dateOf(value), value) : null;
  },
  datetime_diff: (part = '', a = null, b = null) =>
    a instanceof Moment && b instanceof Moment ? difference(textOf(part).toLowerCase(), a, b) : null,
  datetime_add: (part = '', amount = null, moment = null) =>
    moment instanceof Moment && isNumber(amount) ? add(textOf(part).toLowerCase(), Number(amount), moment) : null,
  make_datetime: (...values) => {
    if (!values.every(isNumber)) return null;
    const [year = 0, month = 1, date = 1, hour = 0, minute = 0, seconds = 0] = values.map(Number);
    const start = momentOf(Date.UTC(year, month - 1, date, hour, minute));
    return new Moment(start.ticks + BigInt(Math.round(seconds * 1e7)));
  },
  format_datetime: (value = null, format = '') =>
    value instanceof Moment ? formatDatetime(value, textOf(format)) : '',
  format_timespan: (value = null, format = '') => (value instanceof Span ? formatTimespan(value, textOf(format)) : ''),
  unixtime_seconds_todatetime: unixTime(second),
  unixtime_milliseconds_todatetime: unixTime(10_000n),
};
