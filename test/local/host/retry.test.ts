import { clean, startBench } from './kit/bench';
import { including, some } from './kit/matchers';

afterEach(clean);

const FIXED = `{ strategy: 'fixedDelay', maxRetryCount: 2, delayInterval: { milliseconds: 1400 } }`;

// FunctionExecutorExtensions.cs: the same events, a new invocation id, the retry context from the first attempt on;
// after the last one the checkpoint moves (EventHubListener.PartitionProcessor.cs), and nobody keeps the events.
it('retries the same batch with new invocation ids, then gives it up and says so', async () => {
  const { host, lines } = await startBench({
    code: `app.eventHub('failing', { ...hub, retry: ${FIXED}, handler: (bodies, context) => {
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
  expect(new Set(lines.matching(/^seen/).map(({ invocationId }) => invocationId)).size).toBe(3);
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
});

it('gives a batch up at its first failure if there is no retry policy', async () => {
  const { host, lines } = await startBench({
    code: `app.eventHub('failing', { ...hub, handler: (bodies, context) => { tell(context, { retry: context.retryContext }); throw 'text'; } });`,
    events: { 0: ['a'] },
  });
  await host.drained();
  expect(lines.seen()).toEqual([{}]);
  expect(host.statistics().functions[0]).toMatchObject({ attemptsFailed: 1, retries: 0, eventsGivenUp: 1 });
});

// RetryAttribute: -1 is without end. Each partition has its own processor, so only one of them waits.
it('holds one partition for as long as its batch fails, without a checkpoint, while others go on', async () => {
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
});
