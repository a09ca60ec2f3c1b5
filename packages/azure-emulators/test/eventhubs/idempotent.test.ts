import type { EventData } from '@azure/event-hubs';
import { holds } from '../holds';
import { closeAll, failuresOf, impatient, like, startBench, text } from './clients';

afterEach(closeAll);

const in0 = { partitionId: '0' };

function events(...bodies: number[]): EventData[] {
  return bodies.map((body) => ({ body }));
}

// Semantics: the design of idempotent publishing, Azure/azure-sdk-for-net#13188 and #14248; conditions as the SDK maps
// them (com.microsoft:producer-epoch-stolen, com.microsoft:out-of-order-sequence).
describe('Idempotent producers', () => {
  test(
    holds('a batch whose acknowledgement was lost is sent again and stored once', 'eventhubs.idempotent-producer'),
    async () => {
      const bench = await startBench();
      const producer = bench.idempotentProducer();
      await producer.sendBatch(events(1), in0);
      bench.emulator.faults.inject({ on: 'send', kind: 'loseAcknowledgement' });
      await producer.sendBatch(events(2, 3), in0);
      await producer.sendBatch(events(4), in0);
      const { hubs, counters } = bench.emulator.statistics();
      expect(hubs['hub']?.[0]).toMatchObject({ count: 4, lastSequenceNumber: 3 });
      expect(counters.eventsDeduplicated).toBe(2);
    },
  );

  test(
    holds(
      'without it, a lost acknowledgement stores the batch twice: the service is at-least-once',
      'eventhubs.lost-acknowledgement',
    ),
    async () => {
      const bench = await startBench();
      const producer = bench.producer();
      bench.emulator.faults.inject({ on: 'send', kind: 'loseAcknowledgement' });
      await producer.sendBatch(events(1, 2), in0);
      expect(bench.emulator.statistics().hubs['hub']?.[0]?.count).toBe(4);
    },
  );

  test('a buffered producer with enableIdempotentRetries stores each event once', async () => {
    const bench = await startBench({ partitions: 1 });
    const failed: unknown[] = [];
    const buffered = bench.bufferedProducer({
      ...impatient,
      enableIdempotentRetries: true,
      onSendEventsErrorHandler: ({ error }) => {
        failed.push(error);
      },
    });
    bench.emulator.faults.inject({ on: 'send', kind: 'loseAcknowledgement' });
    await buffered.enqueueEvents(events(1, 2, 3, 4, 5));
    await buffered.flush();
    expect(failed).toStrictEqual([]);
    expect(bench.emulator.statistics().hubs['hub']?.[0]?.count).toBe(5);
  });

  test('the service gives the producer its id, and continues the numbers of a client that sends them', async () => {
    const bench = await startBench();
    const first = bench.idempotentProducer();
    await first.sendBatch(events(1, 2, 3), in0);
    await first.close();
    const second = bench.idempotentProducer({
      0: { producerGroupId: 1, ownerLevel: 0, startingSequenceNumber: 3 },
    });
    await second.sendBatch(events(4), in0);
    expect(bench.emulator.statistics().hubs['hub']?.[0]?.count).toBe(4);
  });

  test(
    holds('numbers that leave a gap are rejected, and the client does not retry', 'eventhubs.idempotent-producer'),
    async () => {
      const bench = await startBench();
      const first = bench.idempotentProducer();
      await first.sendBatch(events(1), in0);
      await first.close();
      const gap = bench.idempotentProducer({ 0: { producerGroupId: 1, ownerLevel: 0, startingSequenceNumber: 5 } });
      await expect(gap.sendBatch(events(2), in0)).rejects.toMatchObject({
        code: 'SequenceOutOfOrderError',
        retryable: false,
      });
      expect(bench.emulator.statistics().hubs['hub']?.[0]?.count).toBe(1);
    },
  );

  test(
    holds(
      'a producer with a higher epoch takes over; the one with the lower epoch cannot come back',
      'eventhubs.producer-epoch',
    ),
    async () => {
      const bench = await startBench();
      const old = bench.idempotentProducer({ 0: { producerGroupId: 9, ownerLevel: 1, startingSequenceNumber: 0 } });
      await old.sendBatch(events(1), in0);
      const heir = bench.idempotentProducer({ 0: { producerGroupId: 9, ownerLevel: 2, startingSequenceNumber: 0 } });
      await heir.sendBatch(events(2), in0);
      // The SDK takes the rejected attach for something to try again.
      expect(await failuresOf(old.sendBatch(events(3), in0))).toContainEqual(
        like({ message: text("because a producer with epoch '2' is connected") }),
      );
      expect(bench.emulator.statistics().hubs['hub']?.[0]?.count).toBe(2);
    },
  );
});
