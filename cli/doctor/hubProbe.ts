import {
  latestEventPosition,
  type PartitionProperties,
  type ReceivedEventData,
  RetryMode,
  type SubscribeOptions,
  type Subscription,
} from '@azure/event-hubs';
import type { TokenCredential } from '@azure/identity';
import type { EventHubConnection } from '../../shared/config';
import { type ClientOptions, openConsumer, openProducer } from '../azure/hubClients';
import { errorCode } from '../common/errorText';
import { innermost } from './errorReason';
import { once, within } from './timeLimit';

/** Asks one hub without changing it: sends no event, writes no checkpoint, takes no partition from the app. */
export class HubProbe {
  readonly #options: ClientOptions;
  readonly #clients: { close(): Promise<void> }[] = [];

  constructor(
    private readonly hub: string,
    private readonly connection: EventHubConnection,
    credential: TokenCredential,
    private readonly seconds: number,
  ) {
    // One retry: a busy hub is not a misconfigured hub.
    const retryOptions = { maxRetries: 1, retryDelayInMs: 500, mode: RetryMode.Fixed, timeoutInMs: seconds * 1000 };
    this.#options = { credential, retryOptions };
  }

  readonly #consumer = once(async (group: string) =>
    this.closedLater(openConsumer(this.connection, this.hub, {}, group, this.#options)),
  );

  readonly #properties = once(() =>
    within(this.seconds, async (abortSignal) =>
      (await this.#consumer('$Default')).getEventHubProperties({ abortSignal }),
    ),
  );

  async partitions(): Promise<readonly string[]> {
    return (await this.#properties('')).partitionIds;
  }

  async created(): Promise<Date> {
    return (await this.#properties('')).createdOn;
  }

  readonly partition = once(
    (id: string): Promise<PartitionProperties> =>
      within(this.seconds, async (abortSignal) =>
        (await this.#consumer('$Default')).getPartitionProperties(id, { abortSignal }),
      ),
  );

  /**
   * Opens and closes a receiver without epoch, which never displaces another one. The trigger holds its partitions with
   * epoch 0, so beside a running app the service rejects this receiver; that shows that the group exists.
   */
  async openReceiver(group: string, partition: string): Promise<'opened' | 'inUse'> {
    try {
      await this.receive(group, partition, { startPosition: latestEventPosition, maxWaitTimeInSeconds: 0.1 });
      return 'opened';
    } catch (error) {
      if (errorCode(innermost(error)) === 'ReceiverDisconnectedError') return 'inUse';
      throw error;
    }
  }

  /** When the hub stored the first event at or after this sequence number; undefined when there is none. */
  async enqueued(partition: string, sequenceNumber: number): Promise<Date | undefined> {
    const startPosition = { sequenceNumber, isInclusive: true };
    const [event] = await this.receive('$Default', partition, { startPosition, maxWaitTimeInSeconds: this.seconds });
    return event?.enqueuedTimeUtc;
  }

  /** Opens the link that dead letters go through, and sends nothing. Returns the size of the largest event in bytes. */
  async openSender(): Promise<number> {
    const producer = this.closedLater(openProducer(this.connection, this.hub, {}, this.#options));
    return within(this.seconds, async (abortSignal) => (await producer.createBatch({ abortSignal })).maxSizeInBytes);
  }

  /** Never rejects; does not wait for a connection that is still being opened. */
  async close(): Promise<void> {
    const closed = Promise.allSettled(this.#clients.map(async (client) => client.close()));
    await within(1, async () => closed).catch(() => undefined);
  }

  private closedLater<T extends { close(): Promise<void> }>(client: T): T {
    this.#clients.push(client);
    return client;
  }

  private receive(group: string, partition: string, options: SubscribeOptions): Promise<readonly ReceivedEventData[]> {
    return within(this.seconds, async () => {
      const consumer = await this.#consumer(group);
      let subscription: Subscription | undefined;
      try {
        return await new Promise<readonly ReceivedEventData[]>((resolve, reject) => {
          subscription = consumer.subscribe(
            partition,
            { processEvents: async (events) => resolve(events), processError: async (error) => reject(error) },
            { ...options, maxBatchSize: 1, prefetchCount: 1, skipParsingBodyAsJson: true },
          );
        });
      } finally {
        await subscription?.close().catch(() => undefined);
      }
    });
  }
}
