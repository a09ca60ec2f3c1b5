import type { DeliveryError } from './deliveryError';

/** What this process knows to be settled of a batch that is not settled as a whole. */
export interface BatchLedger {
  /**
   * EventUids of its rows. They stay rows when the batch comes again, even if another batch has had one of them accepted
   * since: without it the chunks would be cut elsewhere, and none would be known as accepted.
   */
  readonly rows: Set<string>;
  /** Chunks that were accepted, by digest of their body: bytes as sent. */
  readonly accepted: Map<string, number>;
  /** Single rows that were refused for what they hold, by digest of their body. */
  readonly refused: Map<string, DeliveryError>;
  /** Ids of dead letters that were acknowledged. */
  readonly letters: Set<string>;
}

/** Partitions whose unsettled batches are remembered; one batch of a partition is in flight at a time. */
const maxPartitions = 1024;

/**
 * Keeps a retried batch from being sent twice: the host gives the same batch again, its rows are the same bytes, and
 * what was accepted the first time is skipped. Entries go when their batch is settled, so memory is bounded by what is
 * in flight.
 */
export class Ledger {
  readonly #batches = new Map<string, BatchLedger>();

  /** The ledger of the partition's batch in flight. */
  of(hub: string, partition: string): BatchLedger {
    const key = `${hub}/${partition}`;
    const found = this.#batches.get(key) ?? {
      rows: new Set(),
      accepted: new Map(),
      refused: new Map(),
      letters: new Set(),
    };
    this.#batches.delete(key);
    this.#batches.set(key, found);
    const oldest = this.#batches.size > maxPartitions ? this.#batches.keys().next().value : undefined;
    if (oldest !== undefined) this.#batches.delete(oldest);
    return found;
  }

  settled(hub: string, partition: string): void {
    this.#batches.delete(`${hub}/${partition}`);
  }

  get size(): number {
    return this.#batches.size;
  }
}
