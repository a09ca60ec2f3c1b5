import { clean, startBench } from './kit/hostBench';

afterEach(clean);

const handler = `app.eventHub('counted', { ...hub, retry: { strategy: 'fixedDelay', maxRetryCount: -1, delayInterval: 0 },
  handler: (bodies, context) => tell(context, bodies.map(String)) });`;
const allBodies = Array.from({ length: 40 }, (_, index) => `event ${index}`);

it('loses no event to workers that are killed before and after their work', async () => {
  const { host, lines, send } = await startBench({ code: handler, eventHubs: { maxEventBatchSize: 4 } });
  const kills = (['before', 'during', 'after'] as const).map((moment) =>
    host.faults.inject({ kind: 'killWorker', moment, times: 2, probability: 0.5 }),
  );
  await send('0', allBodies);
  await host.drained();
  const fired = kills.reduce((sum, kill) => sum + kill.fired, 0);
  expect(fired).toBeGreaterThan(0);
  const { workerRestarts, functions } = host.statistics();
  expect(workerRestarts).toBe(fired);
  expect(functions[0]).toMatchObject({ eventsGivenUp: 0, attemptsFailed: fired });
  // On a busy machine the host may lose its partition for a moment, and deliver a batch again whose work was done.
  expect(functions[0]?.eventsSucceeded).toBeGreaterThanOrEqual(allBodies.length);
  expect(new Set(lines.seen().flat())).toEqual(new Set(allBodies));
});

it.each([
  ['before', ['a']],
  ['after', ['a', 'a']],
] as const)('kills the worker %s its work', async (moment, seen) => {
  const { host, lines, send } = await startBench({ code: handler });
  host.faults.inject({ kind: 'killWorker', moment });
  await send('0', ['a']);
  await host.drained();
  expect(lines.seen().flat()).toEqual(seen);
  expect(host.faults.fired()).toEqual({ [`killWorker ${moment}`]: 1 });
});

it('kills all workers now, and times a batch out', async () => {
  const { host, lines, send } = await startBench({ code: handler });
  host.killWorkers();
  await send('0', ['after the kill']);
  await host.drained();
  host.faults.inject({ kind: 'timeOut' });
  await send('0', ['timed out']);
  await host.drained();
  expect(host.statistics().workerRestarts).toBe(2);
  expect(host.faults.fired()).toEqual({ timeOut: 1 });
  expect(lines.matching(/^Timeout value of/)).toHaveLength(1);
  expect(lines.seen().flat()).toEqual(expect.arrayContaining(['after the kill', 'timed out']));
});
