/** The partitions that one consumer group of one hub reads. */
export interface Scope {
  readonly namespace: string;
  readonly eventHubName: string;
  readonly consumerGroup: string;
}

export interface StoredCheckpoint {
  readonly partitionId: string;
  readonly sequenceNumber: number;
  readonly offset: string;
  /** When it was written, in milliseconds since 1970. */
  readonly writtenMs: number;
}

export interface StoredOwnership {
  readonly partitionId: string;
  /** Empty if the partition was given back. */
  readonly ownerId: string;
  /** The host process of the owner, so that a dead host's partitions are free at once. */
  readonly processId: number;
  readonly claimedMs: number;
  /** Counts up with every claim; a claim must name the version that it replaces. */
  readonly version: number;
}

/** Where checkpoints and ownerships lie. */
export interface Shelf {
  checkpoints(scope: Scope): Promise<readonly StoredCheckpoint[]>;
  checkpoint(scope: Scope, partitionId: string): Promise<StoredCheckpoint | undefined>;
  putCheckpoint(scope: Scope, checkpoint: StoredCheckpoint): Promise<void>;
  ownerships(scope: Scope): Promise<readonly StoredOwnership[]>;
  ownership(scope: Scope, partitionId: string): Promise<StoredOwnership | undefined>;
  /** @returns false if that version exists already: somebody else was faster. */
  putOwnership(scope: Scope, ownership: StoredOwnership): Promise<boolean>;
}
