import { createHash } from 'node:crypto';
import type { HostInvocation } from '../../local/host';
import type { StoredCall } from '../../local/ingestion';
import { Books } from '../../shared/books';
import type { WritableColumn } from '../../shared/sessions/row';
import { defaultTransformSettings } from '../../shared/transform/settings';
import { transformBatch } from '../../shared/transformBatch';

/** What must become of a message: worked out without any fault. */
export interface ProducedMessage {
  /** EventUids of rows that must be stored. */
  readonly rows: readonly string[];
  /** Records, by their index in the message, that must be in the dead-letter hub. */
  readonly deadRecords: readonly number[];
}

/** Where the hub keeps a message. */
export interface Place {
  readonly partition: string;
  readonly sequenceNumber: number;
}

const uidInRow = /"EventUid":"([0-9a-f-]{36})"/;

/** Collects during a run what is needed to judge it, record by record. */
export class Evidence {
  readonly #produced = new Map<string, ProducedMessage>();
  readonly #uids = new Set<string>();
  /** Of each call that stored rows, in order: whether its sender heard of it. */
  readonly answered: boolean[] = [];
  /** The calls that stored a row. */
  readonly callsByUid = new Map<string, number[]>();
  readonly invocations = new Map<string, HostInvocation[]>();
  records = 0;

  constructor(private readonly refusedColumn: WritableColumn) {}

  get produced(): ReadonlyMap<string, ProducedMessage> {
    return this.#produced;
  }

  /** Call before a message is published. */
  producing(body: Uint8Array): void {
    const books = new Books();
    const batch = { hub: '', partition: '', messages: [{ sequenceNumber: '', body }] };
    const { rows, letters } = transformBatch(batch, defaultTransformSettings, books);
    const deadRecords = letters.map(({ id }) => indexIn(id));
    const stored: string[] = [];
    for (const { text, uid, index } of rows) {
      if (text.includes(`"${this.refusedColumn}":`)) {
        deadRecords.push(index);
      } else if (!this.#uids.has(uid)) {
        this.#uids.add(uid);
        stored.push(uid);
      }
    }
    this.records += books.tally().received;
    this.#produced.set(digestOf(body), { rows: stored, deadRecords });
  }

  readonly stored = ({ rows, answered }: StoredCall): void => {
    const call = this.answered.push(answered) - 1;
    for (const row of rows) {
      const uid = uidInRow.exec(row)?.[1] ?? row;
      const calls = this.callsByUid.get(uid);
      if (calls === undefined) this.callsByUid.set(uid, [call]);
      else calls.push(call);
    }
  };

  readonly invoked = (invocation: HostInvocation): void => {
    const known = this.invocations.get(invocation.partitionId);
    if (known === undefined) this.invocations.set(invocation.partitionId, [invocation]);
    else known.push(invocation);
  };
}

export function digestOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('base64');
}

/** `hub/partition/sequence number/record index` */
function indexIn(id: string): number {
  return Number(id.slice(id.lastIndexOf('/') + 1));
}
