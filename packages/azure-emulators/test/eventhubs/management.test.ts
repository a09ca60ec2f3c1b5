import { startEventHubs } from '../../src/eventhubs';
import { holds } from '../holds';
import { closeAll, noRetry, startBench, text } from './clients';

afterEach(closeAll);

/** In the past: the clients' tokens, made by the real clock, are then valid. */
const now = Date.UTC(2020, 0, 1, 12);

describe('Properties (SDK reference of EventHubProperties and PartitionProperties)', () => {
  test(holds('of a hub: name, time of creation, partition ids', 'eventhubs.management-read'), async () => {
    const bench = await startBench({ partitions: 3, now: () => now });
    expect(await bench.producer().getEventHubProperties()).toStrictEqual({
      name: 'hub',
      createdOn: new Date(now),
      partitionIds: ['0', '1', '2'],
      isGeoDrEnabled: false,
    });
    expect(await bench.consumer().getPartitionIds()).toStrictEqual(['0', '1', '2']);
  });

  test(holds('of a partition, empty and filled', 'eventhubs.management-read'), async () => {
    const bench = await startBench({ now: () => now });
    const producer = bench.producer();
    expect(await producer.getPartitionProperties('1')).toStrictEqual({
      eventHubName: 'hub',
      partitionId: '1',
      beginningSequenceNumber: 0,
      lastEnqueuedSequenceNumber: -1,
      lastEnqueuedOffset: '-1',
      lastEnqueuedOnUtc: new Date(0),
      isEmpty: true,
    });
    await producer.sendBatch([{ body: 'a' }, { body: 'b' }], { partitionId: '1' });
    expect(await producer.getPartitionProperties('1')).toMatchObject({
      beginningSequenceNumber: 0,
      lastEnqueuedSequenceNumber: 1,
      lastEnqueuedOffset: text(/^[1-9]\d*$/),
      lastEnqueuedOnUtc: new Date(now),
      isEmpty: false,
    });
  });

  test('of a partition that does not exist: out of range', async () => {
    const bench = await startBench();
    await expect(bench.producer(noRetry).getPartitionProperties('9')).rejects.toMatchObject({
      code: 'ArgumentOutOfRangeError',
    });
  });

  test('of a hub that does not exist: not found', async () => {
    const bench = await startBench({ hubs: [{ name: 'other', partitions: 1 }] });
    await expect(bench.producer(noRetry).getEventHubProperties()).rejects.toMatchObject({
      code: 'MessagingEntityNotFoundError',
    });
  });
});

describe('Several hubs', () => {
  test('each has its own partitions and events; names are not case-sensitive', async () => {
    const bench = await startBench({
      hubs: [
        { name: 'Hub', partitions: 1 },
        { name: 'dead-letters', partitions: 2 },
      ],
    });
    await bench.producer().sendBatch([{ body: 1 }]);
    const { hubs } = bench.emulator.statistics();
    expect(hubs['Hub']?.map(({ count }) => count)).toStrictEqual([1]);
    expect(hubs['dead-letters']?.map(({ count }) => count)).toStrictEqual([0, 0]);
  });
});

describe('Starting', () => {
  test('a port in use is an error that names the port and what to do, and keeps the code', async () => {
    const { emulator } = await startBench();
    const again = startEventHubs({ hubs: [{ name: 'hub', partitions: 1 }], port: emulator.port });
    await expect(again).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: text(new RegExp(`port ${emulator.port} of 127.0.0.1 is already in use. .*another port`)),
    });
  });

  test.each([
    ['no partitions', { hubs: [{ name: 'hub', partitions: 0 }] }, /'hub' has 0 partitions; 1 to 32/],
    ['a name of no hub', { hubs: [{ name: 'a/b', partitions: 1 }] }, /'a\/b' is not valid/],
    [
      'a name twice',
      {
        hubs: [
          { name: 'hub', partitions: 1 },
          { name: 'HUB', partitions: 1 },
        ],
      },
      /'HUB' is named twice/,
    ],
    ['a limit of nothing', { hubs: [], retentionMs: 0 }, /retentionMs is 0/],
  ])('%s: rejected with the value', async (_name, options, pattern) => {
    await expect(startEventHubs(options)).rejects.toThrow(pattern);
  });

  test('it listens on the loopback address, and not after its stop', async () => {
    const { emulator } = await startBench();
    expect(emulator.connectionString('hub')).toMatch(
      /^Endpoint=sb:\/\/127\.0\.0\.1:\d+;SharedAccessKeyName=[^;]+;SharedAccessKey=[^;]+;UseDevelopmentEmulator=true;EntityPath=hub$/,
    );
    expect(emulator.connectionString()).not.toContain('EntityPath');
    await emulator.stop();
    await expect(
      startEventHubs({ hubs: [], port: emulator.port }).then((next) => next.stop()),
    ).resolves.toBeUndefined();
  });
});
