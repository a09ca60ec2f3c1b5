import { hoursAMonth } from './tablePlans';

/** How many events there are in a month, and how it is known. */
export interface Period {
  /** Undefined if nothing tells it. */
  readonly eventsPerMonth: number | undefined;
  /** One sentence for people. */
  readonly why: string;
}

/** What a user says about the amount; at most one of the first three. */
export interface Amount {
  readonly devices?: number | undefined;
  readonly eventsPerDay?: number | undefined;
  readonly filesPerDay?: number | undefined;
  readonly eventsPerDevice: number;
}

/**
 * Events of a device a day. Nobody publishes a figure that can be cited, and it differs several times over between tenants: an
 * assumption, to be replaced by what the query in docs/cost.md counts.
 */
export const assumedEventsPerDevice = 2000;

/** How many times busier the busiest hours are than the average hour of the month: working hours and weekends; an assumption. */
export const assumedBusyHours = 3;

const daysAMonth = hoursAMonth / 24;

/** @param first, last times of the first and the last event of the file, in milliseconds since 1970 */
export function periodOf(events: number, first: number, last: number, amount: Amount): Period {
  const { devices, eventsPerDay, filesPerDay, eventsPerDevice } = amount;
  const perDay = (count: number, why: string): Period => ({ eventsPerMonth: count * daysAMonth, why });
  if (devices !== undefined) {
    return perDay(
      devices * eventsPerDevice,
      `A month of ${written(devices)} devices with ${written(eventsPerDevice)} events a day each (--events-per-device; an assumption unless you measured it).`,
    );
  }
  if (eventsPerDay !== undefined) return perDay(eventsPerDay, `A month of ${written(eventsPerDay)} events a day.`);
  if (filesPerDay !== undefined)
    return perDay(filesPerDay * events, `A month of ${written(filesPerDay)} such files a day.`);
  if (!(last > first)) {
    return {
      eventsPerMonth: undefined,
      why: 'The events have one time, so the file says nothing about a month: give --devices, --events-per-day or --files-per-day.',
    };
  }
  const times = (daysAMonth * 86_400_000) / (last - first);
  return {
    eventsPerMonth: events * times,
    why: `The events span ${spanText(last - first)}, from ${minute(first)} to ${minute(last)} UTC. A month at that rate is ${written(times)} times this file; if the span is not typical, give --devices, --events-per-day or --files-per-day.`,
  };
}

function written(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 });
}

function minute(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

/** `2 d 3 h`, `41 min`, `12 s`: the two largest units. */
export function spanText(milliseconds: number): string {
  let seconds = Math.max(1, Math.round(milliseconds / 1000));
  const parts: string[] = [];
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(seconds / length);
    seconds -= count * length;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(' ');
}
