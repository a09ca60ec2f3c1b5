import { newFolder } from './kit/fixture';
import { clean, startBench } from './kit/hostBench';

afterEach(clean);

const quick = `app.eventHub('quick', { ...hub, handler: () => {} });`;

it('resolves at once for a hub without events, and for one that an earlier host has read', async () => {
  const { host, again, send } = await startBench({
    code: quick,
    partitions: 3,
    host: { checkpointDirectory: newFolder() },
  });
  await host.drained();
  await send('1', ['a']);
  await host.drained();
  await host.stop();
  const next = await again();
  await next.drained();
  expect(next.statistics().functions[0]).toMatchObject({ batchesDelivered: 0 });
});

it('waits for every partition of every instance', async () => {
  const { host, send } = await startBench({ code: quick, partitions: 4, host: { workers: 2 } });
  for (const partition of ['0', '1', '2', '3']) await send(partition, ['a', 'b', 'c']);
  await host.drained();
  const { eventsSucceeded = 0, eventsRedelivered = 0 } = host.statistics().functions[0] ?? {};
  expect(eventsSucceeded - eventsRedelivered).toBe(12);
});

it('rejects with the reason of its signal, or when the host stops', async () => {
  const { host, lines } = await startBench({
    code: `app.eventHub('stuck', { ...hub, retry: { strategy: 'fixedDelay', maxRetryCount: -1, delayInterval: { hours: 1 } },
      handler: () => { throw new Error('no'); } });`,
    events: { 0: ['a'] },
  });
  await lines.until(() => lines.matching(/before retrying/).length > 0);
  const giveUp = new AbortController();
  const byHand = host.drained({ signal: giveUp.signal });
  const byStop = host.drained();
  giveUp.abort(new Error('long enough'));
  await expect(byHand).rejects.toThrow('long enough');
  const stopped = host.stop();
  await expect(byStop).rejects.toThrow('The host has stopped.');
  await stopped;
});
