/** An emulator and the SDK's own clients for it, all closed after each test. */
import {
  EventHubBufferedProducerClient,
  type EventHubBufferedProducerClientOptions,
  type EventHubClientOptions,
  EventHubConsumerClient,
  type EventHubConsumerClientOptions,
  EventHubProducerClient,
  type EventPosition,
  earliestEventPosition,
  type ReceivedEventData,
  type SubscribeOptions,
} from '@azure/event-hubs';
import { type EventHubsEmulator, type EventHubsOptions, startEventHubs } from '../../src/eventhubs';

/** The shortest time after which the SDK renews a token: 45 minutes with a key, nearly a day by identity. */
const renewalMs = 45 * 60_000;
const realSetTimeout = globalThis.setTimeout;
// When the service detaches a link, the SDK forgets the timer that renews its token; it must not keep the test alive.
jest.spyOn(globalThis, 'setTimeout').mockImplementation((...call: Parameters<typeof setTimeout>) => {
  const timer = realSetTimeout(...call);
  return (call[1] ?? 0) >= renewalMs ? timer.unref() : timer;
});

/** Short waits; the SDK's own are 30 s between tries and 60 s for each. */
export const impatient = { retryOptions: { maxRetries: 3, retryDelayInMs: 20, timeoutInMs: 1000 } };
export const noRetry = { retryOptions: { maxRetries: 0, timeoutInMs: 1000 } };

/** What a client may claim for an idempotent producer of a partition. */
export interface PartitionPublishing {
  readonly ownerLevel?: number;
  readonly producerGroupId?: number;
  readonly startingSequenceNumber?: number;
}

interface Closable {
  close(): Promise<void>;
}

export interface Bench {
  readonly emulator: EventHubsEmulator;
  /** Lines the emulator wrote for its operator. */
  readonly lines: readonly string[];
  producer(options?: EventHubClientOptions): EventHubProducerClient;
  /** The producer inside a buffered one that has enableIdempotentRetries set; used alone, its sends are ours to time. */
  idempotentProducer(partitionOptions?: Readonly<Record<string, PartitionPublishing>>): EventHubProducerClient;
  bufferedProducer(options: EventHubBufferedProducerClientOptions): EventHubBufferedProducerClient;
  consumer(group?: string, options?: EventHubConsumerClientOptions): EventHubConsumerClient;
}

const toClose: Closable[] = [];
const toStop: EventHubsEmulator[] = [];

/** Starts an emulator with one hub, named `hub`. */
export async function startBench(
  options: Partial<EventHubsOptions> & { readonly partitions?: number } = {},
): Promise<Bench> {
  const { partitions = 2, ...rest } = options;
  const lines: string[] = [];
  const emulator = await startEventHubs({
    hubs: [{ name: 'hub', partitions, consumerGroups: ['second'] }],
    log: (line) => lines.push(line),
    ...rest,
  });
  toStop.push(emulator);
  const address = emulator.connectionString('hub');
  return {
    emulator,
    lines,
    producer: (clientOptions = impatient) => closeLater(new EventHubProducerClient(address, clientOptions)),
    idempotentProducer: (partitionOptions = {}) => {
      const client = new EventHubProducerClient(address, impatient);
      Object.assign(client, { _enableIdempotentRetries: true, _partitionOptions: partitionOptions });
      return closeLater(client);
    },
    bufferedProducer: (clientOptions) => {
      const client = new EventHubBufferedProducerClient(address, clientOptions);
      Object.assign(client, { _backgroundManagementInterval: 100 }); // its 10 s would outlive the test
      return closeLater(client);
    },
    consumer: (group = '$Default', clientOptions = impatient) =>
      closeLater(new EventHubConsumerClient(group, address, clientOptions)),
  };
}

export function closeLater<Client extends Closable>(client: Client): Client {
  toClose.push(client);
  return client;
}

export async function closeAll(): Promise<void> {
  await Promise.allSettled(toClose.splice(0).map((client) => client.close()));
  await Promise.all(toStop.splice(0).map((emulator) => emulator.stop()));
}

/** The first `count` events of a partition, from a position on (default: the earliest). Rejects with the first error. */
export function read(
  consumer: EventHubConsumerClient,
  partition: string,
  count: number,
  options: SubscribeOptions & { readonly from?: EventPosition } = {},
): Promise<ReceivedEventData[]> {
  const { from = earliestEventPosition, ...rest } = options;
  return new Promise((resolve, reject) => {
    const events: ReceivedEventData[] = [];
    consumer.subscribe(
      partition,
      {
        processEvents: async (batch) => {
          events.push(...batch);
          if (events.length >= count) resolve(events.slice(0, count));
        },
        processError: async (error) => reject(error),
      },
      { startPosition: from, maxBatchSize: 100, ...rest },
    );
  });
}

/** Opens a receiver; `failed` settles with its first error, `receiving` when it has got an event. */
export function receive(
  consumer: EventHubConsumerClient,
  partition: string,
  options: SubscribeOptions = {},
): {
  readonly failed: Promise<Error>;
  readonly receiving: Promise<void>;
  readonly close: () => Promise<void>;
} {
  const failed = deferred<Error>();
  const receiving = deferred<void>();
  const subscription = consumer.subscribe(
    partition,
    {
      processEvents: async (events) => {
        if (events.length > 0) receiving.resolve();
      },
      processError: async (error) => failed.resolve(error),
    },
    { startPosition: earliestEventPosition, ...options },
  );
  return { failed: failed.promise, receiving: receiving.promise, close: () => subscription.close() };
}

export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

export function deferred<T>(): Deferred<T> {
  const resolvers: ((value: T) => void)[] = [];
  const promise = new Promise<T>((resolve) => resolvers.push(resolve));
  return { promise, resolve: (value) => resolvers[0]?.(value) };
}

/** Stands in an expected object for a text that contains or matches this. */
export function text(pattern: string | RegExp): unknown {
  return typeof pattern === 'string' ? expect.stringContaining(pattern) : expect.stringMatching(pattern);
}

/** Stands in an expected list for an error with these properties. */
export function like(properties: Readonly<Record<string, unknown>>): unknown {
  return expect.objectContaining(properties);
}

/** The errors behind a failed operation; the SDK nests one AggregateError per level of retrying. */
export function leaves(error: unknown): unknown[] {
  return error instanceof AggregateError ? error.errors.flatMap(leaves) : [error];
}

export async function failuresOf(operation: Promise<unknown>): Promise<unknown[]> {
  try {
    await operation;
    return [];
  } catch (error) {
    return leaves(error);
  }
}

/** Waits until `condition` holds, looking again after every turn of the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
