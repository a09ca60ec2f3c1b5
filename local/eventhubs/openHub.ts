/** Builds a hub with its partitions, filled with what is on disk if there is a directory. */
import { join } from 'node:path';
import { Hub, Partition } from './hubs';
import { PartitionLog } from './partitionLog';
import { SegmentStore } from './segmentStore';

const SEVEN_DAYS_MS = 7 * 86_400_000;

export interface HubSettings {
  readonly directory?: string;
  readonly retentionMs?: number;
  readonly retentionBytes?: number;
  readonly now: () => number;
  readonly log: (line: string) => void;
}

export function openHub(
  hub: { readonly name: string; readonly partitions: number; readonly consumerGroups?: readonly string[] },
  settings: HubSettings,
): Hub {
  const partitions = Array.from({ length: hub.partitions }, (_, index) =>
    openPartition(hub.name, String(index), settings),
  );
  return new Hub(hub.name, partitions, hub.consumerGroups ?? [], settings.now());
}

function openPartition(hub: string, id: string, settings: HubSettings): Partition {
  const retention = {
    milliseconds: settings.retentionMs ?? SEVEN_DAYS_MS,
    bytes: settings.retentionBytes ?? Number.POSITIVE_INFINITY,
  };
  if (settings.directory === undefined) return new Partition(id, new PartitionLog(settings.now, retention));
  const store = new SegmentStore(join(settings.directory, hub.toLowerCase(), id));
  const partition = new Partition(id, new PartitionLog(settings.now, retention, store));
  store.load((batch) => {
    partition.log.restore(batch);
    if (batch.producer) partition.producers.advance(batch.producer);
  }, settings.log);
  return partition;
}
