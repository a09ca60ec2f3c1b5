import { type EventHubsFault, takeFault } from '../../src/eventhubs/eventHubsFaults';
import { FaultPlan } from '../../src/injectedFaults';
import { holds } from '../holds';
import { closeAll, failuresOf, like, noRetry, read, receive, startBench, text, until } from './clients';

afterEach(closeAll);

const in0 = { partitionId: '0' };

test('a fault concerns only the named operation, hub and partition', () => {
  const plan = new FaultPlan<EventHubsFault>();
  plan.inject({ on: 'send', kind: 'busy', hub: 'HUB', partition: '0' });
  expect(takeFault(plan, { on: 'attach', hub: 'hub', partition: '0' })).toBeUndefined();
  expect(takeFault(plan, { on: 'send', hub: 'hub', partition: '1' })).toBeUndefined();
  expect(takeFault(plan, { on: 'send', hub: 'other', partition: '0' })).toBeUndefined();
  expect(takeFault(plan, { on: 'send', hub: 'hub', partition: '0' })).toMatchObject({ kind: 'busy' });
});

describe('Clients and faults', () => {
  test.each(['drop', 'reset', 'busy', 'reject', 'detach'] as const)('%s of a token: tried again', async (kind) => {
    const bench = await startBench();
    bench.emulator.faults.inject({ on: 'cbs', kind });
    await bench.producer().sendBatch([{ body: 1 }], in0);
    expect(bench.emulator.faults.fired()[`cbs ${kind}`]).toBe(1);
  });

  test('reset of a fresh connection: tried again', async () => {
    const bench = await startBench();
    bench.emulator.faults.inject({ on: 'connection', kind: 'reset' });
    await bench.producer().sendBatch([{ body: 1 }], in0);
    expect(bench.emulator.statistics().counters).toMatchObject({ connections: 2, eventsStored: 1 });
  });

  test(
    holds(
      'drop of a fresh connection, or of an attach: the SDK fails at once; the next operation connects anew',
      'eventhubs-client.connection-dropped',
    ),
    async () => {
      const bench = await startBench();
      bench.emulator.faults.inject({ on: 'connection', kind: 'drop' });
      await expect(bench.producer().sendBatch([{ body: 1 }], in0)).rejects.toThrow('Failed to connect');
      const producer = bench.producer();
      bench.emulator.faults.inject({ on: 'attach', kind: 'drop' });
      await expect(producer.sendBatch([{ body: 1 }], in0)).rejects.toThrow('Unknown error encountered.');
      await producer.sendBatch([{ body: 1 }], in0);
      expect(bench.emulator.statistics().counters).toMatchObject({ connections: 3, eventsStored: 1 });
    },
  );

  test.each(['reset', 'busy', 'detach', 'stall'] as const)('%s of an attach: tried again', async (kind) => {
    const bench = await startBench();
    bench.emulator.faults.inject({ on: 'attach', kind, hub: 'hub', partition: '0', milliseconds: 50 });
    await bench.producer().sendBatch([{ body: 1 }], in0);
    expect(bench.emulator.faults.fired()[`attach ${kind}`]).toBe(1);
    expect(bench.emulator.statistics().counters.eventsStored).toBe(1);
  });

  test.each([
    ['drop', 1],
    ['reset', 1],
    ['detach', 1],
    ['busy', 1],
    ['stall', 1],
    ['loseAcknowledgement', 2],
  ] as const)(
    holds('%s of a send: tried again, and stored %i time(s)', 'eventhubs.lost-acknowledgement'),
    async (kind, stored) => {
      const bench = await startBench();
      bench.emulator.faults.inject({ on: 'send', kind, partition: '0', milliseconds: 50 });
      await bench.producer().sendBatch([{ body: 1 }], in0);
      await until(() => bench.emulator.statistics().counters.eventsStored === stored);
      expect(bench.emulator.faults.fired()[`send ${kind}`]).toBe(1);
    },
  );

  test(
    holds(
      'busy for longer than the client tries: the send fails as server-busy and nothing is stored',
      'eventhubs.throttled',
    ),
    async () => {
      const bench = await startBench();
      bench.emulator.faults.inject({ on: 'send', kind: 'busy', times: 10 });
      expect(await failuresOf(bench.producer().sendBatch([{ body: 1 }], in0))).toContainEqual(
        like({ code: 'ServerBusyError' }),
      );
      expect(bench.emulator.faults.fired()['send busy']).toBe(4);
      expect(bench.emulator.statistics().counters.eventsStored).toBe(0);
    },
  );

  test('a management node that does not answer: the request times out, and the next one is answered', async () => {
    const bench = await startBench();
    const producer = bench.producer(noRetry);
    bench.emulator.faults.inject({ on: 'management', kind: 'stall', hub: 'hub' });
    await expect(producer.getPartitionIds()).rejects.toMatchObject({ code: 'OperationTimeoutError' });
    expect(await producer.getPartitionIds()).toStrictEqual(['0', '1']);
  });

  test('a connection that hangs for a while: everything is answered afterwards', async () => {
    const bench = await startBench();
    bench.emulator.faults.inject({ on: 'connection', kind: 'stall', milliseconds: 50 });
    await bench.producer(noRetry).sendBatch([{ body: 1 }], in0);
    expect(bench.emulator.statistics().counters).toMatchObject({ connections: 1, eventsStored: 1 });
  });

  test.each(['drop', 'reset', 'detach', 'busy', 'stall'] as const)(
    holds(
      '%s in the middle of a delivery: the receiver resumes where it was; no event is lost or delivered twice',
      'eventhubs-client.receiver-resumes',
    ),
    async (kind) => {
      const bench = await startBench();
      const bodies = Array.from({ length: 20 }, (_, body) => body);
      await bench.producer().sendBatch(
        bodies.map((body) => ({ body })),
        in0,
      );
      bench.emulator.faults.inject({ on: 'deliver', kind, after: 10, milliseconds: 50 });
      // A receiver that has lost its connection looks for a new one only when maxWaitTimeInSeconds is over.
      const events = await read(bench.consumer(), '0', 20, { maxBatchSize: 5, maxWaitTimeInSeconds: 0.2 });
      expect(events.map(({ body }) => body as unknown)).toStrictEqual(bodies);
      expect(bench.emulator.faults.fired()[`deliver ${kind}`]).toBe(1);
    },
  );

  test('a receiver that is detached each time reports that the service forced it', async () => {
    const bench = await startBench();
    bench.emulator.faults.inject({ on: 'attach', kind: 'detach', times: Number.POSITIVE_INFINITY });
    const error = await receive(bench.consumer('$Default', noRetry), '0').failed;
    expect(error).toMatchObject({ code: 'DetachForcedError', message: text('is force detached by the broker') });
  });
});
