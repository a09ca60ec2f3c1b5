import { randomUUID } from 'node:crypto';
import {
  type CheckpointStore,
  CloseReason,
  EventHubConsumerClient,
  earliestEventPosition,
  type ReceivedEventData,
  type Subscription,
} from '@azure/event-hubs';
import type { Scope } from './checkpointFolder';
import type { Instance } from './instance';
import { Partition } from './partition';
import { isSameScope } from './partitionStore';
import { retryOptions } from './retryOptions';
import type { FunctionRuntime } from './runtime';

/** The SDK leaves a timer of this length behind when a reader is closed (6.0.4), which would keep the process alive. */
const emptyReadSeconds = 0.5;

/**
 * Makes the SDK give up a reader whose partition was lost. Otherwise it would read on, past events that nobody handles,
 * and keep that reader if the partition came back. The code is the one by which it knows a stolen reader.
 */
class OwnershipLost extends Error {
  readonly code = 'ReceiverDisconnectedError';
  constructor(partitionId: string) {
    super(`Partition ${partitionId} belongs to another instance now.`);
  }
}

/** One instance's share of one function's hub: the SDK's event processor over the common store. */
export class Listener {
  readonly #stopping = new AbortController();
  readonly #partitions = new Map<string, Partition>();
  #ownerId = '';
  #client: EventHubConsumerClient | undefined;
  #subscription: Subscription | undefined;

  constructor(
    private readonly runtime: FunctionRuntime,
    private readonly instance: Instance,
  ) {
    runtime.host.store.on('claimed', this.#onClaimed);
  }

  start(): void {
    const { trigger, host } = this.runtime;
    const { eventHubs } = host.settings;
    const clockScale = host.clockScale;
    // A new owner each time: an instance that comes back is not the one that left.
    this.#ownerId = randomUUID();
    this.#client = new EventHubConsumerClient(
      trigger.consumerGroup,
      trigger.connection.connectionString,
      trigger.eventHubName,
      this.watched(host.store),
      {
        identifier: this.#ownerId,
        retryOptions,
        loadBalancingOptions: {
          strategy: 'greedy',
          updateIntervalInMs: Math.max(50, eventHubs.loadBalancingUpdateMs * clockScale),
          partitionOwnershipExpirationIntervalInMs: Math.max(500, eventHubs.ownershipExpirationMs * clockScale),
        },
      },
    );
    this.#subscription = this.#client.subscribe(
      {
        processInitialize: async ({ partitionId, fullyQualifiedNamespace }) =>
          this.open(partitionId, fullyQualifiedNamespace),
        processEvents: (events, { partitionId }) => this.process(partitionId, events),
        processClose: (reason, { partitionId }) => this.close(partitionId, reason !== CloseReason.Shutdown),
        processError: async (error, { partitionId }) => this.report(error, partitionId),
      },
      {
        maxBatchSize: eventHubs.maxEventBatchSize,
        prefetchCount: eventHubs.prefetchCount,
        maxWaitTimeInSeconds: emptyReadSeconds,
        skipParsingBodyAsJson: true,
        startPosition: earliestEventPosition,
      },
    );
  }

  /** Gives all partitions back at once, as if they had been stolen, then competes for partitions anew. */
  async rebalance(): Promise<void> {
    for (const partition of this.#partitions.values()) partition.lose();
    await this.unsubscribe();
    if (!this.#stopping.signal.aborted) this.start();
  }

  /** Reads no further; batches in flight end, and nothing is checkpointed any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.runtime.host.store.off('claimed', this.#onClaimed);
    await this.unsubscribe();
  }

  private async unsubscribe(): Promise<void> {
    await this.#subscription?.close();
    await this.#client?.close();
  }

  private open(partitionId: string, fullyQualifiedNamespace: string): void {
    const { runtime, instance } = this;
    this.#partitions.get(partitionId)?.lose();
    this.#partitions.set(
      partitionId,
      new Partition({
        runtime,
        instance,
        partitionId,
        fullyQualifiedNamespace,
        ownerId: this.#ownerId,
        stopping: this.#stopping.signal,
      }),
    );
    runtime.log('debug', `Partition ${partitionId} of "${runtime.trigger.eventHubName}" opened by ${this.#ownerId}.`);
  }

  private async process(partitionId: string, events: readonly ReceivedEventData[]): Promise<void> {
    const partition = this.#partitions.get(partitionId);
    await partition?.process(events);
    if (partition === undefined || partition.isLost) throw new OwnershipLost(partitionId);
  }

  /** The SDK gives the partition back when this resolves, so a batch in flight is waited for, unless it is lost. */
  private async close(partitionId: string, isLost: boolean): Promise<void> {
    const partition = this.#partitions.get(partitionId);
    if (partition === undefined) return;
    this.#partitions.delete(partitionId);
    if (isLost) partition.lose();
    this.runtime.log('debug', `Partition ${partitionId} closed${isLost ? ': its ownership was lost' : ''}.`);
    await partition.close();
  }

  /** The store, for the SDK's rounds: each shows what another process has taken, which this one's listeners do not hear of. */
  private watched(store: CheckpointStore): CheckpointStore {
    return {
      listOwnership: async (...scope) => {
        const owned = await store.listOwnership(...scope);
        for (const { partitionId, ownerId } of owned) {
          if (ownerId !== this.#ownerId) this.#partitions.get(partitionId)?.lose();
        }
        return owned;
      },
      claimOwnership: (requests) => store.claimOwnership(requests),
      listCheckpoints: (...scope) => store.listCheckpoints(...scope),
      updateCheckpoint: (checkpoint) => store.updateCheckpoint(checkpoint),
    };
  }

  readonly #onClaimed = (scope: Scope, partitionId: string, ownerId: string): void => {
    if (ownerId !== this.#ownerId && isSameScope(scope, this.runtime.scope)) {
      // The SDK notices the theft only when it reads again, which a batch that is held would delay without end.
      this.#partitions.get(partitionId)?.lose();
    }
  };

  private report(error: Error, partitionId: string): void {
    // An epoch that another instance has taken over is how the service says that the partition moved.
    const isTheft = 'code' in error && error.code === 'ReceiverDisconnectedError';
    const where = partitionId === '' ? '' : `, partition ${partitionId}`;
    this.runtime.log(
      isTheft ? 'information' : 'warning',
      `Reading "${this.runtime.trigger.eventHubName}"${where}: ${error.message}`,
    );
  }
}
