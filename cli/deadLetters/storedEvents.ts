import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { type EventHubConsumerClient, earliestEventPosition, type ReceivedEventData } from '@azure/event-hubs';
import { HubError, reasonOf } from '../common/errorText';

/** At most three times as many events are in memory at a time; each may take 1 MB. */
const maxBatchSize = 32;

export interface PartitionEnd {
  readonly partition: string;
  /** Sequence number of its last event. */
  readonly last: number;
  /** Sequence number of the first event to read; default the oldest one. */
  readonly first?: number;
}

/** The partitions of a hub that hold events, and where each ends now. */
export async function endsOf(consumer: EventHubConsumerClient): Promise<PartitionEnd[]> {
  const partitions = await consumer.getPartitionIds();
  const properties = await Promise.all(partitions.map((partition) => consumer.getPartitionProperties(partition)));
  return properties
    .filter(({ isEmpty }) => !isEmpty)
    .map(({ partitionId, lastEnqueuedSequenceNumber: last }) => ({ partition: partitionId, last }));
}

/**
 * The events of a hub up to the given ends, one partition after the other, with bodies as bytes; reads no faster than the
 * caller takes them. With an `ownerLevel` it displaces the group's reader, as the app does; without one it affects no reader.
 */
export async function* storedEvents(
  consumer: EventHubConsumerClient,
  ends: readonly PartitionEnd[],
  ownerLevel?: number,
): AsyncGenerator<ReceivedEventData, void, undefined> {
  for (const end of ends) yield* eventsUpTo(consumer, end, ownerLevel);
}

async function* eventsUpTo(
  consumer: EventHubConsumerClient,
  { partition, last, first }: PartitionEnd,
  ownerLevel: number | undefined,
): AsyncGenerator<ReceivedEventData, void, undefined> {
  const stream = new PassThrough({ objectMode: true, highWaterMark: maxBatchSize });
  const fail = (error: unknown): void => {
    stream.destroy(new HubError(`Reading partition ${partition} failed: ${reasonOf(error)}`, { cause: error }));
  };
  const subscription = consumer.subscribe(
    partition,
    {
      processEvents: async (events) => {
        for (const event of events) if (!stream.write(event)) await once(stream, 'drain');
        if (events.length > 0) return;
        // Retention may have deleted the last event meanwhile; then it never comes.
        const { isEmpty, beginningSequenceNumber } = await consumer.getPartitionProperties(partition);
        if (isEmpty || beginningSequenceNumber > last) stream.end();
      },
      processError: async (error) => fail(error),
    },
    {
      startPosition: first === undefined ? earliestEventPosition : { sequenceNumber: first, isInclusive: true },
      ...(ownerLevel === undefined ? {} : { ownerLevel }),
      maxBatchSize,
      prefetchCount: maxBatchSize,
      maxWaitTimeInSeconds: 2,
      skipParsingBodyAsJson: true,
    },
  );
  try {
    const received: AsyncIterable<ReceivedEventData> = stream;
    for await (const event of received) {
      if (event.sequenceNumber <= last) yield event;
      if (event.sequenceNumber >= last) return;
    }
  } finally {
    await subscription.close();
  }
}
