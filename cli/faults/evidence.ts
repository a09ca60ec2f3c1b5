import { createHash } from 'node:crypto';
import type { HostEvent, HostInvocation } from 'azure-emulators/host';
import type { StoredAnswer, StoredCall } from 'azure-emulators/ingestion';
import { type SessionColumns, sessionText } from 'defender-samples';
import type { BookedBatch } from './bookedBatch';
import type { ProducedMessage, RecordTruth } from './records';

/** What must become of a message, and how often it was produced: messages without a record are all alike. */
export interface Produced {
  readonly truths: readonly RecordTruth[];
  readonly bytes: number;
  readonly times: number;
}

/** Where the hub keeps a message. */
export interface Place {
  readonly partition: string;
  readonly sequenceNumber: number;
}

/** A batch in the hands of a worker process. `at` tells what of all that the judge saw came first. */
export interface Invocation extends HostInvocation {
  readonly at: number;
}

/** A call that stored rows. */
export interface Call {
  /** By the clock of the emulator, as its answer. */
  readonly at: number;
  readonly answer: StoredAnswer;
  /** The invocation that made it; undefined for a call of nobody. */
  readonly invocation: Invocation | undefined;
  /** By the clock of the judge, as all else. */
  readonly seenAt: number;
}

/** The books of a batch. */
export interface Settled {
  /** The invocation that logged them; undefined for books of nobody. */
  readonly invocation: Invocation | undefined;
  readonly books: BookedBatch;
  readonly at: number;
}

const invocationIds = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Collects during a run what is needed to judge it, record by record. */
export class Evidence {
  readonly #produced = new Map<string, Produced>();
  /** The session of each row that must be stored, by its EventUid. */
  readonly #sessions = new Map<string, string>();
  readonly #invocations: Invocation[] = [];
  /** By id: the host may give a batch again under the same one, and then the latest counts. */
  readonly #latest = new Map<string, Invocation>();
  readonly #callsByUid = new Map<string, Call[]>();
  readonly #wrongRows = new Map<string, string>();
  readonly #settled: Settled[] = [];
  readonly #goneProcesses = new Map<number, number>();
  readonly #checkpoints = new Map<string, { readonly at: number; readonly sequenceNumber: number }[]>();
  readonly #owners = new Map<string, { readonly at: number; readonly ownerId: string }[]>();
  readonly #settledUpTo = new Map<string, number>();
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

  /** Stored rows that say something else of their session than they must: what they say, by EventUid. */
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

  /** The session that the row with this EventUid must state; undefined when there must be no such row. */
  sessionOf(uid: string): string | undefined {
    return this.#sessions.get(uid);
  }

  /** Call before a message is published. */
  producing({ body, truths }: Pick<ProducedMessage, 'body' | 'truths'>): void {
    this.records += truths.length;
    for (const truth of truths) if (truth.state === 'row') this.#sessions.set(truth.uid, truth.session);
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

  /** Whether the process was gone before that. */
  wasGone(process: number, before: number): boolean {
    return (this.#goneProcesses.get(process) ?? Number.POSITIVE_INFINITY) < before;
  }

  /** Whether a checkpoint behind the place had been written before that. */
  wasCheckpointed({ partition, sequenceNumber }: Place, before: number): boolean {
    const checkpoints = this.#checkpoints.get(partition) ?? [];
    return checkpoints.some((checkpoint) => checkpoint.sequenceNumber >= sequenceNumber && checkpoint.at < before);
  }

  /** Whether another owner claimed the partition between the two. */
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
  { partition, sequenceNumber }: Place,
): boolean {
  return partitionId === partition && firstSequenceNumber <= sequenceNumber && sequenceNumber <= lastSequenceNumber;
}
