import { QueryError } from './queryError';

const duration = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const unitMilliseconds = [604_800_000, 86_400_000, 3_600_000, 60_000, 1000];
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z$/;

/**
 * The limits in a timespan: a duration until now, or two of start, duration and end with a slash between.
 *
 * @param now milliseconds since 1970
 * @throws QueryError
 */
export function readTimespan(text: string, now: number): { readonly from: Date; readonly to: Date } {
  const [first = '', second, ...others] = text.split('/');
  const [before, after] = [durationOf(first), durationOf(second ?? '')];
  // A time alone is no timespan.
  const start = second === undefined ? undefined : timeOf(first);
  const sum = start === undefined || after === undefined ? undefined : start + after;
  const to = second === undefined ? now : (timeOf(second) ?? sum);
  const from = start ?? (to === undefined || before === undefined ? undefined : to - before);
  if (others.length === 0 && from !== undefined && to !== undefined) return { from: new Date(from), to: new Date(to) };
  throw new QueryError(
    'EmulatorTimespan',
    `timespan: expected a duration (P2D, PT1H30M), start/end, start/duration or duration/end, times in UTC; found "${text.slice(0, 100)}".`,
  );
}

function timeOf(text: string): number | undefined {
  const read = time.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(read) ? undefined : read;
}

function durationOf(text: string): number | undefined {
  const parts = duration.exec(text)?.slice(1);
  if (parts === undefined || parts.every((part) => part === undefined)) return undefined;
  return parts.reduce((sum, part, i) => sum + Number(part ?? 0) * (unitMilliseconds[i] ?? 0), 0);
}
