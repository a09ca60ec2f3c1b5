import { Random } from '../random';
import { type HostileMessage, readable, unreadable } from './hostileMessages';
import { type HostileRecord, hostileRecord } from './hostileRecords';

export { type Column, columns, detailColumns, sessionActions, valueOf } from './hostileColumns';
export type { HostileMessage } from './hostileMessages';
export type { DeadReason, HostileOutcome } from './hostileRecords';
export { nothings, strange, words } from './hostileValues';

export interface HostileOptions {
  /** Number of records; a message that cannot be read counts as one. */
  readonly records: number;
  /** Only the lowest 32 bits are used. */
  readonly seed: number;
}

const mostInAMessage = 24;
/** One message in this many has no readable record. */
const unreadableInterval = 20;
/** One record in this many is repeated in the same message. */
const duplicateInterval = 50;

/**
 * Malformed and unusual messages with Defender's columns, and the expected outcome of each record in them. The same
 * options make the same bytes. The first message is valid JSON, so that a file with one message per line is read line by
 * line.
 */
export function* generateHostile({ records, seed }: HostileOptions): Generator<HostileMessage> {
  const random = new Random(seed);
  for (let made = 0; made < records; ) {
    const count = Math.min(records - made, random.between(1, mostInAMessage));
    const list = recordsOf(random, made, count);
    const isUnreadable = made > 0 && random.oneIn(unreadableInterval);
    const message = isUnreadable ? unreadable(random, list) : readable(random, list);
    made += message.outcomes.length;
    yield message;
  }
}

function recordsOf(random: Random, firstSerial: number, count: number): HostileRecord[] {
  const list: HostileRecord[] = [];
  const rows: HostileRecord[] = [];
  while (list.length < count) {
    const earlier = random.oneIn(duplicateInterval) ? rows[random.below(rows.length || 1)] : undefined;
    const record: HostileRecord =
      earlier === undefined ? hostileRecord(random, firstSerial + list.length) : { ...earlier, outcome: 'duplicate' };
    if (record.outcome === 'row') rows.push(record);
    list.push(record);
  }
  return list;
}
