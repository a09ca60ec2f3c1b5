import type { ReceivedEventData } from '@azure/event-hubs';
import { runBatch, type Verdict } from './batch';
import { messageOf } from './checks';
import type { Instance } from './instance';
import type { FunctionRuntime } from './runtime';

export interface PartitionOptions {
  readonly runtime: FunctionRuntime;
  readonly instance: Instance;
  readonly partitionId: string;
  readonly fullyQualifiedNamespace: string;
  readonly ownerId: string;
  /** Aborted when the host stops: nothing is checkpointed any more. */
  readonly stopping: AbortSignal;
}

/**
 * One partition while one instance owns it (EventHubListener.PartitionProcessor.cs of the WebJobs extension): one batch
 * in flight, a checkpoint after its verdict whatever that is, but none once the host stops or the partition is lost.
 */
export class Partition {
  readonly #options: PartitionOptions;
  readonly #lost = new AbortController();
  readonly #signal: AbortSignal;
  #batchesSinceCheckpoint = 0;
  #lastProcessed: ReceivedEventData | undefined;
  #inFlight: Promise<void> = Promise.resolve();

  constructor(options: PartitionOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([this.#lost.signal, options.stopping]);
  }

  /** Resolves when the partition may be read further. Never rejects. */
  async process(events: readonly ReceivedEventData[]): Promise<void> {
    if (events.length === 0 || this.#signal.aborted) return;
    await this.dispatch(events);
  }

  get isLost(): boolean {
    return this.#lost.signal.aborted;
  }

  /** Another instance owns the partition now: what is in flight is left to end, without a checkpoint. */
  lose(): void {
    this.#lost.abort();
  }

  /**
   * Resolves when nothing is in flight any more, at once if the partition is lost. Writes the checkpoint that only the
   * frequency held back.
   */
  async close(): Promise<void> {
    if (this.isLost) return;
    const held = this.#lastProcessed;
    await this.#inFlight;
    if (!this.isLost && held !== undefined && this.#batchesSinceCheckpoint > 0 && this.frequency > 1) {
      await this.checkpoint(held);
    }
    this.lose();
  }

  private get frequency(): number {
    return this.#options.runtime.host.settings.eventHubs.batchCheckpointFrequency;
  }

  private dispatch(events: readonly ReceivedEventData[]): Promise<void> {
    this.#inFlight = this.run(events);
    return this.#inFlight;
  }

  private async run(events: readonly ReceivedEventData[]): Promise<void> {
    const { runtime, instance, partitionId, fullyQualifiedNamespace } = this.#options;
    const { eventHubName, consumerGroup } = runtime.trigger;
    this.#batchesSinceCheckpoint++;
    const isCheckpointingAfterInvocation = this.#batchesSinceCheckpoint >= this.frequency;
    const facts = { fullyQualifiedNamespace, eventHubName, consumerGroup, partitionId, isCheckpointingAfterInvocation };
    const verdict: Verdict = await runBatch(runtime, instance, facts, events, this.#signal);
    const last = events.at(-1);
    if (verdict === 'cancelled' || last === undefined) return;
    this.#lastProcessed = last;
    runtime.settled(partitionId, last.sequenceNumber);
    if (isCheckpointingAfterInvocation && !this.#signal.aborted) {
      await this.checkpoint(last);
    }
  }

  /** A checkpoint that cannot be written gives the partition up: its events come again, here or elsewhere. */
  private async checkpoint(event: ReceivedEventData): Promise<void> {
    const { runtime, partitionId } = this.#options;
    try {
      if (await this.writeCheckpoint(event)) {
        this.#batchesSinceCheckpoint = 0;
        runtime.counters.count.checkpoints++;
        return;
      }
      runtime.log('information', `Partition ${partitionId} belongs to another instance now: no checkpoint.`);
    } catch (error) {
      runtime.log('error', `The checkpoint of partition ${partitionId} cannot be written: ${messageOf(error)}`);
    }
    this.lose();
  }

  /** @returns false if the store names another owner. */
  private async writeCheckpoint({ sequenceNumber, offset }: ReceivedEventData): Promise<boolean> {
    const { runtime, partitionId, ownerId, fullyQualifiedNamespace } = this.#options;
    const { store } = runtime.host;
    const { eventHubName, consumerGroup } = runtime.trigger;
    if (!(await store.isOwner(runtime.scope, partitionId, ownerId))) return false;
    const place = { fullyQualifiedNamespace, eventHubName, consumerGroup, partitionId };
    await store.updateCheckpoint({ ...place, sequenceNumber, offset });
    return true;
  }
}
