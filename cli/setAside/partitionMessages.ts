import type { EventHubConsumerClient, ReceivedEventData } from '@azure/event-hubs';
import { HubError, reasonOf } from '../common/errorText';
import { UsageError } from '../common/exit';
import { storedEvents } from '../deadLetters/storedEvents';
import type { LogEnds, Range } from './messageRange';
import type { Seen } from './setAsideReport';

/**
 * Higher than the level of the host's reader (0): the service ends that reader and rejects it while this one is open. The
 * SDK (6.0.4) treats 0 as no level, and the service rejects a reader without a level beside the host's.
 */
const ownerLevel = 1;
/** The most messages that the dry run reads. */
const maxSeen = 1000;

export interface SourceMessage {
  readonly sequenceNumber: number;
  readonly offset: string;
  readonly body: Uint8Array;
}

/** @throws UsageError when the hub cannot be reached or has no such partition. */
export async function logOf(consumer: EventHubConsumerClient, partition: string): Promise<LogEnds> {
  const hub = consumer.eventHubName;
  const partitions = await consumer.getPartitionIds().catch((error: unknown) => {
    throw new UsageError(
      `The hub ${hub} cannot be reached: ${reasonOf(error)} Check EVENT_HUB_NAMES and the connection, and that you may receive from the hub (role Azure Event Hubs Data Receiver).`,
      { cause: error },
    );
  });
  if (!partitions.includes(partition)) {
    throw new UsageError(`--partition ${partition}: the hub ${hub} has the partitions ${partitions.join(', ')}.`);
  }
  const properties = await consumer.getPartitionProperties(partition);
  const { isEmpty, beginningSequenceNumber, lastEnqueuedSequenceNumber: last } = properties;
  return { first: isEmpty ? last + 1 : beginningSequenceNumber, last };
}

/** The messages of a range in order; displaces every other reader of the app's group. */
export async function* messagesOf(
  consumer: EventHubConsumerClient,
  partition: string,
  { first, last }: Range,
): AsyncGenerator<SourceMessage, void, undefined> {
  for await (const event of storedEvents(consumer, [{ partition, first, last }], ownerLevel)) {
    yield { sequenceNumber: event.sequenceNumber, offset: event.offset, body: bytesOf(event) };
  }
}

/** The same messages for the dry run, which disturbs no reader; or why they cannot be shown. */
export async function look(
  consumer: EventHubConsumerClient,
  partition: string,
  { first, last }: Range,
): Promise<readonly Seen[] | string> {
  if (last - first >= maxSeen) return `More than ${maxSeen} messages: not listed one by one.`;
  const seen: Seen[] = [];
  if (last < first) return seen;
  try {
    for await (const event of storedEvents(consumer, [{ partition, first, last }])) {
      const { sequenceNumber, enqueuedTimeUtc: enqueued } = event;
      seen.push({ sequenceNumber, enqueued, bytes: bytesOf(event).length });
    }
    return seen;
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return `They cannot be read now: ${error.message} (A running app that reads with $Default has the partition to itself.)`;
  }
}

/** The body as it was sent; its JSON when it was sent as an AMQP value. */
function bytesOf({ body }: ReceivedEventData): Uint8Array {
  const content: unknown = body;
  if (content instanceof Uint8Array) return content;
  return Buffer.from(typeof content === 'string' ? content : (JSON.stringify(content) ?? ''));
}
