import { type EventHubConsumerClient, earliestEventPosition, type ReceivedEventData } from '@azure/event-hubs';
import { HubError, reasonOf } from '../azure/hubError';

/** Events in memory at a time, at most twice as many: each may take 1 MB. */
const maxBatchSize = 32;

/** How far a partition reaches. */
export interface PartitionEnd {
  readonly partition: string;
  /** Sequence number of its last event. */
  readonly last: number;
  /** Sequence number of the first event that is wanted; the oldest one unless told. */
  readonly first?: number;
}

/** The partitions of a hub that hold events, and where each ends now. */
export async function endsOf(consumer: EventHubConsumerClient): Promise<PartitionEnd[]> {
  const partitions = await consumer.getPartitionIds();
  const properties = await Promise.all(partitions.map((partition) => consumer.getPartitionProperties(partition)));
  return properties
    .filter(({ isEmpty }) => !isEmpty)
    .map(({ partitionId, lastEnqueuedSequenceNumber }) => ({
      partition: partitionId,
      last: lastEnqueuedSequenceNumber,
    }));
}

/**
 * The events of a hub up to the given ends, one partition after the other, with bodies as bytes. Reads no faster than asked.
 * With an `ownerLevel` it takes the place of the group's reader, as the app itself does; without one it disturbs nobody.
 */
export async function* storedEvents(
  consumer: EventHubConsumerClient,
  ends: readonly PartitionEnd[],
  ownerLevel?: number,
): AsyncGenerator<ReceivedEventData, void, undefined> {
  for (const end of ends) yield* eventsUpTo(consumer, end, ownerLevel);
}

interface Offer {
  readonly events: readonly ReceivedEventData[];
  /** Lets the client go on. */
  readonly taken: () => void;
}

async function* eventsUpTo(
  consumer: EventHubConsumerClient,
  { partition, last, first }: PartitionEnd,
  ownerLevel: number | undefined,
): AsyncGenerator<ReceivedEventData, void, undefined> {
  let next = slot<Offer>();
  const subscription = consumer.subscribe(
    partition,
    {
      processEvents: (events) => new Promise<void>((taken) => next.give({ events, taken })),
      processError: async (error) =>
        next.fail(new HubError(`Reading partition ${partition} failed: ${reasonOf(error)}`, { cause: error })),
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
    for (;;) {
      const { events, taken } = await next.value;
      for (const event of events) {
        if (event.sequenceNumber <= last) yield event;
        if (event.sequenceNumber >= last) return;
      }
      if (events.length === 0 && (await hasExpired(consumer, partition, last))) return;
      next = slot<Offer>();
      taken();
    }
  } finally {
    await subscription.close();
  }
}

/** Whether retention has taken the last event meanwhile, so that nothing will ever come. */
async function hasExpired(consumer: EventHubConsumerClient, partition: string, last: number): Promise<boolean> {
  const { isEmpty, beginningSequenceNumber } = await consumer.getPartitionProperties(partition);
  return isEmpty || beginningSequenceNumber > last;
}

interface Slot<T> {
  readonly value: Promise<T>;
  readonly give: (value: T) => void;
  readonly fail: (error: Error) => void;
}

function slot<T>(): Slot<T> {
  const settle: { give?: (value: T) => void; fail?: (error: Error) => void } = {};
  const value = new Promise<T>((give, fail) => Object.assign(settle, { give, fail }));
  // An error while the subscription closes has nobody to tell.
  value.catch(() => undefined);
  return { value, give: (given) => settle.give?.(given), fail: (error) => settle.fail?.(error) };
}
