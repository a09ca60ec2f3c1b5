import type { ReceivedEventData } from '@azure/event-hubs';
import { BatchDelivery } from './batchInvocation';
import { messageOf } from './hostError';
import type { Instance } from './instance';
import type { FunctionRuntime } from './runtime';

export interface PartitionOptions {
  readonly runtime: FunctionRuntime;
  readonly instance: Instance;
  readonly partitionId: string;
  readonly fullyQualifiedNamespace: string;
  readonly ownerId: string;
  /** Aborted when the host stops; then no more checkpoints are written. */
  readonly stopping: AbortSignal;
}

/**
 * One partition while one instance owns it (EventHubListener.PartitionProcessor.cs of the WebJobs extension): one batch
 * in flight, a checkpoint after each batch whether it succeeded or not, but none after a stop or when the partition is lost.
 */
export class Partition {
  readonly #lost = new AbortController();
  readonly #signal: AbortSignal;
  #inFlight: Promise<void> = Promise.resolve();

  constructor(private readonly options: PartitionOptions) {
    this.#signal = AbortSignal.any([this.#lost.signal, options.stopping]);
  }

  /** Resolves when the next events may be read. Never rejects. */
  async process(events: readonly ReceivedEventData[]): Promise<void> {
    if (events.length === 0 || this.#signal.aborted) return;
    this.#inFlight = this.run(events);
    await this.#inFlight;
  }

  get isLost(): boolean {
    return this.#lost.signal.aborted;
  }

  /** Another instance owns the partition now: the batch in flight ends without a checkpoint. */
  lose(): void {
    this.#lost.abort();
  }

  /** Resolves when nothing is in flight any more, at once if the partition is lost. */
  async close(): Promise<void> {
    if (this.isLost) return;
    await this.#inFlight;
    this.lose();
  }

  private async run(events: readonly ReceivedEventData[]): Promise<void> {
    const { runtime, instance } = this.options;
    const facts = { ...this.position, isCheckpointingAfterInvocation: true };
    const result = await new BatchDelivery(runtime, instance, facts, events, this.#signal).run();
    const last = events.at(-1);
    if (result !== 'cancelled' && last !== undefined && !this.#signal.aborted) await this.checkpoint(last);
  }

  private get position() {
    const { runtime, partitionId, fullyQualifiedNamespace } = this.options;
    const { eventHubName, consumerGroup } = runtime.trigger;
    return { fullyQualifiedNamespace, eventHubName, consumerGroup, partitionId };
  }

  /** If the checkpoint cannot be written, gives the partition up: its events are delivered again, here or elsewhere. */
  private async checkpoint({ sequenceNumber, offset }: ReceivedEventData): Promise<void> {
    const { runtime, partitionId, ownerId } = this.options;
    const { store } = runtime.host;
    try {
      if (await store.isOwner(runtime.scope, partitionId, ownerId)) {
        await store.updateCheckpoint({ ...this.position, sequenceNumber, offset });
        runtime.counters.count.checkpoints++;
        return;
      }
      runtime.log('information', `Partition ${partitionId} belongs to another instance now: no checkpoint.`);
    } catch (error) {
      runtime.log('error', `The checkpoint of partition ${partitionId} cannot be written: ${messageOf(error)}`);
    }
    this.lose();
  }
}
