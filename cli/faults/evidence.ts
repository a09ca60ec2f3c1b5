import { createHash } from 'node:crypto';
import type { HostEvent, HostInvocation } from '../../local/host';
import type { StoredAnswer, StoredCall } from '../../local/ingestion';
import { Books, type Tally } from '../../shared/books';
import type { WritableColumn } from '../../shared/sessions/row';
import { defaultTransformSettings } from '../../shared/transform/settings';
import { transformBatch } from '../../shared/transformBatch';

/** What must become of a message: worked out without any fault. Records by their index in the message. */
export interface ProducedMessage {
  /** EventUids of rows that must be stored. */
  readonly rows: readonly string[];
  /** Must be in the dead-letter hub, whatever the service says. */
  readonly deadRecords: readonly number[];
  /** Must be there because the service refuses their rows. */
  readonly refusedRecords: readonly number[];
  readonly received: number;
  readonly skipped: number;
  /** How often it was produced: messages without a record are all alike. */
  readonly times: number;
}

/** Where the hub keeps a message. */
export interface Place {
  readonly partition: string;
  readonly sequenceNumber: number;
}

/** A batch in the hands of a worker process. */
export interface Invocation extends HostInvocation {
  /** Tells what of the host's events came first. */
  readonly at: number;
}

/** A call that stored rows. */
export interface Call {
  readonly at: number;
  readonly answer: StoredAnswer;
  /** The invocation that made it; undefined for a call of nobody. */
  readonly invocation: Invocation | undefined;
}

const uidInRow = /"EventUid":"([0-9a-f-]{36})"/;

/** Collects during a run what is needed to judge it, record by record. */
export class Evidence {
  readonly #produced = new Map<string, ProducedMessage>();
  /** The attempts of each invocation, which share its id. */
  readonly #invocations = new Map<string, Invocation[]>();
  readonly #callsByUid = new Map<string, Call[]>();
  readonly #settled: (readonly [Invocation | undefined, Tally])[] = [];
  readonly #goneProcesses = new Map<number, number>();
  readonly #checkpoints = new Map<string, { readonly at: number; readonly sequenceNumber: number }[]>();
  readonly #owners = new Map<string, { readonly at: number; readonly ownerId: string }[]>();
  readonly #settledUpTo = new Map<string, number>();
  #now = 0;
  records = 0;

  constructor(private readonly refusedColumn: WritableColumn) {}

  /** By the digest of the message. */
  get produced(): ReadonlyMap<string, ProducedMessage> {
    return this.#produced;
  }

  /** The calls that stored each row. */
  get callsByUid(): ReadonlyMap<string, readonly Call[]> {
    return this.#callsByUid;
  }

  get invocations(): Iterable<Invocation> {
    return [...this.#invocations.values()].flat();
  }

  /** The books that the app logged, with the attempt that each is of; undefined for books of nobody. */
  get settled(): readonly (readonly [Invocation | undefined, Tally])[] {
    return this.#settled;
  }

  /** Call before a message is published. */
  producing(body: Uint8Array): void {
    const books = new Books();
    const batch = { hub: '', partition: '', messages: [{ sequenceNumber: '', body }] };
    const { rows, letters } = transformBatch(batch, defaultTransformSettings, books);
    const isRefused = ({ text }: { readonly text: string }): boolean => text.includes(`"${this.refusedColumn}":`);
    const { received, skipped } = books.tally();
    this.records += received;
    const digest = digestOf(body);
    this.#produced.set(digest, {
      rows: rows.filter((row) => !isRefused(row)).map(({ uid }) => uid),
      deadRecords: letters.map(({ id }) => indexIn(id)),
      refusedRecords: rows.filter(isRefused).map(({ index }) => index),
      received,
      skipped,
      times: (this.#produced.get(digest)?.times ?? 0) + 1,
    });
  }

  readonly stored = ({ rows, at, answer, clientRequestId = '' }: StoredCall): void => {
    // `invocation id.number`
    const invocation = this.#lastOf(clientRequestId.replace(/\.\d+$/, ''));
    const call = { at, answer, invocation };
    for (const row of rows) {
      const uid = uidInRow.exec(row)?.[1] ?? row;
      const calls = this.#callsByUid.get(uid);
      if (calls === undefined) this.#callsByUid.set(uid, [call]);
      else calls.push(call);
    }
  };

  /** Takes the books that an invocation logged. */
  settledBy(invocationId: string, tally: Tally): void {
    const invocation = this.#lastOf(invocationId);
    this.#settled.push([invocation, tally]);
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
      case 'handedOver':
        added(this.#invocations, event.invocation.invocationId, { ...event.invocation, at });
        break;
      case 'ended': {
        const process = this.#lastOf(event.invocationId)?.workerProcessId;
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

  #lastOf(invocationId: string): Invocation | undefined {
    return this.#invocations.get(invocationId)?.at(-1);
  }

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

function added<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

export function digestOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('base64');
}

/** `hub/partition/sequence number/record index` */
function indexIn(id: string): number {
  return Number(id.slice(id.lastIndexOf('/') + 1));
}
