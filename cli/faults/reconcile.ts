import { type BookedBatch, NamedCounts } from './bookedBatch';
import {
  type Call,
  type Evidence,
  holds,
  type Invocation,
  type MessagePosition,
  type Produced,
  type Settled,
} from './evidence';
import { rejectedReason } from './faultRecords';

/** Compares the app's logged books with what was produced, in records. */
export interface Reconciliation {
  /** Records in messages that the hub holds again, because the publisher did not receive the acknowledgement. */
  readonly publishedAgain: number;
  /** Counted again because the host redelivered a settled batch (no checkpoint). */
  readonly countedAgain: number;
  /** `received`, less what was produced, published again and counted again. */
  readonly receivedUnexplained: number;
  /** Batches whose books do not match their messages. */
  readonly wrongBatches: number;
  /** Messages that no batch counted. */
  readonly uncounted: number;
  readonly examples: readonly string[];
}

/** The positions of each event in the hub: Defender sends some events twice. */
export type PositionsByUid = ReadonlyMap<string, readonly MessagePosition[]>;

/** Compares the books of every batch with its messages, and their sum with what was produced. */
export function reconcile(
  evidence: Evidence,
  positions: ReadonlyMap<string, readonly MessagePosition[]>,
  positionsByUid: PositionsByUid,
): Reconciliation {
  const produced = new Map<string, Produced>();
  let publishedAgain = 0;
  for (const [digest, message] of evidence.produced) {
    const kept = positions.get(digest) ?? [];
    publishedAgain += Math.max(0, kept.length - message.times) * message.truths.length;
    for (const { partition, sequenceNumber } of kept) produced.set(`${partition}/${sequenceNumber}`, message);
  }
  const counted = new Set<string>();
  const examples: string[] = [];
  let received = 0;
  let countedAgain = 0;
  for (const settled of evidence.settled) {
    received += settled.books.received;
    const keys = settled.invocation === undefined ? [] : keysOf(settled.invocation);
    const messages = keys.flatMap((key) => produced.get(key) ?? []);
    for (const key of keys) {
      if (counted.has(key)) countedAgain += produced.get(key)?.truths.length ?? 0;
      counted.add(key);
    }
    const wrong = differences(settled.books, expectedOf(messages, settled, evidence, positionsByUid));
    if (wrong.length > 0) examples.push(`${whereOf(settled.invocation)}: ${wrong.join('; ')}`);
  }
  const uncounted = [...produced.keys()].filter((key) => !counted.has(key));
  const receivedUnexplained = received - evidence.records - publishedAgain - countedAgain;
  const stories = [...examples, ...uncounted.map((key) => `no batch counted message ${key}`)];
  return {
    publishedAgain,
    countedAgain,
    receivedUnexplained,
    wrongBatches: examples.length,
    uncounted: uncounted.length,
    examples: stories.slice(0, maxExamples),
  };
}

const maxExamples = 5;

function keysOf({ partitionId, firstSequenceNumber, lastSequenceNumber }: Invocation): string[] {
  const count = lastSequenceNumber - firstSequenceNumber + 1;
  return Array.from({ length: count }, (_, i) => `${partitionId}/${firstSequenceNumber + i}`);
}

interface Expected {
  readonly messages: number;
  readonly bytesIn: number;
  readonly received: number;
  /** Records whose row must be stored or already was: sent and duplicates together. */
  readonly rows: number;
  /** The two bounds differ only for events with copies in other batches. */
  readonly leastSent: number;
  readonly mostSent: number;
  readonly skipped: NamedCounts;
  readonly dropped: NamedCounts;
  readonly dead: NamedCounts;
  /** Rows that are booked as sent, but were not stored by the process that booked them. */
  readonly notStored: readonly string[];
}

function expectedOf(
  messages: readonly Produced[],
  { invocation, at }: Settled,
  evidence: Evidence,
  positionsByUid: PositionsByUid,
): Expected {
  const [skipped, dropped, dead] = [new NamedCounts(), new NamedCounts(), new NamedCounts()];
  const [seen, rejected] = [new Set<string>(), new Set<string>()];
  const notStored: string[] = [];
  let [rows, leastSent, mostSent] = [0, 0, 0];
  for (const truth of messages.flatMap(({ truths }) => truths)) {
    if (truth.state === 'skipped') skipped.add(truth.key);
    else if (truth.state === 'dropped') dropped.add(truth.rule);
    else if (truth.state === 'dead') dead.add(truth.reason);
    else if (truth.state === 'rejected' && !rejected.has(truth.uid)) {
      rejected.add(truth.uid);
      dead.add(rejectedReason);
    } else {
      // A copy of a rejected row in the same batch is a duplicate, like a copy of any other row.
      rows++;
      if (truth.state === 'rejected' || seen.has(truth.uid) || invocation === undefined) continue;
      seen.add(truth.uid);
      const calls = (evidence.callsByUid.get(truth.uid) ?? []).filter((call) => isOwn(call, invocation, at));
      const fate = fateOf(positionsByUid.get(truth.uid) ?? [], invocation, calls);
      leastSent += fate === 'sent' ? 1 : 0;
      mostSent += fate === 'duplicate' ? 0 : 1;
      if (fate === 'sent' && calls.length === 0) notStored.push(truth.uid);
    }
  }
  return {
    messages: messages.length,
    bytesIn: messages.reduce((sum, { bytes }) => sum + bytes, 0),
    received: messages.reduce((sum, { truths }) => sum + truths.length, 0),
    rows,
    leastSent,
    mostSent,
    skipped,
    dropped,
    dead,
    notStored,
  };
}

/** Made by the same process before the batch was settled. */
function isOwn(call: Call, { workerProcessId }: Invocation, at: number): boolean {
  return call.invocation?.workerProcessId === workerProcessId && call.seenAt < at;
}

/**
 * How the first record of an event in a batch must be booked. It is a duplicate when the hub also holds the event in another
 * batch and the process has stored it for that batch.
 */
function fateOf(
  positions: readonly MessagePosition[],
  batch: Invocation,
  calls: readonly Call[],
): 'sent' | 'duplicate' | 'either' {
  const others = positions.filter((position) => !holds(batch, position));
  const storedFor = (some: readonly MessagePosition[]): boolean =>
    calls.some(({ invocation }) => invocation !== undefined && some.some((position) => holds(invocation, position)));
  if (others.length === 0 || !storedFor(others)) return 'sent';
  return storedFor(positions.filter((position) => holds(batch, position))) ? 'either' : 'duplicate';
}

/** The values of the books that are wrong, as text. */
function differences(books: BookedBatch, expected: Expected): string[] {
  const { skipped, dropped, dead, leastSent, mostSent, rows, notStored } = expected;
  const wrong: string[] = [];
  const differ = (name: string, must: number | string, booked: number | string): void => {
    wrong.push(`${name} must be ${must} and is ${booked}`);
  };
  for (const name of ['messages', 'bytesIn', 'received'] as const) {
    if (books[name] !== expected[name]) differ(name, expected[name], books[name]);
  }
  if (books.merged !== 0) differ('merged', 0, books.merged);
  if (books.dropped !== dropped.total) differ('dropped', dropped.total, books.dropped);
  if (!dropped.equals(books.droppedByRule))
    differ('droppedByRule', String(dropped), JSON.stringify(books.droppedByRule));
  if (books.skipped !== skipped.total) differ('skipped', skipped.total, books.skipped);
  if (!skipped.equals(books.skippedByTable))
    differ('skippedByTable', String(skipped), JSON.stringify(books.skippedByTable));
  if (books.deadLettered !== dead.total) differ('deadLettered', dead.total, books.deadLettered);
  if (!dead.equals(books.deadLetteredByReason)) {
    differ('deadLetteredByReason', String(dead), JSON.stringify(books.deadLetteredByReason));
  }
  if (books.sent < leastSent || books.sent > mostSent) {
    differ('sent', leastSent === mostSent ? leastSent : `${leastSent} to ${mostSent}`, books.sent);
  }
  const duplicates = rows - Math.min(mostSent, Math.max(leastSent, books.sent));
  if (books.duplicates !== duplicates) differ('duplicates', duplicates, books.duplicates);
  if (notStored.length > 0) {
    wrong.push(`${notStored.length} rows are booked as sent and not stored, ${notStored[0]} for one`);
  }
  return wrong;
}

function whereOf(invocation: Invocation | undefined): string {
  if (invocation === undefined) return 'books of no known invocation';
  const { partitionId, firstSequenceNumber, lastSequenceNumber } = invocation;
  return `books of partition ${partitionId}, ${firstSequenceNumber}-${lastSequenceNumber}`;
}
