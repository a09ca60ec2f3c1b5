import type { EventHubConsumerClient } from '@azure/event-hubs';
import type { Config } from '../config';
import { withoutEntity } from '../delivery/deadLetterHub';
import { deadline, untilAborted } from '../delivery/deadline';
import type { Partitions } from './partitions';
import { type Trouble, wordsOf } from './trouble';

const retryOptions = { maxRetries: 0, timeoutInMs: 10_000 };
/** For all partitions of one asking. */
const patienceMs = 30_000;

type HubConfig = Pick<Config, 'eventHub' | 'consumerGroup'>;

/**
 * Asks the hub at intervals where the partitions of this instance end, because the trigger does not tell. One request for
 * each partition over one connection for each hub; nothing is received. Loads the SDK at the first time.
 */
export class BacklogMonitor {
  readonly #clients = new Map<string, Promise<EventHubConsumerClient>>();
  #timer: NodeJS.Timeout | undefined;
  #asking: Promise<void> | undefined;

  constructor(
    private readonly config: HubConfig,
    private readonly partitions: Partitions,
    private readonly trouble: Trouble,
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
    const time = deadline(patienceMs);
    try {
      for (const place of this.partitions.seen()) {
        try {
          const client = await this.clientOf(place.hub);
          const { lastEnqueuedSequenceNumber } = await untilAborted(
            client.getPartitionProperties(place.partition, { abortSignal: time.signal }),
            time.signal,
          );
          this.partitions.endsAt(place, lastEnqueuedSequenceNumber);
        } catch (error) {
          this.trouble.report('BacklogUnknown', `Hub ${place.hub}, partition ${place.partition}: ${wordsOf(error)}`);
          await this.drop(place.hub);
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

async function connect({ eventHub, consumerGroup }: HubConfig, hub: string): Promise<EventHubConsumerClient> {
  const { EventHubConsumerClient: Consumer } = await import('@azure/event-hubs');
  if ('connectionString' in eventHub) {
    return new Consumer(consumerGroup, withoutEntity(eventHub.connectionString), hub, { retryOptions });
  }
  const { ManagedIdentityCredential } = await import('@azure/identity');
  const { fullyQualifiedNamespace, clientId } = eventHub;
  const credential =
    clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  return new Consumer(consumerGroup, fullyQualifiedNamespace, hub, credential, { retryOptions });
}
