import type { EventData, EventHubProducerClient } from '@azure/event-hubs';
import type { Environment, EventHubConnection } from '../../shared/config';
import { HubError, reasonOf } from '../common/errorText';
import { openProducer } from './hubClients';

/** Sends single events to hubs of one namespace; connects to a hub with its first event. */
export class HubSenders {
  readonly #producers = new Map<string, EventHubProducerClient>();

  constructor(
    private readonly connection: EventHubConnection,
    private readonly environment: Environment,
  ) {}

  /**
   * Resolves to true when the event is stored, to false when it is larger than the hub allows. Without a partition key
   * the service chooses the partition.
   * @throws HubError when sending failed; the event may be stored all the same.
   */
  async send(hub: string, event: EventData, partitionKey?: string): Promise<boolean> {
    try {
      const producer = this.#producers.get(hub) ?? openProducer(this.connection, hub, this.environment);
      this.#producers.set(hub, producer);
      const batch = await producer.createBatch(partitionKey === undefined ? {} : { partitionKey });
      if (!batch.tryAdd(event)) return false;
      await producer.sendBatch(batch);
      return true;
    } catch (cause) {
      const advice = 'Check that the hub exists and that you may send to it (role Azure Event Hubs Data Sender).';
      throw new HubError(`Sending to the hub ${hub} failed: ${reasonOf(cause)} ${advice}`, { cause });
    }
  }

  /** Never rejects, because every event has been acknowledged already. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#producers.values()].map(async (producer) => producer.close()));
  }
}
