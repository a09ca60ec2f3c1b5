import { type Cause, causeOf } from './causes';
import { added, type Call, type Evidence, holds, type MessagePosition } from './evidence';
import { rejectedReason } from './faultRecords';
import { type PositionsByUid, type Reconciliation, reconcile } from './reconcile';

/** A dead letter in its hub. */
export interface FoundLetter {
  /** How often the hub holds its id. */
  readonly times: number;
  readonly reason: string;
  /** How many records it holds, if it is a message of records that share a row. */
  readonly records?: number | undefined;
}

export interface Judgement {
  /** Records that are neither stored nor dead-lettered nor skipped. */
  readonly lost: number;
  /** Rows or dead letters without a produced record. */
  readonly unexpected: number;
  /** Rows whose ends, direction or action differ from the event's; dead letters with another reason. */
  readonly wrong: number;
  /** Rows beyond the first of each event. */
  readonly duplicatesStored: number;
  readonly duplicatesExplained: Readonly<Record<Cause, number>>;
  readonly duplicatesUnexplained: number;
  /** Dead letters beyond the first of each id. */
  readonly deadLettersAgain: number;
  /** Batches with wrong books, messages that no batch counted, and one more if the sum of all books is wrong. */
  readonly miscounted: number;
  readonly books: Omit<Reconciliation, 'examples'>;
  /** The first few errors, each with its details. */
  readonly examples: readonly string[];
}

/** Whether no record is lost, unexpected, wrong, miscounted or repeated without a cause. */
export function isWell({ lost, unexpected, wrong, duplicatesUnexplained, miscounted }: Judgement): boolean {
  return [lost, unexpected, wrong, duplicatesUnexplained, miscounted].every((count) => count === 0);
}

/**
 * Compares what was produced with what was stored, dead-lettered and counted. `positions` has the position of each message in
 * the hub, by its digest. The expected results come from the generator; nothing here calls the product.
 */
export function judge(
  evidence: Evidence,
  positions: ReadonlyMap<string, readonly MessagePosition[]>,
  hub: string,
  deadLetters: ReadonlyMap<string, FoundLetter>,
): Judgement {
  const stories = new Stories(evidence);
  const positionsByUid = positionsOfEvents(evidence, positions);
  const rows = judgeRows(evidence, positionsByUid, stories);
  const letters = judgeLetters(evidence, positions, hub, deadLetters, stories);
  const { examples, ...books } = reconcile(evidence, positions, positionsByUid);
  const isSumWrong = books.receivedUnexplained !== 0;
  return {
    lost: rows.lost + letters.lost,
    unexpected: rows.unexpected + letters.unexpected,
    wrong: evidence.wrongRows.size + letters.wrong,
    duplicatesStored: rows.duplicatesStored,
    duplicatesExplained: rows.explained,
    duplicatesUnexplained: rows.duplicatesUnexplained,
    deadLettersAgain: [...deadLetters.values()].reduce((sum, { times }) => sum + times - 1, 0),
    miscounted: books.wrongBatches + books.uncounted + (isSumWrong ? 1 : 0),
    books,
    examples: [...stories.lines, ...examples],
  };
}

/** The positions of all messages that hold an event, for each event that has a row: Defender sends some events twice. */
function positionsOfEvents(
  evidence: Evidence,
  positions: ReadonlyMap<string, readonly MessagePosition[]>,
): PositionsByUid {
  const byUid = new Map<string, MessagePosition[]>();
  for (const [digest, { truths }] of evidence.produced) {
    const uids = new Set(truths.flatMap((truth) => (truth.state === 'row' ? [truth.uid] : [])));
    for (const uid of uids) {
      if (!byUid.has(uid)) byUid.set(uid, []);
      for (const position of positions.get(digest) ?? []) added(byUid, uid, position);
    }
  }
  return byUid;
}

function judgeRows(evidence: Evidence, positionsByUid: PositionsByUid, stories: Stories) {
  const explained: Record<Cause, number> = { answerLost: 0, crash: 0, moved: 0, copy: 0 };
  let [lost, duplicatesStored, duplicatesUnexplained] = [0, 0, 0];
  for (const [uid, kept] of positionsByUid) {
    const calls = (evidence.callsByUid.get(uid) ?? []).toSorted((a, b) => a.at - b.at);
    if (calls.length === 0) {
      lost++;
      stories.add(`row ${uid} (${evidence.sessionOf(uid)}) is stored nowhere`, kept);
    }
    for (const [i, call] of calls.entries()) {
      if (i === 0) continue;
      duplicatesStored++;
      const cause = causeOf(call, calls.slice(0, i), kept, evidence);
      if (cause !== undefined) explained[cause]++;
      else {
        duplicatesUnexplained++;
        stories.add(`row ${uid} was stored by ${calls.map(callText).join(', then by ')}`, kept);
      }
    }
  }
  for (const [uid, session] of evidence.wrongRows) {
    stories.add(
      `row ${uid} is stored as ${session}; it must be ${evidence.sessionOf(uid)}`,
      positionsByUid.get(uid) ?? [],
    );
  }
  const strangers = [...evidence.callsByUid.keys()].filter((uid) => evidence.sessionOf(uid) === undefined);
  for (const uid of strangers.slice(0, maxStories)) stories.add(`row ${uid} is stored and was never produced`, []);
  return { explained, lost, duplicatesStored, duplicatesUnexplained, unexpected: strangers.length };
}

function judgeLetters(
  evidence: Evidence,
  positions: ReadonlyMap<string, readonly MessagePosition[]>,
  hub: string,
  deadLetters: ReadonlyMap<string, FoundLetter>,
  stories: Stories,
) {
  const expected = new Map<string, string>();
  const sharing = new Map<string, number | undefined>();
  let lost = 0;
  for (const [digest, { truths, times }] of evidence.produced) {
    const kept = positions.get(digest) ?? [];
    if (kept.length < times) {
      lost += (times - kept.length) * truths.length;
      stories.add(`a message of ${truths.length} records is ${kept.length} times in the hub, not ${times}`, kept);
    }
    for (const [record, truth] of truths.entries()) {
      if (truth.state !== 'dead' && truth.state !== 'rejected') continue;
      const ids = kept.map(({ partition, sequenceNumber }) => `${hub}/${partition}/${sequenceNumber}/${record}`);
      for (const id of ids) expected.set(id, truth.state === 'dead' ? truth.reason : rejectedReason);
      if (truth.state === 'rejected') for (const id of ids) sharing.set(id, truth.records);
      const missing = ids.filter((id) => !deadLetters.has(id)).length;
      // When the hub holds a rejected row twice, the second may be a duplicate of the first.
      if (missing > 0 && (truth.state === 'dead' || missing === ids.length)) {
        lost++;
        stories.add(`record ${record} has no dead letter`, kept);
      }
    }
  }
  const found = [...deadLetters];
  const strangers = found.filter(([id]) => !expected.has(id));
  const wrong = found.filter(([id, { reason }]) => (expected.get(id) ?? reason) !== reason);
  const incomplete = found.filter(([id, { records }]) => sharing.has(id) && sharing.get(id) !== records);
  for (const [id, { records }] of incomplete.slice(0, maxStories)) {
    stories.add(`dead letter ${id} holds ${records ?? 1} records; it must hold ${sharing.get(id) ?? 1}`, []);
  }
  for (const [id, { reason }] of strangers.slice(0, maxStories)) {
    stories.add(`dead letter ${id} (${reason}) must not be there`, []);
  }
  for (const [id, { reason }] of wrong.slice(0, maxStories)) {
    stories.add(`dead letter ${id} says ${reason}; it must say ${expected.get(id)}`, []);
  }
  return { lost, unexpected: strangers.length, wrong: wrong.length + incomplete.length };
}

const maxStories = 10;

/** Collects the first few errors. */
class Stories {
  readonly lines: string[] = [];

  constructor(private readonly evidence: Evidence) {}

  add(what: string, kept: readonly MessagePosition[]): void {
    if (this.lines.length >= maxStories) return;
    this.lines.push([what, ...kept.map((position) => this.storyOf(position))].join('; '));
  }

  /** `partition 3, sequence number 17, given to process 4711 as 10-25, ...` */
  private storyOf(position: MessagePosition): string {
    const given = this.evidence.invocations
      .filter((invocation) => holds(invocation, position))
      .map(
        ({ firstSequenceNumber, lastSequenceNumber, workerProcessId }) =>
          `to process ${workerProcessId} as ${firstSequenceNumber}-${lastSequenceNumber}`,
      );
    return `partition ${position.partition}, sequence number ${position.sequenceNumber}, given ${given.join(', ') || 'to nobody'}`;
  }
}

function callText({ at, answer, invocation }: Call): string {
  const who = invocation === undefined ? 'nobody known' : `process ${invocation.workerProcessId}`;
  return `${who} at ${at} (answer ${answer.lostAt < Number.POSITIVE_INFINITY ? `lost at ${answer.lostAt}` : 'heard'})`;
}
