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

/** When a reader is closed, the SDK (6.0.4) leaves a timer of this length, which keeps the process alive. */
const emptyReadSeconds = 0.5;

/**
 * Makes the SDK close the reader of a partition that was lost. Otherwise it would read on and skip events, and use the same
 * reader if the partition came back. The SDK recognises a stolen reader by the code.
 */
class OwnershipLost extends Error {
  readonly code = 'ReceiverDisconnectedError';
  constructor(partitionId: string) {
    super(`Partition ${partitionId} belongs to another instance now.`);
  }
}

/** Reads one instance's share of a function's hub, by the SDK's event processor over the common store. */
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
    // A new owner id each time, because an instance that comes back must claim partitions again.
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

  /** Gives all partitions back at once, as if they were stolen, then claims partitions again. */
  async rebalance(): Promise<void> {
    for (const partition of this.#partitions.values()) partition.lose();
    await this.unsubscribe();
    if (!this.#stopping.signal.aborted) this.start();
  }

  /** Stops reading. Batches in flight end, and no more checkpoints are written. */
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

  /** Waits for the batch in flight, unless the partition is lost: the SDK gives it back when this resolves. */
  private async close(partitionId: string, isLost: boolean): Promise<void> {
    const partition = this.#partitions.get(partitionId);
    if (partition === undefined) return;
    this.#partitions.delete(partitionId);
    if (isLost) partition.lose();
    this.runtime.log('debug', `Partition ${partitionId} closed${isLost ? ': its ownership was lost' : ''}.`);
    await partition.close();
  }

  /** The store as the SDK uses it. Each list of ownerships shows which partitions another process has taken. */
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
      // The SDK notices this only when it reads again, which a batch that is retried without end would prevent.
      this.#partitions.get(partitionId)?.lose();
    }
  };

  private report(error: Error, partitionId: string): void {
    // When another instance takes the partition, the service ends this receiver because of its older epoch.
    const hasMoved = 'code' in error && error.code === 'ReceiverDisconnectedError';
    const where = partitionId === '' ? '' : `, partition ${partitionId}`;
    this.runtime.log(
      hasMoved ? 'information' : 'warning',
      `Reading "${this.runtime.trigger.eventHubName}"${where}: ${error.message}`,
    );
  }
}
