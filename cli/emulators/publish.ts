import { openProducer } from '../azure/hubClients';

/** One message to publish. */
export interface FeedMessage {
  readonly body: Uint8Array;
  /** Messages with the same key go to the same partition. */
  readonly partitionKey?: string;
}

export interface PublishOptions {
  /** How long one send may take; after a lost connection the client waits as long before it tries again. Default 20 s. */
  readonly timeoutInMs?: number;
  /** How often a failed send is retried. Default 3. */
  readonly maxRetries?: number;
}

/** Sends that may wait for their acknowledgement at the same time. */
const maxInFlight = 8;

/** Publishes each message as one event, as Defender does, with the real client. Returns how many. */
export async function publish(
  connectionString: string,
  hub: string,
  messages: AsyncIterable<FeedMessage> | Iterable<FeedMessage>,
  signal: AbortSignal,
  { timeoutInMs = 20_000, maxRetries = 3 }: PublishOptions = {},
): Promise<number> {
  const retryOptions = { maxRetries, retryDelayInMs: 500, timeoutInMs };
  const producer = openProducer({ connectionString }, hub, {}, { retryOptions });
  const source = Symbol.asyncIterator in messages ? messages[Symbol.asyncIterator]() : messages[Symbol.iterator]();
  let published = 0;
  // Each sender takes its next message after an acknowledgement, so the stream may be larger than memory.
  const sendInTurn = async (): Promise<void> => {
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      if (signal.aborted) return;
      const { body, partitionKey } = next.value;
      await producer.sendBatch([{ body: Buffer.from(body) }], partitionKey === undefined ? {} : { partitionKey });
      published++;
    }
  };
  try {
    await Promise.all(Array.from({ length: maxInFlight }, sendInTurn));
  } finally {
    await producer.close();
  }
  return published;
}
