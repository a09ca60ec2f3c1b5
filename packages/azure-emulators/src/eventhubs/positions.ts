/**
 * Where a receiver starts. Clients send a selector such as "amqp.annotation.x-opt-offset > '4096'": an annotation,
 * whether the position itself is included, and the position, which the .NET client sends without quotes. The service accepts
 * no other selector.
 */
import { type AmqpFailure, failures } from './amqpFailures';
import type { PartitionLog } from './partitionLog';

export interface Position {
  readonly by: 'offset' | 'sequence-number' | 'enqueued-time';
  readonly inclusive: boolean;
  readonly value: string;
}

const selectorPattern = /^amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time)\s*(>=?)\s*('?)([^']*)\3$/;
const earliest: Position = { by: 'offset', inclusive: false, value: '-1' };
const integer = /^-?\d{1,19}$/;

/** Reads a selector; without one a receiver starts at the earliest event. Undefined if it is not a position. */
export function parseSelector(selector: string | undefined): Position | undefined {
  if (selector === undefined) return earliest;
  const [, by, comparison, , value] = selectorPattern.exec(selector.trim()) ?? [];
  if (by !== 'offset' && by !== 'sequence-number' && by !== 'enqueued-time') return undefined;
  if (value === undefined || (value !== '@latest' && !integer.test(value))) return undefined;
  return { by, inclusive: comparison === '>=', value };
}

/** The sequence number of the first event to deliver, or the failure. Before the first kept event it is that event. */
export function resolvePosition(log: PartitionLog, selector: string | undefined): number | AmqpFailure {
  const position = parseSelector(selector);
  if (!position) return failures.unreadableSelector(selector ?? '');
  const { by, inclusive, value } = position;
  if (value === '@latest') return log.lastSequenceNumber + 1;
  const wanted = Number(value);
  if (by === 'sequence-number') {
    if (wanted > log.lastSequenceNumber) return failures.sequenceNumberBeyondEnd(value, log.lastSequenceNumber);
    return Math.max(log.firstSequenceNumber, inclusive ? wanted : wanted + 1);
  }
  if (by === 'enqueued-time') {
    return log.find(({ enqueuedTime }) => (inclusive ? enqueuedTime >= wanted : enqueuedTime > wanted));
  }
  const lastOffset = log.last?.offset ?? -1;
  if (wanted > lastOffset) return failures.offsetBeyondEnd(value, String(lastOffset));
  return log.find(({ offset }) => (inclusive ? offset >= wanted : offset > wanted));
}
