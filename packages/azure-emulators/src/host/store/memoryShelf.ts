import type { Scope, Shelf, StoredCheckpoint, StoredOwnership } from './shelf';

/** Checkpoints and ownerships of one host, gone when it ends. */
export class MemoryShelf implements Shelf {
  readonly #checkpoints = new Map<string, Map<string, StoredCheckpoint>>();
  readonly #ownerships = new Map<string, Map<string, StoredOwnership>>();

  checkpoints(scope: Scope): Promise<readonly StoredCheckpoint[]> {
    return Promise.resolve([...within(this.#checkpoints, scope).values()]);
  }

  checkpoint(scope: Scope, partitionId: string): Promise<StoredCheckpoint | undefined> {
    return Promise.resolve(within(this.#checkpoints, scope).get(partitionId));
  }

  putCheckpoint(scope: Scope, checkpoint: StoredCheckpoint): Promise<void> {
    within(this.#checkpoints, scope).set(checkpoint.partitionId, checkpoint);
    return Promise.resolve();
  }

  ownerships(scope: Scope): Promise<readonly StoredOwnership[]> {
    return Promise.resolve([...within(this.#ownerships, scope).values()]);
  }

  ownership(scope: Scope, partitionId: string): Promise<StoredOwnership | undefined> {
    return Promise.resolve(within(this.#ownerships, scope).get(partitionId));
  }

  putOwnership(scope: Scope, ownership: StoredOwnership): Promise<boolean> {
    const stored = within(this.#ownerships, scope);
    const current = stored.get(ownership.partitionId)?.version ?? 0;
    if (current >= ownership.version) return Promise.resolve(false);
    stored.set(ownership.partitionId, ownership);
    return Promise.resolve(true);
  }
}

function within<Value>(shelves: Map<string, Map<string, Value>>, scope: Scope): Map<string, Value> {
  const key = JSON.stringify([scope.namespace, scope.eventHubName, scope.consumerGroup]);
  const found = shelves.get(key) ?? new Map<string, Value>();
  shelves.set(key, found);
  return found;
}
