/** The last event that is settled. */
export interface StoredCheckpoint {
  readonly sequenceNumber: number;
  /** Changes with every write. */
  readonly version: string;
}

export interface StoredOwner {
  /** Empty when the partition was given back. */
  readonly id: string;
  /** Seconds since the last renewal, by the clock of the storage. */
  readonly renewedSecondsAgo: number;
  /** Changes with every renewal. */
  readonly version: string;
}

/** The event to which a checkpoint is moved. */
export interface CheckpointTarget {
  readonly sequenceNumber: number;
  readonly offset: string;
}

/** Names one partition of one consumer group. */
export interface Partition {
  /** Host name, without a port. */
  readonly namespace: string;
  readonly hub: string;
  readonly group: string;
  readonly id: string;
}

/** What the Functions host stores about a partition of a consumer group: how far it is settled, and who reads it. */
export interface PartitionStorage {
  /** Names the storage in messages. */
  readonly name: string;
  /** Undefined when the host has not written one yet. */
  checkpoint(): Promise<StoredCheckpoint | undefined>;
  /** Undefined when no instance has ever read the partition. */
  owner(): Promise<StoredOwner | undefined>;
  /**
   * Claims or renews the partition; an empty owner gives it back. Resolves to the new version, or to undefined when the
   * stored version is another one.
   */
  claim(ownerId: string, version: string | undefined): Promise<string | undefined>;
  /** Resolves to the new checkpoint, or to undefined when the stored version is another one. */
  moveCheckpoint(
    to: CheckpointTarget,
    ownerId: string,
    from: StoredCheckpoint | undefined,
  ): Promise<StoredCheckpoint | undefined>;
}
