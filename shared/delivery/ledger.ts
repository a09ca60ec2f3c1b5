import { type Batch, partitionKey } from '../batch';
import { BoundedMap } from '../boundedMap';
import type { DeliveryError } from '../errors/batchErrors';

/** What the failed attempts of a partition's batch have settled. */
export interface PartitionLedger {
  /** Sequence number of the batch's first message: a redelivered batch begins with the same one. */
  readonly first: string | undefined;
  /** Bytes of the accepted chunks, before and after compression. */
  bytesOut: number;
  bytesSent: number;
  /** Accepted rows: EventUid to position. Kept for as long as the batch is held. */
  readonly accepted: Map<string, string>;
  /** Rows that the service rejects for their content, by position. */
  readonly rejected: Map<string, DeliveryError>;
  /** So many rows were rejected that the DCR may be misconfigured: some are sent again before any is dead-lettered. */
  isDcrInDoubt: boolean;
  /** Rejected rows that the DCR's credit has covered. */
  creditUsed: number;
  /** The balance of the DCR's credit when this batch was last held. */
  balanceWhenHeld: number | undefined;
  /** How much that balance has grown since, from other batches: the DCR works. */
  gainedMeanwhile: number;
  /** Ids of acknowledged dead letters. */
  readonly letters: Set<string>;
}

export function newLedger(first?: string): PartitionLedger {
  return {
    first,
    bytesOut: 0,
    bytesSent: 0,
    accepted: new Map(),
    rejected: new Map(),
    isDcrInDoubt: false,
    creditUsed: 0,
    balanceWhenHeld: undefined,
    gainedMeanwhile: 0,
    letters: new Set(),
  };
}

const maxPartitions = 1024;

/**
 * Runs one batch of a partition at a time, and keeps what its failed attempts have settled, so that a retry sends and writes
 * nothing twice. An entry is dropped when its batch is settled, or when another batch comes because another instance has
 * settled this one: memory is bounded by what is in flight.
 */
export class Ledger {
  readonly #ledgers = new BoundedMap<string, PartitionLedger>(maxPartitions);
  readonly #running = new Map<string, Promise<unknown>>();

  /**
   * Waits for the batch of the partition that is in flight, if there is one: when an instance loses a partition and gets it
   * back, the host may redeliver messages while their first invocation is still running.
   */
  async inTurn<T>(
    batch: Pick<Batch, 'hub' | 'partition' | 'messages'>,
    settle: (ledger: PartitionLedger) => Promise<T>,
  ): Promise<T> {
    const key = partitionKey(batch);
    const before = this.#running.get(key);
    const turn = (async () => {
      await before?.catch(() => undefined);
      const settled = await settle(this.of(key, batch.messages[0]?.sequenceNumber));
      this.#ledgers.delete(key);
      return settled;
    })();
    this.#running.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#running.get(key) === turn) this.#running.delete(key);
    }
  }

  /** Resolves when no batch is running, settled or not. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  private of(key: string, first: string | undefined): PartitionLedger {
    const known = this.#ledgers.get(key);
    const ledger = known !== undefined && known.first === first ? known : newLedger(first);
    this.#ledgers.set(key, ledger);
    return ledger;
  }
}
