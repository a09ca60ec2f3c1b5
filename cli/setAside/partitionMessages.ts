import type { EventHubConsumerClient, ReceivedEventData } from '@azure/event-hubs';
import { HubError, reasonOf } from '../azure/hubError';
import { UsageError } from '../common/exit';
import { storedEvents } from '../deadLetters/storedEvents';
import type { PartitionLog, Range } from './messageRange';
import type { Seen } from './setAsideAccount';

/**
 * Above the host's own reader (0), which it ends and keeps away while it is open. The SDK (6.0.4) would take a 0 for a
 * reader without a level, which the service refuses beside the host's.
 */
const ownerLevel = 1;
/** What the dry run reads at most. */
const maxSeen = 1000;

export interface SourceMessage {
  readonly sequenceNumber: number;
  readonly offset: string;
  readonly body: Uint8Array;
}

/** @throws UsageError when the hub cannot be asked or has no such partition. */
export async function logOf(consumer: EventHubConsumerClient, partition: string): Promise<PartitionLog> {
  const hub = consumer.eventHubName;
  let partitions: readonly string[];
  try {
    partitions = await consumer.getPartitionIds();
  } catch (error) {
    throw new UsageError(
      `The hub ${hub} cannot be reached: ${reasonOf(error)} Check EVENT_HUB_NAMES and the connection, and that you may receive from the hub (role Azure Event Hubs Data Receiver).`,
      { cause: error },
    );
  }
  if (!partitions.includes(partition)) {
    throw new UsageError(`--partition ${partition}: the hub ${hub} has the partitions ${partitions.join(', ')}.`);
  }
  const properties = await consumer.getPartitionProperties(partition);
  const { isEmpty, beginningSequenceNumber, lastEnqueuedSequenceNumber: last } = properties;
  return { first: isEmpty ? last + 1 : beginningSequenceNumber, last };
}

/** The messages of a range in their order, with the reader of the app's group to itself. */
export async function* messagesOf(
  consumer: EventHubConsumerClient,
  partition: string,
  { first, last }: Range,
): AsyncGenerator<SourceMessage, void, undefined> {
  for await (const event of storedEvents(consumer, [{ partition, first, last }], ownerLevel)) {
    yield { sequenceNumber: event.sequenceNumber, offset: event.offset, body: bytesOf(event) };
  }
}

/** The same messages for a person to look at, disturbing nobody; or why they cannot be seen. */
export async function look(
  consumer: EventHubConsumerClient,
  partition: string,
  { first, last }: Range,
): Promise<readonly Seen[] | string> {
  if (last - first >= maxSeen) return `More than ${maxSeen} messages: not looked at one by one.`;
  const seen: Seen[] = [];
  try {
    if (last >= first) {
      for await (const event of storedEvents(consumer, [{ partition, first, last }])) {
        const { sequenceNumber, enqueuedTimeUtc: enqueued } = event;
        seen.push({ sequenceNumber, enqueued, bytes: bytesOf(event).length });
      }
    }
    return seen;
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return `They cannot be looked at now: ${error.message} (A running app that reads with $Default has the partition to itself.)`;
  }
}

/** The body as it was sent; for what was sent as an AMQP value, its JSON. */
function bytesOf({ body }: ReceivedEventData): Uint8Array {
  const content: unknown = body;
  if (content instanceof Uint8Array) return content;
  return Buffer.from(typeof content === 'string' ? content : (JSON.stringify(content) ?? ''));
}
