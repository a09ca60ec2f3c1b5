import { FaultPlan } from '../../src/host/faults';
import { clean, startBench } from './kit/bench';
import { some } from './kit/matchers';

afterEach(clean);

const handler = `app.eventHub('counted', { ...hub, retry: { strategy: 'fixedDelay', maxRetryCount: -1, delayInterval: 0 },
  handler: (bodies, context) => tell(context, bodies.map(String)) });`;
const allBodies = Array.from({ length: 40 }, (_, index) => `event ${index}`);

function draw(seed: number) {
  const plan = new FaultPlan();
  plan.seed(seed);
  plan.killWorkersWithProbability(0.3);
  return Array.from({ length: 200 }, () => plan.next());
}

it('draws the same faults from the same seed', () => {
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(draw(7)).toContainEqual({ kind: 'none' });
  expect(draw(7)).toContainEqual({ kind: 'kill', after: 0 });
  expect(draw(7)).toContainEqual({ kind: 'kill', after: some(Number) });
  expect(draw(7)).toContainEqual({ kind: 'kill', after: 'work' });
});

it('kills after so many batches, once, and times the next one out, once', () => {
  const plan = new FaultPlan();
  plan.killWorkerAfter(2);
  const drawn = Array.from({ length: 5 }, () => plan.next());
  expect(drawn.map(({ kind }) => kind)).toEqual(['none', 'none', 'kill', 'none', 'none']);
  plan.timeOutNext();
  expect([plan.next(), plan.next()]).toEqual([{ kind: 'timeout' }, { kind: 'none' }]);
  expect(plan.fired).toMatchObject({ kills: 1, timeouts: 1, rebalances: 0 });
});

it('kills at the moment that is asked for, and counts each by it', () => {
  const plan = new FaultPlan();
  plan.killWorkerAfter(0, 'after');
  plan.killWorkerAfter(0, 'before');
  plan.killWorkerAfter(0, 'during');
  expect([plan.next(), plan.next(), plan.next(), plan.next()]).toEqual([
    { kind: 'kill', after: 'work' },
    { kind: 'kill', after: 0 },
    { kind: 'kill', after: some(Number) },
    { kind: 'none' },
  ]);
  expect(plan.fired).toEqual({
    kills: 3,
    killed: { before: 1, during: 1, after: 1 },
    timeouts: 0,
    rebalances: 0,
  });
});

it('loses no event to workers that are killed before and after their work', async () => {
  const { host, lines, send } = await startBench({ code: handler, eventHubs: { maxEventBatchSize: 4 } });
  host.faults.seed(3);
  host.faults.killWorkersWithProbability(0.4);
  await send('0', allBodies);
  await host.drained();
  const { faults, workerRestarts, functions } = host.statistics();
  expect(faults.kills).toBeGreaterThan(0);
  expect(workerRestarts).toBe(faults.kills);
  expect(functions[0]).toMatchObject({ eventsSucceeded: 40, eventsGivenUp: 0, attemptsFailed: faults.kills });
  expect(new Set(lines.seen().flat())).toEqual(new Set(allBodies));
});

it('kills all workers now, and times a batch out', async () => {
  const { host, lines, send } = await startBench({ code: handler });
  host.faults.killWorkersNow();
  await send('0', ['after the kill']);
  await host.drained();
  host.faults.timeOutNext();
  await send('0', ['timed out']);
  await host.drained();
  expect(host.statistics()).toMatchObject({ workerRestarts: 2, faults: { kills: 1, timeouts: 1, rebalances: 0 } });
  expect(lines.matching(/^Timeout value of/)).toHaveLength(1);
  expect(lines.seen().flat()).toEqual(expect.arrayContaining(['after the kill', 'timed out']));
});
