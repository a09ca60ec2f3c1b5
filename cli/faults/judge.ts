import { type Cause, causeOf, holds } from './causes';
import type { Call, Evidence, Place } from './evidence';
import { type Reconciliation, reconcile } from './reconcile';

/** What is in the dead-letter hub: how often each id. */
export type DeadLetterIds = ReadonlyMap<string, number>;

export interface Judgement {
  /** Records that are neither stored nor set aside, nor skipped on purpose. */
  readonly lost: number;
  /** Rows or dead letters that nothing produced accounts for. */
  readonly unexpected: number;
  /** Rows beyond the first of each event. */
  readonly duplicatesStored: number;
  readonly duplicatesExplained: Readonly<Record<Cause, number>>;
  readonly duplicatesUnexplained: number;
  /** Dead letters beyond the first of each id. */
  readonly deadLettersAgain: number;
  readonly books: Omit<Reconciliation, 'examples'>;
  /** The first few of what is wrong, each with what is known of it. */
  readonly examples: readonly string[];
}

/** Whether nothing is lost, invented, miscounted or repeated without a cause. */
export function isWell({ lost, unexpected, duplicatesUnexplained, books }: Judgement): boolean {
  const { receivedUnexplained, miscounted, uncounted } = books;
  return [lost, unexpected, duplicatesUnexplained, receivedUnexplained, miscounted, uncounted].every((n) => n === 0);
}

/**
 * Holds what was produced against what was stored, set aside and counted. `places` tells by the digest of a message where
 * the hub kept it.
 */
export function judge(
  evidence: Evidence,
  places: ReadonlyMap<string, readonly Place[]>,
  hub: string,
  deadLetters: DeadLetterIds,
): Judgement {
  const explained: Record<Cause, number> = { answerLost: 0, crash: 0, moved: 0, copy: 0 };
  const expectedLetters = new Set<string>();
  const examples: string[] = [];
  const example = (what: string, kept: readonly Place[]): void => {
    if (examples.length < maxExamples)
      examples.push(`${what}; ${kept.map((one) => storyOf(one, evidence)).join(' and ')}`);
  };
  let lost = 0;
  let duplicatesStored = 0;
  let duplicatesUnexplained = 0;
  for (const [uid, kept] of placesByUid(evidence, places)) {
    const calls = (evidence.callsByUid.get(uid) ?? []).toSorted((a, b) => a.at - b.at);
    if (calls.length === 0) {
      lost++;
      example(`row ${uid} is stored nowhere`, kept);
    }
    for (const [i, call] of calls.entries()) {
      if (i === 0) continue;
      duplicatesStored++;
      const cause = causeOf(call, calls.slice(0, i), kept, evidence);
      if (cause !== undefined) explained[cause]++;
      else {
        duplicatesUnexplained++;
        example(`row ${uid} was stored by ${calls.map(callText).join(', then by ')}`, kept);
      }
    }
  }
  for (const [digest, { deadRecords, refusedRecords, times, received }] of evidence.produced) {
    const kept = places.get(digest) ?? [];
    if (kept.length < times) {
      lost += (times - kept.length) * received;
      example(`a message of ${received} records is ${kept.length} times in the hub, not ${times}`, kept);
    }
    for (const record of [...deadRecords, ...refusedRecords]) {
      const ids = kept.map(({ partition, sequenceNumber }) => `${hub}/${partition}/${sequenceNumber}/${record}`);
      for (const id of ids) expectedLetters.add(id);
      const missing = ids.filter((id) => !deadLetters.has(id)).length;
      // Of a refused row that stands in the hub twice, the second may be a duplicate of the first.
      if (missing > 0 && (deadRecords.includes(record) || missing === ids.length)) {
        lost++;
        example(`record ${record} is in no dead letter`, kept);
      }
    }
  }
  const expectedUids = new Set([...evidence.produced.values()].flatMap(({ rows }) => rows));
  const unexpected =
    [...evidence.callsByUid.keys()].filter((uid) => !expectedUids.has(uid)).length +
    [...deadLetters.keys()].filter((id) => !expectedLetters.has(id)).length;
  const { examples: bookExamples, ...books } = reconcile(evidence, places);
  return {
    lost,
    unexpected,
    duplicatesStored,
    duplicatesExplained: explained,
    duplicatesUnexplained,
    deadLettersAgain: [...deadLetters.values()].reduce((sum, times) => sum + times - 1, 0),
    books,
    examples: [...examples, ...bookExamples],
  };
}

const maxExamples = 10;

/** Each event that must be stored, with the places of all messages that hold it: Defender, and the feed, send some twice. */
function placesByUid(evidence: Evidence, places: ReadonlyMap<string, readonly Place[]>): Map<string, readonly Place[]> {
  const byUid = new Map<string, readonly Place[]>();
  for (const [digest, { rows }] of evidence.produced) {
    const kept = places.get(digest) ?? [];
    for (const uid of rows) {
      const known = byUid.get(uid);
      byUid.set(uid, known === undefined ? kept : [...known, ...kept]);
    }
  }
  return byUid;
}

function callText({ at, answer, invocation }: Call): string {
  const who = invocation === undefined ? 'nobody known' : `process ${invocation.workerProcessId}`;
  return `${who} at ${at} (answer ${answer.lostAt < Number.POSITIVE_INFINITY ? `lost at ${answer.lostAt}` : 'heard'})`;
}

/** `partition 3, sequence number 17, given to process 4711 as 10-25, ...` */
function storyOf(place: Place, { invocations }: Evidence): string {
  const given = [...invocations]
    .filter((invocation) => holds(invocation, place))
    .map(
      ({ firstSequenceNumber, lastSequenceNumber, workerProcessId }) =>
        `to process ${workerProcessId} as ${firstSequenceNumber}-${lastSequenceNumber}`,
    );
  return `partition ${place.partition}, sequence number ${place.sequenceNumber}, given ${given.join(', ') || 'to nobody'}`;
}
