import { createHash } from 'node:crypto';
import type { HostEvent, HostInvocation } from 'azure-emulators/host';
import type { StoredAnswer, StoredCall } from 'azure-emulators/ingestion';
import { type SessionColumns, sessionText } from 'defender-samples';
import type { BookedBatch } from './bookedBatch';
import type { ProducedMessage, RecordTruth } from './faultRecords';

/** The expected outcome of a message, and how often it was published: messages without records have the same bytes. */
export interface Produced {
  readonly truths: readonly RecordTruth[];
  readonly bytes: number;
  readonly times: number;
}

/** How many produced records must end in each way; together they are all. */
export interface Outcomes {
  readonly rows: number;
  readonly skipped: number;
  readonly dropped: number;
  readonly deadLettered: number;
  readonly duplicates: number;
}

/** Partition and sequence number of a message. */
export interface MessagePosition {
  readonly partition: string;
  readonly sequenceNumber: number;
}

/** A batch that the host gave to a worker process. `at` orders everything that the judge saw. */
export interface Invocation extends HostInvocation {
  readonly at: number;
}

/** A call that stored rows. */
export interface Call {
  /** Time of the emulator's clock, like that of its answer. */
  readonly at: number;
  readonly answer: StoredAnswer;
  /** The invocation that made the call; undefined when its id names none. */
  readonly invocation: Invocation | undefined;
  /** Position in the order of everything that the judge saw. */
  readonly seenAt: number;
}

/** The books of a batch. */
export interface Settled {
  /** The invocation that logged them; undefined when its id is unknown. */
  readonly invocation: Invocation | undefined;
  readonly books: BookedBatch;
  readonly at: number;
}

const invocationIds = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Collects during a run what is needed to judge it, record by record. */
export class Evidence {
  readonly #produced = new Map<string, Produced>();
  /** The expected content of each row that must be stored, by EventUid. */
  readonly #sessions = new Map<string, string>();
  readonly #invocations: Invocation[] = [];
  /** The latest invocation of each id, because the host may redeliver a batch under the same id. */
  readonly #latest = new Map<string, Invocation>();
  readonly #callsByUid = new Map<string, Call[]>();
  readonly #wrongRows = new Map<string, string>();
  readonly #settled: Settled[] = [];
  readonly #goneProcesses = new Map<number, number>();
  readonly #checkpoints = new Map<string, { readonly at: number; readonly sequenceNumber: number }[]>();
  readonly #owners = new Map<string, { readonly at: number; readonly ownerId: string }[]>();
  readonly #settledUpTo = new Map<string, number>();
  readonly #outcomes = { row: 0, skipped: 0, dropped: 0, dead: 0, rejected: 0, duplicate: 0 };
  #now = 0;
  records = 0;

  /** By the digest of the message. */
  get produced(): ReadonlyMap<string, Produced> {
    return this.#produced;
  }

  /** The calls that stored each row. */
  get callsByUid(): ReadonlyMap<string, readonly Call[]> {
    return this.#callsByUid;
  }

  /** Stored rows with a wrong time, direction, action or end: what they say, by EventUid. */
  get wrongRows(): ReadonlyMap<string, string> {
    return this.#wrongRows;
  }

  get invocations(): readonly Invocation[] {
    return this.#invocations;
  }

  /** The books that the app logged. */
  get settled(): readonly Settled[] {
    return this.#settled;
  }

  get outcomes(): Outcomes {
    const { row, skipped, dropped, dead, rejected, duplicate } = this.#outcomes;
    // A copy of a message has the same rows.
    const rows = this.#sessions.size;
    return { rows, skipped, dropped, deadLettered: dead + rejected, duplicates: duplicate + row - rows };
  }

  /** What the row with this EventUid must say; undefined when there must be no such row. */
  sessionOf(uid: string): string | undefined {
    return this.#sessions.get(uid);
  }

  /** Call before a message is published. */
  producing({ body, truths }: Pick<ProducedMessage, 'body' | 'truths'>): void {
    this.records += truths.length;
    for (const truth of truths) {
      this.#outcomes[truth.state]++;
      if (truth.state === 'row') this.#sessions.set(truth.uid, truth.session);
    }
    const digest = digestOf(body);
    this.#produced.set(digest, {
      truths,
      bytes: body.length,
      times: (this.#produced.get(digest)?.times ?? 0) + 1,
    });
  }

  readonly stored = ({ rows, at, answer, clientRequestId = '' }: StoredCall): void => {
    const call = { at, answer, invocation: this.invocationIn(clientRequestId), seenAt: this.#now++ };
    for (const row of rows) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the emulator has checked the types of the columns.
      const columns = JSON.parse(row) as SessionColumns & { readonly EventUid?: string };
      const uid = columns.EventUid ?? row;
      const session = sessionText(columns);
      if ((this.#sessions.get(uid) ?? session) !== session) this.#wrongRows.set(uid, session);
      added(this.#callsByUid, uid, call);
    }
  };

  /** The invocation whose id is part of the call's own id. */
  private invocationIn(clientRequestId: string): Invocation | undefined {
    const ids = clientRequestId.match(invocationIds) ?? [];
    return ids.map((id) => this.#latest.get(id)).find((invocation) => invocation !== undefined);
  }

  /** Takes the books that an invocation logged. */
  settledBy(invocationId: string, books: BookedBatch): void {
    const invocation = this.#latest.get(invocationId);
    this.#settled.push({ invocation, books, at: this.#now++ });
    if (invocation === undefined) return;
    const { partitionId, lastSequenceNumber } = invocation;
    this.#settledUpTo.set(partitionId, Math.max(this.settledUpTo(partitionId), lastSequenceNumber));
  }

  /** Sequence number of the last message that was settled; -1 when none was. */
  settledUpTo(partition: string): number {
    return this.#settledUpTo.get(partition) ?? -1;
  }

  readonly hostDid = (event: HostEvent): void => {
    const at = this.#now++;
    switch (event.kind) {
      case 'handedOver': {
        const invocation = { ...event.invocation, at };
        this.#invocations.push(invocation);
        this.#latest.set(invocation.invocationId, invocation);
        break;
      }
      case 'ended': {
        const process = this.#latest.get(event.invocationId)?.workerProcessId;
        if (event.isWorkerGone && process !== undefined && !this.#goneProcesses.has(process)) {
          this.#goneProcesses.set(process, at);
        }
        break;
      }
      case 'checkpoint':
        added(this.#checkpoints, event.partitionId, { at, sequenceNumber: event.sequenceNumber });
        break;
      case 'claimed': {
        const isNew = this.#owners.get(event.partitionId)?.at(-1)?.ownerId !== event.ownerId;
        if (isNew) added(this.#owners, event.partitionId, { at, ownerId: event.ownerId });
        break;
      }
    }
  };

  /** Whether the process had ended before `before`. */
  wasGone(process: number, before: number): boolean {
    return (this.#goneProcesses.get(process) ?? Number.POSITIVE_INFINITY) < before;
  }

  /** Whether the host wrote a checkpoint at or after the message earlier than `before`. */
  wasCheckpointed({ partition, sequenceNumber }: MessagePosition, before: number): boolean {
    const checkpoints = this.#checkpoints.get(partition) ?? [];
    return checkpoints.some((checkpoint) => checkpoint.sequenceNumber >= sequenceNumber && checkpoint.at < before);
  }

  /** Whether another owner claimed the partition between `after` and `before`. */
  hasMoved(partition: string, after: number, before: number): boolean {
    return (this.#owners.get(partition) ?? []).some(({ at }) => after < at && at < before);
  }
}

export function added<K, T>(lists: Map<K, T[]>, key: K, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

export function digestOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('base64');
}

/** Whether the batch holds the message. */
export function holds(
  { partitionId, firstSequenceNumber, lastSequenceNumber }: Invocation,
  { partition, sequenceNumber }: MessagePosition,
): boolean {
  return partitionId === partition && firstSequenceNumber <= sequenceNumber && sequenceNumber <= lastSequenceNumber;
}
