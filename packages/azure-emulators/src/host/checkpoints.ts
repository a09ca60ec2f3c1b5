/** Where the local host keeps checkpoints, for tools that read or move them. */
export { CheckpointFolder, type Scope } from './checkpointFolder';
export { PartitionStore, scopeOf } from './partitionStore';
