import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs';
import { type EventHubsEmulator, startEventHubs } from '../../src/eventhubs';
import { holds } from '../holds';

let emulator: EventHubsEmulator;

beforeAll(async () => {
  emulator = await startEventHubs({ hubs: [{ name: 'hub', partitions: 1 }] });
});
afterAll(async () => emulator.stop());

/** Recorded of the service by its SDKs: every delivery gets an outcome of its own. */
test(
  holds(
    'of sends in flight at the same time, exactly the rejected ones fail, and exactly the others are stored',
    'eventhubs.outcome-per-send',
  ),
  async () => {
    emulator.faults.inject({ on: 'send', kind: 'busy', probability: 0.5, seed: 7 });
    const retryOptions = { maxRetries: 0 };
    const producer = new EventHubProducerClient(emulator.connectionString('hub'), { retryOptions });
    const names = Array.from({ length: 200 }, (_, i) => `event ${i}`);
    const outcomes = await Promise.allSettled(names.map(async (body) => producer.sendBatch([{ body }])));
    await producer.close();
    emulator.faults.clear();
    const accepted = names.filter((_, i) => outcomes[i]?.status === 'fulfilled');
    expect(accepted.length).toBeGreaterThan(50);
    expect(accepted.length).toBeLessThan(150);
    const consumer = new EventHubConsumerClient('$Default', emulator.connectionString('hub'));
    const stored: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      const subscription = consumer.subscribe(
        {
          async processEvents(events) {
            stored.push(...events.map(({ body }) => body as unknown));
            if (stored.length < accepted.length && events.length > 0) return;
            await subscription.close();
            resolve();
          },
          async processError(error) {
            await subscription.close();
            reject(error);
          },
        },
        { startPosition: { offset: '-1' }, maxWaitTimeInSeconds: 1 },
      );
    });
    await consumer.close();
    expect(stored.map(String).toSorted((a, b) => a.localeCompare(b))).toEqual(
      accepted.toSorted((a, b) => a.localeCompare(b)),
    );
  },
);
