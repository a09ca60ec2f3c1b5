import type { EventHubConsumerClient } from '@azure/event-hubs';
import type { Config } from '../config';
import { deadline, untilAborted } from '../deadline';
import { signedInToHub } from '../delivery/hubSignIn';
import { managedIdentity } from '../delivery/managedIdentity';
import { messageOf } from '../errors/messageOf';
import type { Partitions } from './partitions';
import type { TelemetryErrors } from './telemetryErrors';

const retryOptions = { maxRetries: 0, timeoutInMs: 10_000 };
/** For the requests about all partitions together. */
const timeoutMs = 30_000;

type HubConfig = Pick<Config, 'eventHub' | 'consumerGroup'>;

/**
 * Asks the hubs at intervals where the partitions of this instance end, because the trigger does not pass it on. Makes one
 * request a partition over one connection a hub, and receives no events. Loads the SDK with the first request.
 */
export class BacklogMonitor {
  readonly #clients = new Map<string, Promise<EventHubConsumerClient>>();
  #timer: NodeJS.Timeout | undefined;
  #asking: Promise<void> | undefined;

  constructor(
    private readonly config: HubConfig,
    private readonly partitions: Partitions,
    private readonly errors: TelemetryErrors,
  ) {}

  start(everySeconds: number): void {
    if (everySeconds === 0) return;
    this.#timer = setInterval(() => void this.ask(), everySeconds * 1000);
    this.#timer.unref();
  }

  /** Never rejects. */
  async ask(): Promise<void> {
    this.#asking ??= this.askAll().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#clients.keys()].map((hub) => this.drop(hub)));
  }

  private async askAll(): Promise<void> {
    const time = deadline(timeoutMs);
    try {
      for (const { hub, partition } of this.partitions.seen()) {
        try {
          const client = await this.clientOf(hub);
          const { lastEnqueuedSequenceNumber } = await untilAborted(
            client.getPartitionProperties(partition, { abortSignal: time.signal }),
            time.signal,
          );
          this.partitions.endsAt({ hub, partition }, lastEnqueuedSequenceNumber);
        } catch (error) {
          this.errors.report('BacklogUnknown', `Hub ${hub}, partition ${partition}: ${messageOf(error)}`);
          await this.drop(hub);
        }
      }
    } finally {
      time.end();
    }
  }

  private clientOf(hub: string): Promise<EventHubConsumerClient> {
    const client = this.#clients.get(hub) ?? connect(this.config, hub);
    this.#clients.set(hub, client);
    return client;
  }

  private async drop(hub: string): Promise<void> {
    const client = this.#clients.get(hub);
    this.#clients.delete(hub);
    await client?.then((one) => one.close()).catch(() => undefined);
  }
}

async function connect({ eventHub, consumerGroup: group }: HubConfig, hub: string): Promise<EventHubConsumerClient> {
  const { EventHubConsumerClient: Consumer } = await import('@azure/event-hubs');
  return signedInToHub(
    eventHub,
    async (connectionString) => new Consumer(group, connectionString, hub, { retryOptions }),
    async (namespace, clientId) =>
      new Consumer(group, namespace, hub, await managedIdentity(clientId), { retryOptions }),
  );
}
