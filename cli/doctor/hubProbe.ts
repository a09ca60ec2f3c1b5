import {
  type EventHubClientOptions,
  EventHubConsumerClient,
  EventHubProducerClient,
  latestEventPosition,
  type PartitionProperties,
  type ReceivedEventData,
  RetryMode,
  type SubscribeOptions,
  type Subscription,
} from '@azure/event-hubs';
import type { TokenCredential } from '@azure/identity';
import type { EventHubConnection } from '../../shared/config';
import { withoutEntity } from '../azure/hubClients';
import { codeOf } from '../azure/hubError';
import { innermost } from './errorReason';
import { once, within } from './timeLimit';

/** Asks one hub without leaving a trace in it: no event is sent, no checkpoint written, no partition taken from the app. */
export class HubProbe {
  /** Once more after a moment: a hub that is busy is not a wrong hub. */
  readonly #options: EventHubClientOptions;
  readonly #clients: { close(): Promise<void> }[] = [];

  constructor(
    private readonly hub: string,
    private readonly connection: EventHubConnection,
    private readonly credential: TokenCredential,
    private readonly seconds: number,
  ) {
    const timeoutInMs = seconds * 1000;
    this.#options = { retryOptions: { maxRetries: 1, retryDelayInMs: 500, mode: RetryMode.Fixed, timeoutInMs } };
  }

  readonly #consumer = once(async (group: string) => {
    const consumer =
      'connectionString' in this.connection
        ? new EventHubConsumerClient(group, withoutEntity(this.connection.connectionString), this.hub, this.#options)
        : new EventHubConsumerClient(
            group,
            this.connection.fullyQualifiedNamespace,
            this.hub,
            this.credential,
            this.#options,
          );
    this.#clients.push(consumer);
    return consumer;
  });

  readonly #properties = once(() =>
    within(this.seconds, async (abortSignal) =>
      (await this.#consumer('$Default')).getEventHubProperties({ abortSignal }),
    ),
  );

  async partitions(): Promise<readonly string[]> {
    return (await this.#properties('')).partitionIds;
  }

  /** When the hub was made. */
  async made(): Promise<Date> {
    return (await this.#properties('')).createdOn;
  }

  readonly partition = once(
    (id: string): Promise<PartitionProperties> =>
      within(this.seconds, async (abortSignal) =>
        (await this.#consumer('$Default')).getPartitionProperties(id, { abortSignal }),
      ),
  );

  /**
   * Opens a receiver without epoch, which never displaces another, and closes it again. The platform's trigger holds its
   * partitions with epoch 0, so beside a running app the service refuses this one; that says that the group is there.
   */
  async openReceiver(group: string, partition: string): Promise<'opened' | 'inUse'> {
    try {
      await this.receive(group, partition, { startPosition: latestEventPosition, maxWaitTimeInSeconds: 0.1 });
      return 'opened';
    } catch (error) {
      if (codeOf(innermost(error)) === 'ReceiverDisconnectedError') return 'inUse';
      throw error;
    }
  }

  /** When the hub took the first event from this sequence number on; undefined when there is none. */
  async enqueued(partition: string, sequenceNumber: number): Promise<Date | undefined> {
    const startPosition = { sequenceNumber, isInclusive: true };
    const [event] = await this.receive('$Default', partition, { startPosition, maxWaitTimeInSeconds: this.seconds });
    return event?.enqueuedTimeUtc;
  }

  /** Opens the link that dead letters go through, and sends nothing. Returns the largest event in bytes. */
  async openSender(): Promise<number> {
    const producer =
      'connectionString' in this.connection
        ? new EventHubProducerClient(withoutEntity(this.connection.connectionString), this.hub, this.#options)
        : new EventHubProducerClient(this.connection.fullyQualifiedNamespace, this.hub, this.credential, this.#options);
    this.#clients.push(producer);
    return within(this.seconds, async (abortSignal) => (await producer.createBatch({ abortSignal })).maxSizeInBytes);
  }

  /** Never fails; a connection that is still being opened is left to itself. */
  async close(): Promise<void> {
    const closed = Promise.allSettled(this.#clients.map(async (client) => client.close()));
    await within(1, async () => closed).catch(() => undefined);
  }

  private async receive(
    group: string,
    partition: string,
    options: SubscribeOptions,
  ): Promise<readonly ReceivedEventData[]> {
    const consumer = await this.#consumer(group);
    return within(this.seconds, async () => {
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
