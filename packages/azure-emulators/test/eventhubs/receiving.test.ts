import { holds } from '../holds';
import { closeAll, deferred, impatient, noRetry, read, receive, startBench, text, until } from './clients';

afterEach(closeAll);

const in0 = { partitionId: '0' };
/** In the past: the clients' tokens, made by the real clock, are then valid. */
const start = Date.UTC(2020, 0, 1);

function level(ownerLevel: number) {
  return { ownerLevel };
}

/** Three messages of one event each, a second apart, in partition 0: bodies 0, 1, 2. */
async function threeEvents() {
  let now = start;
  const bench = await startBench({ now: () => now });
  const producer = bench.producer();
  for (const body of [0, 1, 2]) {
    await producer.sendBatch([{ body }], in0);
    now += 1000;
  }
  return { bench, producer };
}

describe('Start positions (the SDK reference of EventPosition)', () => {
  test.each([
    ['earliest', { offset: '-1' }, [0, 1, 2]],
    ['after a sequence number', { sequenceNumber: 0 }, [1, 2]],
    ['at a sequence number', { sequenceNumber: 1, isInclusive: true }, [1, 2]],
    ['after a time', { enqueuedOn: start }, [1, 2]],
    ['after a time between two events', { enqueuedOn: start + 500 }, [1, 2]],
    ['after a time as a Date', { enqueuedOn: new Date(start + 1000) }, [2]],
  ])(holds('%s', 'eventhubs.start-position'), async (_name, from, expected) => {
    const { bench } = await threeEvents();
    const events = await read(bench.consumer(), '0', expected.length, { from });
    expect(events.map(({ body }) => body as unknown)).toStrictEqual(expected);
  });

  test(holds('after and at an offset', 'eventhubs.start-position'), async () => {
    const { bench } = await threeEvents();
    const offset = (await read(bench.consumer(), '0', 3))[1]?.offset ?? '';
    expect((await read(bench.consumer(), '0', 1, { from: { offset } }))[0]?.body).toBe(2);
    expect((await read(bench.consumer(), '0', 1, { from: { offset, isInclusive: true } }))[0]?.body).toBe(1);
  });

  test(
    holds(
      'latest gets only events that arrive afterwards; so does the last sequence number',
      'eventhubs.start-position',
    ),
    async () => {
      const { bench, producer } = await threeEvents();
      const latest = read(bench.consumer(), '0', 1, { from: { offset: '@latest' } });
      const afterLast = read(bench.consumer('second'), '0', 1, { from: { sequenceNumber: 2 } });
      await until(() => bench.emulator.statistics().receivers === 2);
      await producer.sendBatch([{ body: 'new' }], in0);
      expect((await latest)[0]?.body).toBe('new');
      expect((await afterLast)[0]?.body).toBe('new');
    },
  );

  test.each([
    [
      'offset',
      { offset: '999999' },
      /^The supplied offset '999999' is invalid. The last offset in the system is '\d+'/,
    ],
    [
      'sequence number',
      { sequenceNumber: 3 },
      /^The supplied sequence number '3' is invalid. The last sequence number in the system is '2'/,
    ],
  ])(
    holds('an %s beyond the end is an argument error (azure-event-hubs-python#13)', 'eventhubs.position-beyond-end'),
    async (_name, from, pattern) => {
      const { bench } = await threeEvents();
      await expect(read(bench.consumer(), '0', 1, { from })).rejects.toMatchObject({
        code: 'ArgumentError',
        retryable: false,
        message: text(pattern),
      });
    },
  );

  test(holds('a time beyond the end waits for new events', 'eventhubs.position-beyond-end'), async () => {
    const { bench, producer } = await threeEvents();
    const later = read(bench.consumer(), '0', 1, { from: { enqueuedOn: start + 60_000 } });
    await until(() => bench.emulator.statistics().receivers === 1);
    await producer.sendBatch([{ body: 'new' }], in0);
    expect((await later)[0]?.body).toBe('new');
  });
});

describe('Consumer groups and partitions', () => {
  test(holds('each group reads everything on its own', 'eventhubs.consumer-groups'), async () => {
    const { bench } = await threeEvents();
    expect(await read(bench.consumer(), '0', 3)).toHaveLength(3);
    expect(await read(bench.consumer('second'), '0', 3)).toHaveLength(3);
  });

  test('group names are not case-sensitive', async () => {
    const { bench } = await threeEvents();
    expect(await read(bench.consumer('$DEFAULT'), '0', 3)).toHaveLength(3);
  });

  test(holds('a group that does not exist is not found', 'eventhubs.not-found'), async () => {
    const { bench } = await threeEvents();
    await expect(read(bench.consumer('third'), '0', 1)).rejects.toMatchObject({ code: 'MessagingEntityNotFoundError' });
  });

  test(holds('a partition that does not exist is out of range', 'eventhubs.not-found'), async () => {
    const { bench } = await threeEvents();
    await expect(read(bench.consumer(), '5', 1)).rejects.toMatchObject({ code: 'ArgumentOutOfRangeError' });
  });

  test(
    holds(
      'with each event comes the end of the partition (last enqueued event properties)',
      'eventhubs.runtime-metrics',
    ),
    async () => {
      const { bench } = await threeEvents();
      const seen = await new Promise((resolve) => {
        bench.consumer().subscribe(
          '0',
          {
            processEvents: async (events, context) => {
              if (events.length > 0) resolve(context.lastEnqueuedEventProperties);
            },
            processError: async () => {},
          },
          {
            startPosition: { offset: '-1' },
            maxBatchSize: 1,
            prefetchCount: 1,
            trackLastEnqueuedEventProperties: true,
          },
        );
      });
      expect(seen).toMatchObject({
        sequenceNumber: 2,
        enqueuedOn: new Date(start + 2000),
        offset: text(/^\d+$/),
        retrievedOn: new Date(start + 3000),
      });
    },
  );
});

describe('Credit', () => {
  test(
    holds(
      'a receiver is sent as many events as it prefetches, and no more until it has taken some',
      'eventhubs.credit',
    ),
    async () => {
      const bench = await startBench();
      const producer = bench.producer();
      await producer.sendBatch(
        Array.from({ length: 100 }, (_, body) => ({ body })),
        in0,
      );
      const held = deferred<void>();
      bench
        .consumer()
        .subscribe(
          '0',
          { processEvents: () => held.promise, processError: async () => {} },
          { startPosition: { offset: '-1' }, maxBatchSize: 5, prefetchCount: 20 },
        );
      await until(() => bench.emulator.statistics().counters.eventsDelivered >= 20);
      await producer.getPartitionProperties('0'); // a round trip later there are still no more
      expect(bench.emulator.statistics().counters.eventsDelivered).toBe(20);
      held.resolve();
      await until(() => bench.emulator.statistics().counters.eventsDelivered === 100);
    },
  );
});

describe('Large events', () => {
  test('24 MB prefetched on one connection arrive in full and in order, over twelve partitions', async () => {
    const bench = await startBench({ partitions: 12 });
    const producer = bench.producer();
    const partitions = Array.from({ length: 12 }, (_, index) => String(index));
    for (const partitionId of partitions) {
      for (const fill of [1, 2]) await producer.sendBatch([{ body: Buffer.alloc(1_000_000, fill) }], { partitionId });
    }
    const consumer = bench.consumer();
    const received = await Promise.all(partitions.map((partition) => read(consumer, partition, 2)));
    const fills = received.map((events) => events.map(({ body }: { readonly body: Buffer }) => [body.length, body[0]]));
    expect(fills).toStrictEqual(
      partitions.map(() => [
        [1_000_000, 1],
        [1_000_000, 2],
      ]),
    );
  });
});

describe('Receivers without epoch (Event Hubs quotas: five in a partition and consumer group)', () => {
  test(
    holds(
      'the sixth is rejected, with the names of the five (MicrosoftDocs/azure-docs#24985)',
      'eventhubs.five-receivers',
    ),
    async () => {
      const { bench } = await threeEvents();
      const five = Array.from({ length: 5 }, () => receive(bench.consumer(), '0'));
      await Promise.all(five.map(({ receiving }) => receiving));
      const error = await receive(bench.consumer('$Default', noRetry), '0').failed;
      expect(error).toMatchObject({ code: 'QuotaExceededError', retryable: false });
      expect(error.message).toMatch(/which is 5\. List of connected receivers - (\S+, ){4}\S+\. TrackingId/);
    },
  );

  test('the limit is per partition and group, and a receiver that leaves makes room', async () => {
    const { bench } = await threeEvents();
    const five = Array.from({ length: 5 }, () => receive(bench.consumer(), '0'));
    await Promise.all(five.map(({ receiving }) => receiving));
    await receive(bench.consumer('second'), '0').receiving;
    await five[0]?.close();
    await receive(bench.consumer(), '0').receiving;
  });
});

// The SDK takes an ownerLevel of 0 for none, unless the client has a checkpoint store.
describe('Receivers with an epoch (ownerLevel)', () => {
  test.each([
    ['a higher', 1, 2],
    ['the same', 3, 3],
  ])(
    holds('%s epoch replaces the current receiver (azure-sdk-for-java#12483)', 'eventhubs.owner-level'),
    async (_name, first, second) => {
      const { bench } = await threeEvents();
      const current = receive(bench.consumer('$Default', noRetry), '0', level(first));
      await current.receiving;
      const newcomer = receive(bench.consumer(), '0', level(second));
      const error = await current.failed;
      expect(error).toMatchObject({ code: 'ReceiverDisconnectedError', retryable: false });
      expect(error.message).toContain(`with higher epoch of '${second}' is created hence current receiver`);
      await newcomer.receiving;
    },
  );

  test(holds('a lower epoch is rejected (azure-sdk-for-java#26583)', 'eventhubs.lower-epoch'), async () => {
    const { bench } = await threeEvents();
    await receive(bench.consumer(), '0', level(5)).receiving;
    const error = await receive(bench.consumer('$Default', noRetry), '0', level(4)).failed;
    expect(error).toMatchObject({ code: 'ReceiverDisconnectedError' });
    expect(error.message).toMatch(/with a higher epoch '5' already exists\. .* with epoch 4 cannot be created/);
  });

  test(
    holds(
      'a receiver without epoch is rejected while one with an epoch is connected (azure-event-hubs-go#181)',
      'eventhubs.no-epoch',
    ),
    async () => {
      const { bench } = await threeEvents();
      await receive(bench.consumer(), '0', level(7)).receiving;
      const error = await receive(bench.consumer('$Default', noRetry), '0').failed;
      expect(error).toMatchObject({ code: 'ReceiverDisconnectedError' });
      expect(error.message).toContain("created with epoch of '7', and so non-epoch receiver is not allowed");
    },
  );

  test(holds('a receiver with an epoch replaces all without', 'eventhubs.owner-level'), async () => {
    const { bench } = await threeEvents();
    const without = [receive(bench.consumer(), '0'), receive(bench.consumer(), '0')];
    await Promise.all(without.map(({ receiving }) => receiving));
    await receive(bench.consumer(), '0', level(1)).receiving;
    for (const { failed } of without)
      await expect(failed).resolves.toMatchObject({ code: 'ReceiverDisconnectedError' });
  });

  test(holds('other partitions and groups are not affected', 'eventhubs.consumer-groups'), async () => {
    const { bench, producer } = await threeEvents();
    await producer.sendBatch([{ body: 1 }], { partitionId: '1' });
    await receive(bench.consumer(), '0', level(3)).receiving;
    await receive(bench.consumer('second', impatient), '0', level(1)).receiving;
    await receive(bench.consumer(), '1', level(1)).receiving;
  });
});

describe('Retention', () => {
  test(
    holds(
      'old events are dropped, sequence numbers continue, and a reader behind starts at the first kept event',
      'eventhubs.retention',
    ),
    async () => {
      let now = start;
      const bench = await startBench({ retentionMs: 10_000, now: () => now });
      const producer = bench.producer();
      await producer.sendBatch([{ body: 'a' }, { body: 'b' }], in0);
      now += 9_000;
      await producer.sendBatch([{ body: 'c' }], in0);
      now += 2_000;
      expect(await producer.getPartitionProperties('0')).toMatchObject({
        beginningSequenceNumber: 2,
        lastEnqueuedSequenceNumber: 2,
        isEmpty: false,
      });
      const [event] = await read(bench.consumer(), '0', 1, { from: { sequenceNumber: 0 } });
      expect(event).toMatchObject({ body: 'c', sequenceNumber: 2 });
      now += 10_000;
      expect(await producer.getPartitionProperties('0')).toMatchObject({
        beginningSequenceNumber: 3,
        lastEnqueuedSequenceNumber: 2,
        isEmpty: true,
      });
      await producer.sendBatch([{ body: 'd' }], in0);
      expect((await read(bench.consumer('second'), '0', 1))[0]).toMatchObject({ body: 'd', sequenceNumber: 3 });
    },
  );

  test(holds('above the limit of bytes the oldest events are dropped', 'eventhubs.retention'), async () => {
    const bench = await startBench({ retentionBytes: 5_000 });
    const producer = bench.producer();
    for (const fill of [1, 2, 3, 4]) await producer.sendBatch([{ body: Buffer.alloc(2_000, fill) }], in0);
    expect(bench.emulator.statistics().hubs['hub']?.[0]).toMatchObject({
      count: 2,
      firstSequenceNumber: 2,
      lastSequenceNumber: 3,
    });
    expect((await read(bench.consumer(), '0', 2))[0]?.body).toStrictEqual(Buffer.alloc(2_000, 3));
  });
});
