/** Creates the hubs with their partitions, and loads the events on disk if there is a directory. */
import { join } from 'node:path';
import { BatchFile } from './batchFile';
import { lockDirectory } from './directoryLock';
import type { EventHubsOptions } from './eventHubsOptions';
import { Hub, Partition } from './hubs';
import { type Batch, PartitionLog } from './partitionLog';

const sevenDaysMs = 7 * 86_400_000;

/** The options, with defaults for the clock and the log. */
type HubSettings = EventHubsOptions & Required<Pick<EventHubsOptions, 'now' | 'log'>>;

export interface OpenHubs {
  readonly hubs: readonly Hub[];
  /** Closes the files and unlocks the directory. */
  readonly close: () => void;
}

/** Throws if another process uses the directory, or a file in it is damaged. */
export function openHubs(settings: HubSettings): OpenHubs {
  const unlock = settings.directory === undefined ? undefined : lockDirectory(settings.directory);
  const partitions: Partition[] = [];
  const close = (): void => {
    for (const { log } of partitions) log.close();
    unlock?.();
  };
  try {
    const hubs = settings.hubs.map(({ name, partitions: count, consumerGroups = [] }) => {
      const own = Array.from({ length: count }, (_, index) => openPartition(name, String(index), settings));
      partitions.push(...own);
      return new Hub(name, own, consumerGroups, settings.now());
    });
    return { hubs, close };
  } catch (error) {
    close();
    throw error;
  }
}

function openPartition(hub: string, id: string, settings: HubSettings): Partition {
  const retention = {
    milliseconds: settings.retentionMs ?? sevenDaysMs,
    bytes: settings.retentionBytes ?? Number.POSITIVE_INFINITY,
  };
  if (settings.directory === undefined) return new Partition(id, new PartitionLog(settings.now, retention));
  const store = new BatchFile(join(settings.directory, hub.toLowerCase(), `${id}.ndjson`));
  const partition = new Partition(id, new PartitionLog(settings.now, retention, store));
  const restore = (batch: Batch): void => {
    partition.log.restore(batch);
    if (batch.producer) partition.producers.advance(batch.producer);
  };
  store.open(settings.now() - retention.milliseconds, restore, settings.log);
  return partition;
}
