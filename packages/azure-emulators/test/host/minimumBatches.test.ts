import type { ReceivedEventData } from '@azure/event-hubs';
import { MinimumBatches } from '../../src/host/minimumBatches';
import { holds } from '../holds';

const event = (sequenceNumber: number): ReceivedEventData => ({
  body: Buffer.from('x'),
  enqueuedTimeUtc: new Date(0),
  partitionKey: null,
  offset: String(sequenceNumber),
  sequenceNumber,
  getRawAmqpMessage: () => {
    throw new Error('Nobody asks for it.');
  },
});

test(
  holds(
    'events fewer than the least wait until there are enough; those of the first batch do not',
    'host.min-batch-size',
  ),
  async () => {
    const over = new AbortController();
    const sizes: number[] = [];
    const dispatched = new EventTarget();
    const batches = new MinimumBatches({
      least: 4,
      most: 8,
      maxWaitMs: 3_600_000,
      lastCheckpointMs: async () => Promise.resolve(undefined),
      dispatch: async (events) => {
        sizes.push(events.length);
        dispatched.dispatchEvent(new Event('batch'));
        return Promise.resolve();
      },
      signal: over.signal,
    });
    const first = new Promise((resolve) => dispatched.addEventListener('batch', resolve, { once: true }));
    await batches.add([event(0)]);
    await first;
    await batches.add([event(1), event(2)]);
    expect(sizes).toEqual([1]);
    await batches.add([event(3), event(4), event(5)]);
    expect(sizes).toEqual([1, 5]);
    over.abort();
  },
);
