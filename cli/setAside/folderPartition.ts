import { CheckpointFolder, PartitionStore, type Scope, scopeOf } from 'azure-emulators/host/checkpoints';
import type { CheckpointTarget, Partition, PartitionStorage, StoredCheckpoint } from './partitionStorage';

/** The same for the embedded host of `npm start`, which stores it in a folder. */
export class FolderPartition implements PartitionStorage {
  readonly name: string;
  readonly #checkpoints: CheckpointFolder;
  readonly #store: PartitionStore;
  readonly #scope: Scope;

  constructor(
    folder: string,
    private readonly partition: Partition,
  ) {
    const { namespace, hub, group, id } = partition;
    this.name = `partition ${id} in ${folder}`;
    this.#checkpoints = new CheckpointFolder(folder);
    this.#store = new PartitionStore(this.#checkpoints);
    this.#scope = scopeOf(namespace, hub, group);
  }

  async checkpoint(): Promise<StoredCheckpoint | undefined> {
    const found = await this.#checkpoints.checkpoint(this.#scope, this.partition.id);
    return found === undefined ? undefined : { sequenceNumber: found.sequenceNumber, version: String(found.writtenMs) };
  }

  async owner(): ReturnType<PartitionStorage['owner']> {
    const { namespace, hub, group, id } = this.partition;
    const owners = await this.#store.listOwnership(namespace, hub, group);
    const found = owners.find(({ partitionId }) => partitionId === id);
    if (found === undefined) return undefined;
    const { ownerId, lastModifiedTimeInMs = 0, etag = '' } = found;
    return { id: ownerId, renewedSecondsAgo: Math.max(0, (Date.now() - lastModifiedTimeInMs) / 1000), version: etag };
  }

  async claim(ownerId: string, version: string | undefined): Promise<string | undefined> {
    const next = Number(version ?? 0) + 1;
    const { id: partitionId } = this.partition;
    const claim = { partitionId, ownerId, processId: process.pid, claimedMs: Date.now(), version: next };
    return (await this.#checkpoints.putOwnership(this.#scope, claim)) ? String(next) : undefined;
  }

  /** Only the owner of a partition writes here, so it is enough to compare before writing. */
  async moveCheckpoint(
    { sequenceNumber, offset }: CheckpointTarget,
    _ownerId: string,
    from: StoredCheckpoint | undefined,
  ): Promise<StoredCheckpoint | undefined> {
    const current = await this.checkpoint();
    if (current?.version !== from?.version) return undefined;
    const writtenMs = Math.max(Date.now(), Number(from?.version ?? 0) + 1);
    await this.#checkpoints.putCheckpoint(this.#scope, {
      partitionId: this.partition.id,
      sequenceNumber,
      offset,
      writtenMs,
    });
    return { sequenceNumber, version: String(writtenMs) };
  }
}
