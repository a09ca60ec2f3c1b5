import { EventHubProducerClient } from '@azure/event-hubs';

/** One message to publish. */
export interface FeedMessage {
  readonly body: Uint8Array;
  /** Messages with the same key go to the same partition. */
  readonly partitionKey?: string;
}

export interface FeedOptions {
  /** How long a send may take; after a lost connection the client waits as long before it tries again. Default 20 s. */
  readonly timeoutInMs?: number;
  /** How often a send that failed is tried again. Default 3. */
  readonly maxRetries?: number;
}

/** How many sends may be unanswered at a time. */
const inFlight = 8;

/** Publishes messages with the real client, one event each, as Defender does; returns how many. */
export async function publish(
  connectionString: string,
  hub: string,
  messages: AsyncIterable<FeedMessage> | Iterable<FeedMessage>,
  signal: AbortSignal,
  { timeoutInMs = 20_000, maxRetries = 3 }: FeedOptions = {},
): Promise<number> {
  const producer = new EventHubProducerClient(connectionString, hub, {
    retryOptions: { maxRetries, retryDelayInMs: 500, timeoutInMs },
  });
  const source = Symbol.asyncIterator in messages ? messages[Symbol.asyncIterator]() : messages[Symbol.iterator]();
  let published = 0;
  // Each of these takes the next message when its last one is acknowledged, so the stream may be longer than memory.
  const sendInTurn = async (): Promise<void> => {
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      if (signal.aborted) return;
      const { body, partitionKey } = next.value;
      await producer.sendBatch([{ body: Buffer.from(body) }], partitionKey === undefined ? {} : { partitionKey });
      published++;
    }
  };
  try {
    await Promise.all(Array.from({ length: inFlight }, sendInTurn));
  } finally {
    await producer.close();
  }
  return published;
}
