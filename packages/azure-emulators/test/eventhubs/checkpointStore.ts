/** A checkpoint store in memory, and a way to use it from another process. */
import type { ChildProcess } from 'node:child_process';
import type { Checkpoint, CheckpointStore, PartitionOwnership } from '@azure/event-hubs';

export class MemoryCheckpointStore implements CheckpointStore {
  readonly #ownerships = new Map<string, PartitionOwnership>();
  readonly #checkpoints = new Map<string, Checkpoint>();
  #version = 0;

  /** Partitions per owner. */
  get shares(): ReadonlyMap<string, number> {
    const shares = new Map<string, number>();
    for (const { ownerId } of this.#ownerships.values()) shares.set(ownerId, (shares.get(ownerId) ?? 0) + 1);
    return shares;
  }

  async listOwnership(): Promise<PartitionOwnership[]> {
    return [...this.#ownerships.values()];
  }

  /** A claim succeeds if nobody claimed the partition since the claimant last looked. */
  async claimOwnership(claims: PartitionOwnership[]): Promise<PartitionOwnership[]> {
    return claims.flatMap((claim) => {
      const current = this.#ownerships.get(claim.partitionId);
      if (current && current.etag !== claim.etag) return [];
      const granted = { ...claim, etag: String(++this.#version), lastModifiedTimeInMs: Date.now() };
      this.#ownerships.set(claim.partitionId, granted);
      return [granted];
    });
  }

  async updateCheckpoint(checkpoint: Checkpoint): Promise<void> {
    this.#checkpoints.set(checkpoint.partitionId, checkpoint);
  }

  async listCheckpoints(): Promise<Checkpoint[]> {
    return [...this.#checkpoints.values()];
  }
}

/** What a consumer in another process asks of the test: a store method, or to note events as received. */
export interface Question {
  readonly id: number;
  readonly method: 'listOwnership' | 'claimOwnership' | 'updateCheckpoint' | 'listCheckpoints' | 'received';
  readonly claims?: PartitionOwnership[];
  readonly checkpoint?: Checkpoint;
  readonly events?: readonly string[];
}

export function serveStore(
  child: ChildProcess,
  store: MemoryCheckpointStore,
  received: (events: readonly string[]) => void,
): void {
  async function answer({ method, claims = [], checkpoint, events = [] }: Question): Promise<unknown> {
    if (method === 'listOwnership') return store.listOwnership();
    if (method === 'claimOwnership') return store.claimOwnership(claims);
    if (method === 'listCheckpoints') return store.listCheckpoints();
    if (method === 'received') received(events);
    else if (checkpoint) await store.updateCheckpoint(checkpoint);
    return null;
  }
  child.on('message', (question: Question) => {
    void answer(question).then((result) => child.connected && child.send({ id: question.id, result }));
  });
}
