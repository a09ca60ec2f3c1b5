import { EventEmitter } from 'node:events';
import type { Checkpoint, CheckpointStore, PartitionOwnership } from '@azure/event-hubs';
import { isAlive } from '../isAlive';
import type { CheckpointFolder, Scope, StoredCheckpoint } from './checkpointFolder';

interface StoreEvents {
  checkpoint: [scope: Scope, checkpoint: StoredCheckpoint];
  claimed: [scope: Scope, partitionId: string, ownerId: string];
}

/**
 * The store through which instances share partitions, as the SDK's event processor needs it. It emits every checkpoint and
 * claim, so that an instance knows at once that it lost a partition.
 */
export class PartitionStore extends EventEmitter<StoreEvents> implements CheckpointStore {
  constructor(private readonly folder: CheckpointFolder) {
    super();
    // One listener for each function of each instance is no leak.
    this.setMaxListeners(0);
  }

  async listOwnership(namespace: string, eventHubName: string, consumerGroup: string): Promise<PartitionOwnership[]> {
    const scope = scopeOf(namespace, eventHubName, consumerGroup);
    const ownerships = await this.folder.ownerships(scope);
    return ownerships.map(({ partitionId, ownerId, processId, claimedMs, version }) => ({
      fullyQualifiedNamespace: namespace,
      eventHubName,
      consumerGroup,
      partitionId,
      ownerId: isAlive(processId) ? ownerId : '',
      lastModifiedTimeInMs: claimedMs,
      etag: String(version),
    }));
  }

  async claimOwnership(requests: PartitionOwnership[]): Promise<PartitionOwnership[]> {
    const claimed: PartitionOwnership[] = [];
    for (const request of requests) {
      const { partitionId, ownerId } = request;
      const scope = scopeOf(request.fullyQualifiedNamespace, request.eventHubName, request.consumerGroup);
      const version = Number(request.etag ?? 0) + 1;
      const claimedMs = Date.now();
      if (await this.folder.putOwnership(scope, { partitionId, ownerId, processId: process.pid, claimedMs, version })) {
        this.emit('claimed', scope, partitionId, ownerId);
        claimed.push({ ...request, etag: String(version), lastModifiedTimeInMs: claimedMs });
      }
    }
    return claimed;
  }

  async listCheckpoints(namespace: string, eventHubName: string, consumerGroup: string): Promise<Checkpoint[]> {
    const checkpoints = await this.folder.checkpoints(scopeOf(namespace, eventHubName, consumerGroup));
    return checkpoints.map(({ partitionId, sequenceNumber, offset }) => ({
      fullyQualifiedNamespace: namespace,
      eventHubName,
      consumerGroup,
      partitionId,
      sequenceNumber,
      offset,
    }));
  }

  async updateCheckpoint(checkpoint: Checkpoint): Promise<void> {
    const { partitionId, sequenceNumber, offset } = checkpoint;
    const scope = scopeOf(checkpoint.fullyQualifiedNamespace, checkpoint.eventHubName, checkpoint.consumerGroup);
    const stored = { partitionId, sequenceNumber, offset, writtenMs: Date.now() };
    await this.folder.putCheckpoint(scope, stored);
    this.emit('checkpoint', scope, stored);
  }

  checkpoint(scope: Scope, partitionId: string): Promise<StoredCheckpoint | undefined> {
    return this.folder.checkpoint(scope, partitionId);
  }

  /** Whether the store still names that owner; another host may have taken the partition meanwhile. */
  async isOwner(scope: Scope, partitionId: string, ownerId: string): Promise<boolean> {
    return (await this.folder.ownership(scope, partitionId))?.ownerId === ownerId;
  }
}

/** A local namespace is named by its host alone: the port changes with every start of the emulator. */
export function scopeOf(namespace: string, eventHubName: string, consumerGroup: string): Scope {
  return {
    namespace: namespace.replace(/:\d+$/, '').toLowerCase(),
    eventHubName: eventHubName.toLowerCase(),
    consumerGroup: consumerGroup.toLowerCase(),
  };
}

export function isSameScope(one: Scope, other: Scope): boolean {
  return (
    one.namespace === other.namespace &&
    one.eventHubName === other.eventHubName &&
    one.consumerGroup === other.consumerGroup
  );
}
