/** The node `$management`: it answers READ requests for the properties of a hub or of a partition. */

import { type AmqpFailure, failures } from './amqpFailures';
import { describeValue, encode } from './encoding';
import type { Hub, Partition } from './hubs';
import type { Annotations } from './sections';

export interface ManagementAnswer {
  /** HTTP-like status. */
  readonly code: number;
  readonly failure?: AmqpFailure;
  /** An encoded map. */
  readonly body?: Buffer;
}

const hubName = 'com.microsoft:eventhub';
const partitionType = 'com.microsoft:partition';

/** @param asked the application properties of the request */
export function answerRead(hub: Hub, asked: Annotations, now: number): ManagementAnswer {
  const [operation, type] = [asked.get('operation'), asked.get('type')];
  if (operation !== 'READ') return rejection(501, failures.notImplemented(describeValue(operation)));
  if (type === hubName) return { code: 200, body: hubProperties(hub) };
  if (type !== partitionType) return rejection(501, failures.notImplemented(`READ ${describeValue(type)}`));
  const partition = hub.partition(describeValue(asked.get('partition')));
  return partition
    ? { code: 200, body: partitionProperties(hub, partition, now) }
    : rejection(400, failures.partitionOutOfRange(hub.partitions.length));
}

function rejection(code: number, failure: AmqpFailure): ManagementAnswer {
  return { code, failure };
}

function hubProperties(hub: Hub): Buffer {
  return encode.map([
    [encode.string('name'), encode.string(hub.name)],
    [encode.string('type'), encode.string(hubName)],
    [encode.string('created_at'), encode.timestamp(hub.createdAt)],
    [encode.string('partition_count'), encode.int(hub.partitions.length)],
    [encode.string('partition_ids'), encode.strings(hub.partitions.map(({ id }) => id))],
    [encode.string('georeplication_factor'), encode.int(1)],
  ]);
}

function partitionProperties(hub: Hub, { id, log }: Partition, now: number): Buffer {
  log.expire();
  return encode.map([
    [encode.string('name'), encode.string(hub.name)],
    [encode.string('type'), encode.string(partitionType)],
    [encode.string('partition'), encode.string(id)],
    [encode.string('begin_sequence_number'), encode.long(log.firstSequenceNumber)],
    [encode.string('last_enqueued_sequence_number'), encode.long(log.lastSequenceNumber)],
    [encode.string('last_enqueued_offset'), encode.string(String(log.last?.offset ?? -1))],
    [encode.string('last_enqueued_time_utc'), encode.timestamp(log.last?.enqueuedTime ?? 0)],
    [encode.string('is_partition_empty'), encode.boolean(log.count === 0)],
    [encode.string('runtime_info_retrieval_time_utc'), encode.timestamp(now)],
  ]);
}
