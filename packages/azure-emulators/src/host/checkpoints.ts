/** The local host's store of checkpoints, for tools that read or move them. */
export { CheckpointFolder, type Scope } from './checkpointFolder';
export { PartitionStore, scopeOf } from './partitionStore';
