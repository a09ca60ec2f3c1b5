import { balances, type Tally } from '../../shared/books';
import type { Evidence, Invocation, Place, ProducedMessage } from './evidence';

/** How the books that the app logged relate to what was produced, in records. */
export interface Reconciliation {
  /** Of messages that the hub has once more, because their publisher did not hear that they were stored. */
  readonly publishedAgain: number;
  /** Counted once more, because the host gave a settled batch again (no checkpoint). */
  readonly countedAgain: number;
  /** `received` beyond what was produced, published again and counted again. */
  readonly receivedUnexplained: number;
  /** Batches whose books are not what their messages must give. */
  readonly miscounted: number;
  /** Messages that are in nobody's books. */
  readonly uncounted: number;
  readonly examples: readonly string[];
}

/** Holds every batch's books against its messages, and their sum against what was produced. */
export function reconcile(evidence: Evidence, places: ReadonlyMap<string, readonly Place[]>): Reconciliation {
  const produced = new Map<string, ProducedMessage>();
  let publishedAgain = 0;
  for (const [digest, message] of evidence.produced) {
    const kept = places.get(digest) ?? [];
    publishedAgain += Math.max(0, kept.length - message.times) * message.received;
    for (const { partition, sequenceNumber } of kept) produced.set(`${partition}/${sequenceNumber}`, message);
  }
  const counted = new Set<string>();
  const examples: string[] = [];
  let received = 0;
  let countedAgain = 0;
  for (const [invocation, tally] of evidence.settled) {
    received += tally.received;
    const keys = invocation === undefined ? [] : keysOf(invocation);
    const messages = keys.flatMap((key) => produced.get(key) ?? []);
    for (const key of keys) {
      if (counted.has(key)) countedAgain += produced.get(key)?.received ?? 0;
      counted.add(key);
    }
    if (!isRight(tally, messages)) examples.push(storyOf(invocation, tally, expectedOf(messages)));
  }
  const uncounted = [...produced.keys()].filter((key) => !counted.has(key));
  const receivedUnexplained = received - evidence.records - publishedAgain - countedAgain;
  const stories = [...examples, ...uncounted.map((key) => `message ${key} is in nobody's books`)];
  return {
    publishedAgain,
    countedAgain,
    receivedUnexplained,
    miscounted: examples.length,
    uncounted: uncounted.length,
    examples: stories.slice(0, maxExamples),
  };
}

const maxExamples = 5;

function keysOf({ partitionId, firstSequenceNumber, lastSequenceNumber }: Invocation): string[] {
  const count = lastSequenceNumber - firstSequenceNumber + 1;
  return Array.from({ length: count }, (_, i) => `${partitionId}/${firstSequenceNumber + i}`);
}

const countedNames = ['messages', 'received', 'skipped', 'deadLettered'] as const satisfies (keyof Tally)[];
type Expected = Pick<Tally, (typeof countedNames)[number]>;

function expectedOf(messages: readonly ProducedMessage[]): Expected {
  const sum = (of: (message: ProducedMessage) => number, from: Iterable<ProducedMessage> = messages): number =>
    Array.from(from, of).reduce((total, count) => total + count, 0);
  // A message that is in the batch twice has duplicates the second time, and these are not sent and refused again.
  const refused = sum(({ refusedRecords }) => refusedRecords.length, new Set(messages));
  return {
    messages: messages.length,
    received: sum((message) => message.received),
    skipped: sum((message) => message.skipped),
    deadLettered: sum(({ deadRecords }) => deadRecords.length) + refused,
  };
}

/** Every other record is then sent or a duplicate, because the books balance. */
function isRight(tally: Tally, messages: readonly ProducedMessage[]): boolean {
  const expected = expectedOf(messages);
  const isEqual = countedNames.every((name) => tally[name] === expected[name]);
  return isEqual && balances(tally) && tally.dropped === 0 && tally.merged === 0;
}

function storyOf(invocation: Invocation | undefined, tally: Tally, expected: Expected): string {
  const { messages, received, skipped, deadLettered } = tally;
  const where =
    invocation === undefined
      ? 'books of no known invocation'
      : `partition ${invocation.partitionId}, ${invocation.firstSequenceNumber}-${invocation.lastSequenceNumber}`;
  return `${where}: expected ${JSON.stringify(expected)}, logged ${JSON.stringify({ messages, received, skipped, deadLettered })}`;
}
