import type { RecordReader } from './recordReader';
import { toCountOfEvents, toMilliseconds } from './values/numbers';
import { fromFiletime, type Moment, shifted, ticksBetween, toMoment } from './values/time';

/** When the session began and ended, and how that was found. */
export interface Span {
  readonly start: Moment | undefined;
  readonly end: Moment | undefined;
  /** Undefined if nothing was calculated: both are Timestamp, or Defender states start and end. */
  readonly basis: TimeBasis | undefined;
}

/** What the values of TimeBasis mean. */
export const timeBases = {
  hourAfterTimestamp:
    'an aggregated report that was received an hour or more after Timestamp: Timestamp is taken for the start of its hour',
  hourBeforeTimestamp:
    'any other aggregated report: Timestamp is taken for the end of its hour, which cannot have ended after the report was received',
  durationBeforeTimestamp:
    'a session with a duration and without a start of its own: Timestamp, when it was reported, is taken for its end',
} as const;
export type TimeBasis = keyof typeof timeBases;

/** Zeek keys with the time of a session. */
export const sessionTimes = ['AdditionalFields.ts', 'AdditionalFields.duration'] as const;

export function spanOf(event: RecordReader): Span {
  const { timestamp } = event;
  if (timestamp === undefined) return { start: undefined, end: undefined, basis: undefined };
  if (event.action.isAggregated) return aggregatedSpan(event, timestamp);
  const duration = sessionDuration(event);
  const start = zeekStart(event, timestamp);
  if (duration === undefined) return { start: start ?? timestamp, end: timestamp, basis: undefined };
  const end = start === undefined ? undefined : shifted(start, duration);
  // A session is reported when it is over, so an end after Timestamp means that the start is wrong.
  if (end !== undefined && ticksBetween(end, timestamp) >= 0) return { start, end, basis: undefined };
  return { start: shifted(timestamp, -duration) ?? timestamp, end: timestamp, basis: 'durationBeforeTimestamp' };
}

const hour = 3_600_000;

/** Microsoft documents intervals of one hour, but not whether Timestamp is the start or the end. */
function aggregatedSpan(event: RecordReader, timestamp: Moment): Span {
  const end = shifted(timestamp, hour);
  const received = toMoment(event.envelope('received')) ?? toMoment(event.envelope('time'));
  if (end !== undefined && received !== undefined && ticksBetween(end, received) >= 0) {
    return { start: timestamp, end, basis: 'hourAfterTimestamp' };
  }
  return { start: shifted(timestamp, -hour) ?? timestamp, end: timestamp, basis: 'hourBeforeTimestamp' };
}

const dayTicks = 864e9;

/**
 * Zeek's start of the session. In some feeds its clock is weeks off, so only a start within the day before Timestamp
 * counts.
 */
function zeekStart(event: RecordReader, timestamp: Moment): Moment | undefined {
  const start = event.isZeek ? fromFiletime(event.detail('ts')) : undefined;
  if (start === undefined) return undefined;
  const earlierBy = ticksBetween(start, timestamp);
  return earlierBy >= 0 && earlierBy <= dayTicks ? start : undefined;
}

/** In whole milliseconds. An aggregated report has only the duration of one of its sessions. */
export function sessionDuration(event: RecordReader): number | undefined {
  const hasDuration = event.is('IcmpConnectionInspected') && !event.action.isAggregated;
  return hasDuration ? toMilliseconds(event.detail('duration')) : undefined;
}

/** How many events the record stands for. */
export function eventCount(event: RecordReader): number {
  return event.action.isAggregated ? (toCountOfEvents(event.spelt('uniqueEventsAggregated')) ?? 1) : 1;
}
