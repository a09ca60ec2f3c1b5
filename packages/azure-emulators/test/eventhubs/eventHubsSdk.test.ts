/** What the clients of @azure/event-hubs 6.0.4 do when left to themselves, which the app has to know. */
import { EventHubProducerClient } from '@azure/event-hubs';
import { holds } from '../holds';
import { closeAll, closeLater, failuresOf, like, noRetry, receive, startBench, text, until } from './clients';

const in0 = { partitionId: '0' };
const quick = { maxRetries: 2, retryDelayInMs: 1, timeoutInMs: 1000 };

const timers = jest.mocked(globalThis.setTimeout);
const setTimer = timers.getMockImplementation() ?? setTimeout;

afterEach(async () => {
  timers.mockImplementation(setTimer);
  await closeAll();
});

/** A client with an Entra credential, whose connections go to a port of this machine. */
function withCredential(port: string): EventHubProducerClient {
  const credential = { getToken: async () => ({ token: 'good', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const options = { ...noRetry, customEndpointAddress: `sb://127.0.0.1:${port}` };
  return closeLater(new EventHubProducerClient('localhost', 'hub', credential, options));
}

// ConnectionContextBase.ts of @azure/core-amqp: only a connection string with UseDevelopmentEmulator=true means TCP.
describe('A TokenCredential means TLS', () => {
  test(
    holds('the client cannot connect to an emulator that speaks plain TCP', 'eventhubs-client.plain-tcp'),
    async () => {
      const { emulator, lines } = await startBench();
      const port = /127\.0\.0\.1:(\d+)/.exec(emulator.connectionString())?.[1] ?? '';
      await expect(withCredential(port).sendBatch([{ body: 1 }], in0)).rejects.toThrow('Failed to connect');
      expect(emulator.statistics().counters).toMatchObject({ connections: 0, eventsStored: 0 });
      expect(lines).toEqual([text('frame length ')]);
      // Four bytes of TLS read as the length of a frame of AMQP: a handshake record (22), version 3.1, and the upper byte of
      // the record's own length, which depends on the key shares that the version of Node offers.
      const length = Number(/frame length (\d+)/.exec(lines[0] ?? '')?.[1]);
      expect(Math.floor(length / 256)).toBe(0x16_03_01);
    },
  );
});

// awaitableSender.ts of rhea-promise: a send is settled by an outcome or by its timer; a lost connection is neither.
test(
  holds(
    "a connection lost during a send: the client retries only after the send's time-out",
    'eventhubs-client.lost-connection-waits',
  ),
  async () => {
    const timeoutInMs = 2_000_000;
    const timeouts: (() => void)[] = [];
    timers.mockImplementation((...call: Parameters<typeof setTimeout>) => {
      const [timeOut, milliseconds = 0] = call;
      const timer = setTimer(...call);
      // The client takes what it needed to get ready off the time for the send itself.
      if (milliseconds <= timeoutInMs / 2 || milliseconds > timeoutInMs) return timer;
      timeouts.push(timeOut);
      return timer.unref();
    });
    const bench = await startBench();
    bench.emulator.faults.inject({ on: 'send', kind: 'drop' });
    let settled = false;
    const sending = bench
      .producer({ retryOptions: { ...quick, timeoutInMs } })
      .sendBatch([{ body: 'lost' }], in0)
      .finally(() => {
        settled = true;
      });
    await until(() => bench.emulator.faults.fired()['send drop'] === 1);
    await bench.producer().sendBatch([{ body: 'meanwhile' }], in0);
    expect(settled).toBe(false);
    expect(bench.emulator.statistics().counters).toMatchObject({ connections: 2, eventsStored: 1 });
    timeouts.at(-1)?.();
    await sending;
    expect(bench.emulator.statistics().counters).toMatchObject({ connections: 3, eventsStored: 2 });
  },
);

test(
  holds(
    'a connection lost during a send that is not retried: the error reports a time-out',
    'eventhubs-client.not-retried',
  ),
  async () => {
    const bench = await startBench();
    bench.emulator.faults.inject({ on: 'send', kind: 'drop' });
    const failures = await failuresOf(bench.producer(noRetry).sendBatch([{ body: 1 }], in0));
    expect(failures).toEqual([like({ code: 'OperationTimeoutError' })]);
    expect(bench.emulator.faults.fired()['send drop']).toBe(1);
  },
);

// constants.ts of @azure/core-amqp: defaultOperationTimeoutInMs. Its timer for a send is that of rhea-promise.
test(
  holds('without retryOptions a send ends after 60 s, including the time to connect', 'eventhubs-client.send-timeout'),
  async () => {
    const timeouts: [number, () => void][] = [];
    timers.mockImplementation((...call: Parameters<typeof setTimeout>) => {
      const [timeOut, milliseconds = 0] = call;
      const timer = setTimer(...call);
      if (new Error('Who starts it').stack?.includes('awaitableSender') !== true) return timer;
      timeouts.push([milliseconds, timeOut]);
      return timer.unref();
    });
    const bench = await startBench();
    bench.emulator.faults.inject({ on: 'send', kind: 'stall' });
    const failures = failuresOf(bench.producer({ retryOptions: { maxRetries: 0 } }).sendBatch([{ body: 1 }], in0));
    await until(() => bench.emulator.faults.fired()['send stall'] === 1);
    const [milliseconds = 0, timeOut] = timeouts[0] ?? [];
    // However busy the machine, connecting takes less than half of it.
    expect(milliseconds).toBeGreaterThan(30_000);
    expect(milliseconds).toBeLessThanOrEqual(60_000);
    timeOut?.();
    expect(await failures).toEqual([like({ code: 'OperationTimeoutError' })]);
  },
);

// retry.ts of @azure/core-amqp waits by the `delay` of @azure/core-util, its mode is fixed unless told otherwise.
test(
  holds('without retryOptions an operation is retried three times, each after 30 s', 'eventhubs-client.retries'),
  async () => {
    const delays: unknown[] = [];
    timers.mockImplementation((...call: Parameters<typeof setTimeout>) => {
      // The emulator's connections have timers of 30 s too.
      if (new Error('Who starts it').stack?.includes('core-util') !== true) return setTimer(...call);
      delays.push(call[1]);
      return setTimer(call[0], 1);
    });
    const bench = await startBench();
    bench.emulator.faults.inject({ on: 'send', kind: 'busy', times: Number.POSITIVE_INFINITY });
    expect(await failuresOf(bench.producer({}).sendBatch([{ body: 1 }], in0))).toHaveLength(4);
    expect(bench.emulator.faults.fired()['send busy']).toBe(4);
    expect(delays).toEqual([30_000, 30_000, 30_000]);
  },
);

// retry.ts of @azure/core-amqp throws what it collected, and an operation that is tried again may hold one that is.
describe('An operation that failed several times rejects with an AggregateError without code', () => {
  const busy = { code: 'ServerBusyError' };

  test(holds('a send: the error of each try', 'eventhubs-client.several-failures'), async () => {
    const bench = await startBench();
    bench.emulator.faults.inject({ on: 'send', kind: 'busy', times: Number.POSITIVE_INFINITY });
    const sending = bench.producer({ retryOptions: quick }).sendBatch([{ body: 1 }], in0);
    await expect(sending).rejects.toMatchObject({ name: 'AggregateError', message: '', errors: [busy, busy, busy] });
    await expect(sending).rejects.not.toHaveProperty('code');
  });

  test(
    holds('the link of a sender: an AggregateError of AggregateErrors', 'eventhubs-client.nested-failures'),
    async () => {
      const bench = await startBench();
      bench.emulator.faults.inject({ on: 'attach', kind: 'busy', times: Number.POSITIVE_INFINITY });
      const sending = bench.producer({ retryOptions: quick }).sendBatch([{ body: 1 }], in0);
      const each = { name: 'AggregateError', errors: [busy, busy, busy] };
      await expect(sending).rejects.toMatchObject({ name: 'AggregateError', errors: [each, each, each] });
      await expect(sending).rejects.not.toHaveProperty('code');
    },
  );

  test(holds('a receiver: the same reaches processError', 'eventhubs-client.process-error'), async () => {
    const bench = await startBench();
    bench.emulator.faults.inject({ on: 'attach', kind: 'busy', times: Number.POSITIVE_INFINITY });
    const error = await receive(bench.consumer('$Default', { retryOptions: quick }), '0').failed;
    expect(error).toMatchObject({ name: 'AggregateError', message: '', errors: [busy, busy, busy] });
    expect(error).not.toHaveProperty('code');
  });
});
