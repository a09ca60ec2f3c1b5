import { holds } from '../holds';
import { newFolder } from './kit/fixture';
import { clean, startBench } from './kit/hostBench';

afterEach(clean);

// EventHubListener.PartitionProcessor.cs: no checkpoint once the listener stops, even if the work was done.
it(
  holds(
    'lets a running handler end when it stops, writes no checkpoint for it, and redelivers its batch the next time',
    'host.stop-without-checkpoint',
  ),
  async () => {
    const { host, lines, again } = await startBench({
      code: `app.eventHub('slow', { ...hub, handler: async (bodies, context) => {
      tell(context, bodies.map(String));
      await new Promise((done) => setTimeout(done, 100));
      context.log('ended');
    } });`,
      events: { 0: ['a'] },
      host: { checkpointDirectory: newFolder() },
    });
    await lines.until(() => lines.seen().length === 1);
    await host.stop();
    expect(lines.matching(/^ended$/)).toHaveLength(1);
    expect(host.statistics().functions[0]).toMatchObject({ batchesSucceeded: 1, checkpoints: 0 });
    const next = await again();
    await next.drained();
    expect(lines.seen()).toEqual([['a'], ['a']]);
    await next.stop();
    const last = await again();
    await last.drained();
    expect(lines.seen()).toHaveLength(2);
  },
);

// FunctionExecutorExtensions.cs: a cancelled wait ends the retries.
it('stops at once while a batch waits for its retry, without giving the batch up', async () => {
  const { host, lines } = await startBench({
    code: `app.eventHub('failing', { ...hub, retry: { strategy: 'fixedDelay', maxRetryCount: 1, delayInterval: { hours: 1 } },
      handler: () => { throw new Error('no'); } });`,
    events: { 0: ['a'] },
  });
  await lines.until(() => lines.matching(/before retrying/).length === 1);
  await host.stop();
  expect(host.statistics().functions[0]).toMatchObject({ eventsGivenUp: 0, checkpoints: 0, batchesCancelled: 1 });
});

// GrpcWorkerChannel.SendInvocationRequest: what is cancelled before it is sent never reaches the worker.
it(
  holds('cancels an invocation that waits for a worker when the host stops', 'host.cancelled-before-sent'),
  async () => {
    const { host, lines } = await startBench({
      code: `app.eventHub('dying', { ...hub, retry: { strategy: 'fixedDelay', maxRetryCount: -1, delayInterval: 0 },
      handler: (bodies, context) => { tell(context, 'called'); process.exit(1); } });`,
      files: {
        'package.json': { main: 'dist/first.mjs' },
        // The second worker never finishes loading.
        'dist/first.mjs': `
        import { existsSync, writeFileSync } from 'node:fs';
        if (existsSync('started')) await new Promise(() => {});
        writeFileSync('started', '');
        await import('./main.js');`,
      },
      events: { 0: ['a'] },
    });
    await lines.until(() => lines.matching(/waits for a worker/).length === 1);
    await host.stop();
    expect(lines.seen()).toEqual(['called']);
    expect(lines.matching(/Cancelling invocation .* not sent to the worker/)).toHaveLength(1);
    expect(host.statistics().functions[0]).toMatchObject({ checkpoints: 0, batchesCancelled: 1 });
  },
);
