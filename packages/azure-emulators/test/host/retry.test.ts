import { holds } from '../holds';
import { clean, startBench } from './kit/hostBench';
import type { Lines } from './kit/lines';
import { having, including, matching, some } from './kit/matchers';

afterEach(clean);

/** The invocation ids that the host gives with these lines. */
function idsOf(lines: Lines, pattern: RegExp): ReadonlySet<string | undefined> {
  return new Set(lines.matching(pattern).map(({ invocationId }) => invocationId));
}

const fixedWidths = `{ strategy: 'fixedDelay', maxRetryCount: 2, delayInterval: { milliseconds: 1400 } }`;

// Seen on host 4.1037: the same events and the same invocation id, which is made once, before the first attempt. After the
// last attempt the checkpoint moves (EventHubListener.PartitionProcessor.cs), and nobody keeps the events.
it(
  holds(
    'retries the same batch with the same invocation id, then gives it up and logs that',
    'host.retry-same-events',
    'host.retry-whole-seconds',
    'host.retries-used-up',
  ),
  async () => {
    const { host, lines } = await startBench({
      code: `app.eventHub('failing', { ...hub, retry: ${fixedWidths}, handler: (bodies, context) => {
      const { retryCount, maxRetryCount, exception } = context.retryContext;
      tell(context, { id: context.invocationId, bodies: bodies.map(String), retryCount, maxRetryCount, exception: exception?.message });
      throw new Error('no luck');
    } });`,
      events: { 0: ['a', 'b'] },
    });
    await host.drained();
    const attempt = { id: some(String), bodies: ['a', 'b'], maxRetryCount: 2 };
    const exception = including('no luck');
    expect(lines.seen()).toEqual([
      { ...attempt, retryCount: 0 },
      { ...attempt, retryCount: 1, exception },
      { ...attempt, retryCount: 2, exception },
    ]);
    expect(idsOf(lines, /^seen|^Executing/).size).toBe(1);
    expect(lines.seen()).toEqual(lines.seen().map(() => having({ id: [...idsOf(lines, /^Executing/)][0] })));
    // toRpcDuration.ts of the library rounds intervals to whole seconds: 1.4 s is 1 s.
    expect(lines.matching(/Waiting for 1 s before retrying/)).toHaveLength(2);
    expect(lines.matching(/2 events given up .* will not be delivered again/)).toMatchObject([{ level: 'error' }]);
    expect(host.statistics().functions[0]).toMatchObject({
      batchesDelivered: 1,
      attemptsFailed: 3,
      retries: 2,
      eventsGivenUp: 2,
      checkpoints: 1,
    });
  },
);

it(
  holds(
    'keeps the invocation id of a batch when the worker ends and a new one gets the batch',
    'host.retry-same-events',
  ),
  async () => {
    const { host, lines } = await startBench({
      code: `app.eventHub('dying', { ...hub, retry: ${fixedWidths}, handler: (bodies, context) => {
      tell(context, { id: context.invocationId, pid: process.pid });
      if (context.retryContext.retryCount === 0) process.exit(1);
    } });`,
      events: { 0: ['a'] },
    });
    await host.drained();
    expect(lines.matching(/^Executing/)).toHaveLength(2);
    expect(idsOf(lines, /^Executing/).size).toBe(1);
    // The line of a process that ends at once may be lost.
    expect(lines.seen().at(-1)).toEqual(having({ id: [...idsOf(lines, /^Executing/)][0] }));
  },
);

it(holds('gives another batch another invocation id', 'host.retry-same-events'), async () => {
  const { host, lines } = await startBench({
    code: `app.eventHub('each', { ...hub, handler: (bodies, context) => tell(context, context.invocationId) });`,
    eventHubs: { maxEventBatchSize: 1 },
    events: { 0: ['a', 'b', 'c'] },
  });
  await host.drained();
  expect(new Set(lines.seen()).size).toBe(3);
});

// ExceptionFormatter.cs of the WebJobs SDK, seen on host 4.1037: the types of both exceptions, outer one first.
it(
  holds('gives the next attempt the exception of the last one, as .NET writes it', 'host.retry-exception'),
  async () => {
    const { host, lines } = await startBench({
      code: `app.eventHub('failing', { ...hub, retry: ${fixedWidths}, handler: (bodies, context) => {
      tell(context, context.retryContext.exception ?? null);
      if (context.retryContext.retryCount < 2) throw new RangeError('no luck');
    } });`,
      events: { 0: ['a'] },
    });
    await host.drained();
    const [first, second, third] = lines.seen();
    expect(first).toBeNull();
    expect(second).toEqual(third);
    expect(second).toEqual(
      having({
        source: 'System.Private.CoreLib',
        message: matching(
          /^Microsoft\.Azure\.WebJobs\.Host\.FunctionInvocationException : Exception while executing function: Functions\.failing ---> Microsoft\.Azure\.WebJobs\.Script\.Workers\.Rpc\.RpcException : Result: Failure\nException: no luck\nStack: RangeError: no luck\n {4}at [^]*\n {3}End of inner exception$/,
        ),
      }),
    );
  },
);

it(holds('gives a batch up at its first failure if there is no retry policy', 'host.no-retry-policy'), async () => {
  const { host, lines } = await startBench({
    code: `app.eventHub('failing', { ...hub, handler: (bodies, context) => { tell(context, { retry: context.retryContext }); throw 'text'; } });`,
    events: { 0: ['a'] },
  });
  await host.drained();
  expect(lines.seen()).toEqual([{}]);
  expect(host.statistics().functions[0]).toMatchObject({ attemptsFailed: 1, retries: 0, eventsGivenUp: 1 });
});

// RetryAttribute: -1 is without end. Each partition has its own processor, so only one of them waits.
it(
  holds(
    'holds one partition for as long as its batch fails, without a checkpoint, while others go on',
    'host.retry-without-end',
  ),
  async () => {
    const { host, lines, send } = await startBench({
      code: `app.eventHub('holding', { ...hub,
      retry: { strategy: 'exponentialBackoff', maxRetryCount: -1, minimumInterval: { seconds: 1 }, maximumInterval: { seconds: 4 } },
      handler: (bodies, context) => {
        tell(context, bodies.map(String));
        if (String(bodies[0]) === 'bad' && context.retryContext.retryCount < 5) throw new Error('held');
      } });`,
      partitions: 2,
      eventHubs: { maxEventBatchSize: 1 },
      events: { 0: ['bad', 'behind'] },
    });
    await lines.until(() => lines.matching(/before retrying/).length >= 2);
    await expect(host.drained({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    expect(host.statistics().functions[0]).toMatchObject({ checkpoints: 0, batchesDelivered: 1 });
    await send('1', ['other']);
    await host.drained();
    expect(
      lines
        .seen()
        .flat()
        .filter((body) => body === 'bad'),
    ).toHaveLength(6);
    expect(lines.seen().flat().at(-1)).toBe('behind');
    expect(lines.seen().flat()).toContain('other');
    expect(host.statistics().functions[0]).toMatchObject({ eventsGivenUp: 0, eventsSucceeded: 3, checkpoints: 3 });
  },
);
