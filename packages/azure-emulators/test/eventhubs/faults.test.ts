import { FaultInjector } from '../../src/eventhubs/faults';
import { holds } from '../holds';
import { closeAll, failuresOf, like, noRetry, read, receive, startBench, text, until } from './clients';

afterEach(closeAll);

const in0 = { partitionId: '0' };

const send = { on: 'send', hub: 'hub', partition: '0' } as const;

function firings(faults: FaultInjector, count: number): boolean[] {
  return Array.from({ length: count }, () => faults.next(send) !== undefined);
}

function picked(seed: number): boolean[] {
  const faults = new FaultInjector();
  faults.inject({ on: 'send', kind: 'drop', probability: 0.25, seed });
  return firings(faults, 1000);
}

describe('Which operations meet a fault', () => {
  test('the next `times` after `after`', () => {
    const faults = new FaultInjector();
    const fault = faults.inject({ on: 'send', kind: 'drop', after: 2, times: 2 });
    expect(firings(faults, 6)).toStrictEqual([false, false, true, true, false, false]);
    expect(fault.fired).toBe(2);
    expect(faults.counts()).toMatchObject({ drop: 2, busy: 0 });
  });

  test('only on the named hub and partition, and the named operation', () => {
    const faults = new FaultInjector();
    faults.inject({ on: 'send', kind: 'busy', hub: 'HUB', partition: '0' });
    expect(faults.next({ on: 'attach', hub: 'hub', partition: '0' })).toBeUndefined();
    expect(faults.next({ on: 'send', hub: 'hub', partition: '1' })).toBeUndefined();
    expect(faults.next({ on: 'send', hub: 'other', partition: '0' })).toBeUndefined();
    expect(faults.next(send)).toMatchObject({ kind: 'busy' });
  });

  test('with a probability: the same seed picks the same operations, about that share of them', () => {
    expect(picked(7)).toStrictEqual(picked(7));
    expect(picked(7)).not.toStrictEqual(picked(8));
    const share = picked(7).filter(Boolean).length / 1000;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.3);
  });

  test('none once removed', () => {
    const faults = new FaultInjector();
    faults.inject({ on: 'send', kind: 'drop' }).remove();
    faults.inject({ on: 'send', kind: 'drop' });
    faults.clear();
    expect(firings(faults, 3)).toStrictEqual([false, false, false]);
  });

  test('a fault that the operation cannot meet, or a share above 1, is refused', () => {
    const faults = new FaultInjector();
    const rule = { on: 'management', kind: 'loseAcknowledgement' };
    // @ts-expect-error -- the types refuse it too
    expect(() => faults.inject(rule)).toThrow("No fault 'loseAcknowledgement' on 'management'; there is: drop,");
    expect(() => faults.inject({ on: 'send', kind: 'drop', probability: 2 })).toThrow('Probability 2');
  });
});

describe('What the clients make of faults', () => {
  test.each(['drop', 'reset', 'busy', 'refuse', 'detach'] as const)('%s of a token: tried again', async (kind) => {
    const bench = await startBench();
    bench.emulator.faults.inject({ on: 'cbs', kind });
    await bench.producer().sendBatch([{ body: 1 }], in0);
    expect(bench.emulator.faults.counts()[kind]).toBe(1);
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
    bench.emulator.faults.inject({ on: 'attach', kind, hub: 'hub', partition: '0', stallMs: 50 });
    await bench.producer().sendBatch([{ body: 1 }], in0);
    expect(bench.emulator.faults.counts()[kind]).toBe(1);
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
      bench.emulator.faults.inject({ on: 'send', kind, partition: '0', stallMs: 50 });
      await bench.producer().sendBatch([{ body: 1 }], in0);
      await until(() => bench.emulator.statistics().counters.eventsStored === stored);
      expect(bench.emulator.faults.counts()[kind]).toBe(1);
    },
  );

  test('busy for longer than the client tries: the send fails as server-busy and nothing is stored', async () => {
    const bench = await startBench();
    bench.emulator.faults.inject({ on: 'send', kind: 'busy', times: 10 });
    expect(await failuresOf(bench.producer().sendBatch([{ body: 1 }], in0))).toContainEqual(
      like({ code: 'ServerBusyError' }),
    );
    expect(bench.emulator.faults.counts().busy).toBe(4);
    expect(bench.emulator.statistics().counters.eventsStored).toBe(0);
  });

  test('a management node that stays silent: the request times out, and the next one is answered', async () => {
    const bench = await startBench();
    const producer = bench.producer(noRetry);
    bench.emulator.faults.inject({ on: 'management', kind: 'stall', hub: 'hub' });
    await expect(producer.getPartitionIds()).rejects.toMatchObject({ code: 'OperationTimeoutError' });
    expect(await producer.getPartitionIds()).toStrictEqual(['0', '1']);
  });

  test('a connection that hangs for a while: everything is answered once it goes on', async () => {
    const bench = await startBench();
    bench.emulator.faults.inject({ on: 'connection', kind: 'stall', stallMs: 50 });
    await bench.producer(noRetry).sendBatch([{ body: 1 }], in0);
    expect(bench.emulator.statistics().counters).toMatchObject({ connections: 1, eventsStored: 1 });
  });

  test.each(['drop', 'reset', 'detach', 'busy', 'stall'] as const)(
    holds(
      '%s in the middle of a delivery: the receiver comes back where it was, nothing lost and nothing twice',
      'eventhubs-client.receiver-resumes',
    ),
    async (kind) => {
      const bench = await startBench();
      const bodies = Array.from({ length: 20 }, (_, body) => body);
      await bench.producer().sendBatch(
        bodies.map((body) => ({ body })),
        in0,
      );
      bench.emulator.faults.inject({ on: 'deliver', kind, after: 10, stallMs: 50 });
      // A receiver that has lost its connection looks for a new one only when maxWaitTimeInSeconds is over.
      const events = await read(bench.consumer(), '0', 20, { maxBatchSize: 5, maxWaitTimeInSeconds: 0.2 });
      expect(events.map(({ body }) => body as unknown)).toStrictEqual(bodies);
      expect(bench.emulator.faults.counts()[kind]).toBe(1);
    },
  );

  test('a receiver that is detached for good reports it as forced by the service', async () => {
    const bench = await startBench();
    bench.emulator.faults.inject({ on: 'attach', kind: 'detach', times: Number.POSITIVE_INFINITY });
    const error = await receive(bench.consumer('$Default', noRetry), '0').failed;
    expect(error).toMatchObject({ code: 'DetachForcedError', message: text('is force detached by the broker') });
  });
});
