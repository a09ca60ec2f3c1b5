import { setTimeout as sleep } from 'node:timers/promises';
import {
  EventHubConsumerClient,
  earliestEventPosition,
  type ReceivedEventData,
  RetryMode,
  type Subscription,
} from '@azure/event-hubs';
import { endsOf } from '../deadLetters/storedEvents';

/** It is to go on soon after each of the faults that it meets. */
const retryOptions = { maxRetries: 10, retryDelayInMs: 100, maxRetryDelayInMs: 1000, mode: RetryMode.Exponential };

const patienceMs = 100;
/** The longest that the end may take to come. */
const longestMs = 120_000;

/**
 * Reads a hub along while it is written to, in a consumer group of its own, because the hub forgets during a long run. It
 * meets the hub's faults as everybody does, and then goes on where it was: each event is given once.
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
    this.#consumer = new EventHubConsumerClient(group, connectionString, hub, { retryOptions });
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

  /** Resolves when everything that the hub holds now was given. */
  async caughtUp(): Promise<void> {
    const ends = await endsOf(this.#consumer);
    const giveUpAt = performance.now() + longestMs;
    while (ends.some(({ partition, last }) => (this.#last.get(partition) ?? -1) < last)) {
      if (performance.now() > giveUpAt) throw new Error('A hub could not be read to its end.');
      await sleep(patienceMs);
    }
  }

  async close(): Promise<void> {
    await this.#subscription.close();
    await this.#consumer.close();
  }
}
