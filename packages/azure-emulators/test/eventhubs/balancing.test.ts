import { fork } from 'node:child_process';
import { join } from 'node:path';
import { EventHubConsumerClient, earliestEventPosition } from '@azure/event-hubs';
import { holds } from '../holds';
import { balancing, describeEvent } from './balancing';
import { MemoryCheckpointStore, serveStore } from './checkpointStore';
import { closeAll, closeLater, startBench, until } from './clients';

afterEach(closeAll);

const partitions = 8;
const eventCount = 20_000;

test(
  holds(
    'two consumers with a checkpoint store balance 8 partitions; one is killed, and none of 20,000 events is lost',
    'eventhubs.balancing',
  ),
  async () => {
    const bench = await startBench({ partitions: partitions });
    const address = bench.emulator.connectionString('hub');
    const store = new MemoryCheckpointStore();
    const received = new Set<string>();
    const note = (events: readonly string[]): void => events.forEach((event) => received.add(event));

    let byChild = 0;
    const child = fork(join(__dirname, 'consumerProcess.ts'), [address], { execArgv: ['--import', 'tsx'] });
    serveStore(child, store, (events) => {
      byChild += events.length;
      note(events);
      if (byChild >= 2_000) child.kill('SIGKILL');
    });
    const consumer = closeLater(
      new EventHubConsumerClient('$Default', address, store, { ...balancing, identifier: 'parent' }),
    );
    consumer.subscribe(
      {
        processEvents: async (events, context) => {
          note(events.map((event) => describeEvent(context.partitionId, event)));
          const last = events.at(-1);
          if (last) await context.updateCheckpoint(last);
        },
        processError: async () => {},
      },
      { maxBatchSize: 100, startPosition: earliestEventPosition },
    );
    await until(() => store.shares.get('parent') === 4 && store.shares.get('child') === 4);

    const producer = bench.producer();
    const perPartition = eventCount / partitions;
    for (let first = 0; first < perPartition; first += 500) {
      for (let partition = 0; partition < partitions; partition++) {
        const events = Array.from({ length: 500 }, (_, index) => ({ body: `event ${first + index}` }));
        await producer.sendBatch(events, { partitionId: String(partition) });
      }
    }
    await until(() => received.size === eventCount);

    expect(child.killed).toBe(true);
    expect(store.shares.get('parent')).toBe(partitions);
    const expected = Array.from({ length: partitions }, (_, partition) =>
      Array.from({ length: perPartition }, (_event, index) => `${partition}/${index}: event ${index}`),
    );
    expect(received).toStrictEqual(new Set(expected.flat()));
  },
);
