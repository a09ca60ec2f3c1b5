import type { DeliveryError } from './deliveryError';

/** What is known of a partition's batch that could not be settled yet. */
export interface PartitionLedger {
  /** Sequence number of the batch's first message: a batch that comes again begins with the same one. */
  readonly first: string | undefined;
  /** Bytes of the chunks that were accepted until now, before and after compression. */
  bytesOut: number;
  bytesSent: number;
  /** Rows of the batch that are accepted, and their places, by EventUid; however long the batch is held. */
  readonly accepted: Map<string, string>;
  /** Rows that the service refuses for what they hold, by the place of their record. */
  readonly refused: Map<string, DeliveryError>;
  /** So many rows were refused that the rule may have been at fault: some are asked about again before any is set aside. */
  isInDoubt: boolean;
  /** Rows that the rule's benefit of the doubt was taken for. */
  excused: number;
  /** The rule's balance of accepted and refused rows when this batch was held last. */
  balanceWhenHeld: number | undefined;
  /** By how much it has grown since, from other batches: the rule is well. */
  gainedMeanwhile: number;
  /** Ids of dead letters that were acknowledged. */
  readonly letters: Set<string>;
}

export function newLedger(first?: string): PartitionLedger {
  return {
    first,
    bytesOut: 0,
    bytesSent: 0,
    accepted: new Map(),
    refused: new Map(),
    isInDoubt: false,
    excused: 0,
    balanceWhenHeld: undefined,
    gainedMeanwhile: 0,
    letters: new Set(),
  };
}

interface LedgerBatch {
  readonly hub: string;
  readonly partition: string;
  readonly messages: readonly { readonly sequenceNumber: string }[];
}

/** Partitions whose unsettled batches are remembered. */
const maxPartitions = 1024;

/**
 * One batch of a partition at a time, and what its failed attempts have settled already, so that the next attempt neither
 * asks nor writes twice. An entry goes when its batch is settled, or another one comes because another instance has settled
 * it: memory is bounded by what is in flight.
 */
export class Ledger {
  readonly #ledgers = new Map<string, PartitionLedger>();
  readonly #running = new Map<string, Promise<unknown>>();

  /**
   * Runs a batch after the one that the partition still has in flight, if any: when an instance loses a partition and gets
   * it back, the host may give it the same events while the first invocation goes on.
   */
  async inTurn<T>(
    { hub, partition, messages }: LedgerBatch,
    settle: (ledger: PartitionLedger) => Promise<T>,
  ): Promise<T> {
    const key = `${hub}/${partition}`;
    const before = this.#running.get(key);
    const turn = (async () => {
      await before?.catch(() => undefined);
      const settled = await settle(this.of(key, messages[0]?.sequenceNumber));
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

  /** Resolves when no batch runs any more, whatever came of those that did. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  private of(key: string, first: string | undefined): PartitionLedger {
    const known = this.#ledgers.get(key);
    const ledger = known !== undefined && known.first === first ? known : newLedger(first);
    this.#ledgers.delete(key);
    this.#ledgers.set(key, ledger);
    const oldest = this.#ledgers.size > maxPartitions ? this.#ledgers.keys().next().value : undefined;
    if (oldest !== undefined) this.#ledgers.delete(oldest);
    return ledger;
  }
}
