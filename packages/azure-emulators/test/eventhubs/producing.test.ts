import { randomBytes } from 'node:crypto';
import { holds } from '../holds';
import { closeAll, impatient, noRetry, read, startBench, text } from './clients';

afterEach(closeAll);

describe('Sending', () => {
  test(
    holds('events of a batch come back in order, with body, properties and partition key', 'eventhubs.batch-format'),
    async () => {
      const bench = await startBench({ partitions: 1 });
      const bodies = [Buffer.from([0, 255]), 'text', { nested: [1, null] }, 7, [1, 'two']];
      await bench.producer().sendBatch(
        bodies.map((body, index) => ({ body, properties: { index, name: 'n' }, contentType: 'application/json' })),
        { partitionKey: 'key' },
      );
      const events = await read(bench.consumer(), '0', 5);
      expect(events.map(({ body }) => body as unknown)).toStrictEqual(bodies);
      expect(events.map(({ properties }) => properties)).toStrictEqual(
        [0, 1, 2, 3, 4].map((index) => ({ index, name: 'n' })),
      );
      expect(events[0]).toMatchObject({ partitionKey: 'key', contentType: 'application/json' });
    },
  );

  test(holds('a batch of 1 MB comes back byte for byte', 'eventhubs.same-bytes'), async () => {
    const bench = await startBench();
    const producer = bench.producer();
    const batch = await producer.createBatch({ partitionId: '1' });
    const sent: Buffer[] = [];
    for (let event = randomBytes(40_000); batch.tryAdd({ body: event }); event = randomBytes(40_000)) sent.push(event);
    const rest = randomBytes(batch.maxSizeInBytes - batch.sizeInBytes - 100);
    expect(batch.tryAdd({ body: rest })).toBe(true);
    await producer.sendBatch(batch);
    const received = await read(bench.consumer(), '1', sent.length + 1);
    expect(received.map(({ body }) => body as unknown)).toStrictEqual([...sent, rest]);
  });

  test(
    holds(
      'sequence numbers count from 0 per partition; offsets are strings that grow; times are those of arrival',
      'eventhubs.sequence-numbers',
    ),
    async () => {
      const bench = await startBench({ now: () => Date.UTC(2020, 0, 1) });
      const producer = bench.producer();
      await producer.sendBatch([{ body: 'a' }, { body: 'b' }], { partitionId: '0' });
      await producer.sendBatch([{ body: 'c' }], { partitionId: '0' });
      await producer.sendBatch([{ body: 'd' }], { partitionId: '1' });
      const events = await read(bench.consumer(), '0', 3);
      expect(events.map(({ sequenceNumber }) => sequenceNumber)).toStrictEqual([0, 1, 2]);
      expect(events.map(({ enqueuedTimeUtc }) => enqueuedTimeUtc.toISOString())).toStrictEqual(
        Array.from({ length: 3 }, () => '2020-01-01T00:00:00.000Z'),
      );
      const offsets = events.map(({ offset }) => offset);
      expect(offsets.every((offset) => typeof offset === 'string')).toBe(true);
      expect(offsets.map(Number)).toStrictEqual(offsets.map(Number).toSorted((one, other) => one - other));
      expect(new Set(offsets).size).toBe(3);
      expect((await read(bench.consumer(), '1', 1))[0]?.sequenceNumber).toBe(0);
    },
  );

  test(
    holds('without partition and key, the service spreads messages over all partitions', 'eventhubs.spread-messages'),
    async () => {
      const bench = await startBench({ partitions: 4 });
      const producer = bench.producer();
      for (let message = 0; message < 8; message++) await producer.sendBatch([{ body: message }]);
      expect(bench.emulator.statistics().hubs['hub']?.map(({ count }) => count)).toStrictEqual([2, 2, 2, 2]);
    },
  );
});

describe('Partition keys (Event Hubs features: events with the same key are in order in the same partition)', () => {
  test(
    holds('the same key always goes to the same partition, and keys spread', 'eventhubs.partition-keys'),
    async () => {
      const bench = await startBench({ partitions: 8 });
      const producer = bench.producer();
      for (const round of [1, 2, 3]) {
        for (let key = 0; key < 12; key++)
          await producer.sendBatch([{ body: round }], { partitionKey: `device-${key}` });
      }
      const counts = bench.emulator.statistics().hubs['hub']?.map(({ count }) => count) ?? [];
      expect(counts.every((count) => count % 3 === 0)).toBe(true);
      expect(counts.filter((count) => count > 0).length).toBeGreaterThan(3);
    },
  );

  test(
    holds('the buffered client and the service choose the same partition for a key', 'eventhubs.partition-keys'),
    async () => {
      const bench = await startBench({ partitions: 32 });
      const failures: unknown[] = [];
      const buffered = bench.bufferedProducer({
        onSendEventsErrorHandler: ({ error }) => {
          failures.push(error);
        },
        ...impatient,
      });
      const producer = bench.producer();
      const keys = ['', 'a', 'tenant-1', 'a key longer than twelve bytes', 'Schlüssel', '日本語のキー'];
      for (const key of keys.slice(1)) {
        await producer.sendBatch([{ body: key }], { partitionKey: key });
        await buffered.enqueueEvent({ body: key }, { partitionKey: key });
      }
      await buffered.flush();
      const counts = bench.emulator.statistics().hubs['hub']?.map(({ count }) => count) ?? [];
      expect(counts.every((count) => count % 2 === 0)).toBe(true);
      expect(counts.reduce((sum, count) => sum + count)).toBe(10);
      expect(failures).toStrictEqual([]);
    },
  );
});

describe('Message size (Event Hubs quotas: 1 MB in a Standard namespace)', () => {
  test(holds('the limit is announced when a producer connects', 'eventhubs.message-size'), async () => {
    const bench = await startBench();
    expect((await bench.producer().createBatch()).maxSizeInBytes).toBe(1_048_576);
    const small = await startBench({ maxMessageSize: 10_000 });
    expect((await small.producer().createBatch()).maxSizeInBytes).toBe(10_000);
  });

  test(
    holds(
      'a larger message is rejected with its size (azure-event-hubs-python#106), and not stored',
      'eventhubs.message-size',
    ),
    async () => {
      const bench = await startBench();
      const sent = bench.producer(noRetry).sendBatch([{ body: Buffer.alloc(1_048_576) }]);
      await expect(sent).rejects.toMatchObject({
        code: 'MessageTooLargeError',
        retryable: false,
        message: text(/size:\d{7} bytes\) exceeds the limit \(1048576 bytes\) currently allowed on the link/),
      });
      expect(bench.emulator.statistics().counters.eventsStored).toBe(0);
    },
  );
});

describe('Addresses that do not exist', () => {
  test(
    holds('a hub that does not exist is not found, and the client does not retry', 'eventhubs.not-found'),
    async () => {
      const bench = await startBench({ hubs: [{ name: 'other', partitions: 1 }] });
      await expect(bench.producer().sendBatch([{ body: 1 }])).rejects.toMatchObject({
        code: 'MessagingEntityNotFoundError',
        retryable: false,
      });
    },
  );

  test(
    holds('a partition that does not exist is out of range (azure-sdk-for-python#11708)', 'eventhubs.not-found'),
    async () => {
      const bench = await startBench();
      await expect(bench.producer().sendBatch([{ body: 1 }], { partitionId: '2' })).rejects.toMatchObject({
        code: 'ArgumentOutOfRangeError',
        message: text('It should be between 0 and 1.'),
      });
    },
  );
});
