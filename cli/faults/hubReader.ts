import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EventHubConsumerClient,
  earliestEventPosition,
  type ReceivedEventData,
  RetryMode,
  type Subscription,
} from '@azure/event-hubs';
import { openConsumer } from '../azure/hubClients';
import { endsOf } from '../deadLetters/storedEvents';

/** Short delays, so that reading continues soon after each fault. */
const retryOptions = { maxRetries: 10, retryDelayInMs: 100, maxRetryDelayInMs: 1000, mode: RetryMode.Exponential };

const patienceMs = 100;
/** The time limit for reading to the end. */
const longestMs = 120_000;

/**
 * Reads a hub while it is written to, in its own consumer group, because events expire during a long run. It meets the
 * hub's faults too, and then continues where it was, so that it passes on each event once.
 */
export class HubReader {
  readonly #last = new Map<string, number>();
  readonly #consumer: EventHubConsumerClient;
  readonly #subscription: Subscription;

  constructor(
    connectionString: string,
    hub: string,
    group: string,
    take: (partition: string, event: ReceivedEventData) => void,
  ) {
    this.#consumer = openConsumer({ connectionString }, hub, {}, group, { retryOptions });
    this.#subscription = this.#consumer.subscribe(
      {
        processEvents: async (events, context) => {
          const { partitionId } = context;
          for (const event of events) {
            if (event.sequenceNumber <= (this.#last.get(partitionId) ?? -1)) continue;
            this.#last.set(partitionId, event.sequenceNumber);
            take(partitionId, event);
          }
          const last = events.at(-1);
          if (last !== undefined) await context.updateCheckpoint(last);
        },
        processError: async () => Promise.resolve(),
      },
      { startPosition: earliestEventPosition, maxBatchSize: 32, maxWaitTimeInSeconds: 1, skipParsingBodyAsJson: true },
    );
  }

  /** Resolves when every event that the hub holds now was passed on. */
  async caughtUp(): Promise<void> {
    const ends = await endsOf(this.#consumer);
    const giveUpAt = performance.now() + longestMs;
    while (ends.some(({ partition, last }) => (this.#last.get(partition) ?? -1) < last)) {
      if (performance.now() > giveUpAt)
        throw new Error(
          'The judge could not read a hub to its end within 120 s. Run it again; on a busy machine close other programs.',
        );
      await sleep(patienceMs);
    }
  }

  async close(): Promise<void> {
    await this.#subscription.close();
    await this.#consumer.close();
  }
}
