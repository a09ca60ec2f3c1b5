import { DcrGate } from '../../../shared/delivery/dcrGate';
import { DeliveryError } from '../../../shared/errors/batchErrors';

const { signal } = new AbortController();
const busy = (retryAfterMs: number): DeliveryError => new DeliveryError('Busy', 429, 'no', { retryAfterMs });

/** A gate without jitter whose clock stands at `time.now`, and the durations for which it closed. */
function gateAt(time: { now: number }) {
  const closings: number[] = [];
  const gate = new DcrGate({
    concurrency: 4,
    maxRetryAfterMs: 90_000,
    delays: { first: 1000, longest: 20_000, shortest: 100 },
    random: () => 1,
    now: () => time.now,
    onClosed: (ms) => closings.push(ms),
  });
  return { gate, closings };
}

async function fail(gate: DcrGate, error: Error): Promise<void> {
  await expect(gate.pass(async () => Promise.reject(error), signal)).rejects.toBe(error);
}

test('a gate reports for how long it closes, each time that it closes', async () => {
  const time = { now: 0 };
  const { gate, closings } = gateAt(time);
  await fail(gate, busy(5000));
  time.now = 7000;
  await fail(gate, busy(3000));
  expect(closings).toEqual([5000, 3000]);
  expect(gate.waitMs).toBe(3000);
});

test('a gate keeps the error that closed it until a call succeeds', async () => {
  const time = { now: 0 };
  const { gate } = gateAt(time);
  const error = busy(5000);
  await fail(gate, error);
  expect(gate.closedBy).toBe(error);
  time.now = 5000;
  await gate.pass(async () => Promise.resolve(), signal);
  expect(gate.closedBy).toBeUndefined();
});

test('an error that does not come from the service never closes the gate', async () => {
  const { gate, closings } = gateAt({ now: 0 });
  for (let i = 0; i < 5; i++) await fail(gate, new Error('a bug of the app'));
  expect([gate.waitMs, closings, gate.closedBy]).toEqual([0, [], undefined]);
});

test('a call that is queued while the gate closes runs only after the gate has opened', async () => {
  const gate = new DcrGate({
    concurrency: 1,
    maxRetryAfterMs: 90_000,
    delays: { first: 1, longest: 1, shortest: 1 },
    random: () => 1,
  });
  const order: string[] = [];
  const first = gate.pass(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    order.push('first');
    throw busy(30);
  }, signal);
  const second = gate.pass(async () => {
    order.push(gate.waitMs > 0 ? 'second while closed' : 'second');
    return Promise.resolve();
  }, signal);
  await expect(first).rejects.toBeInstanceOf(DeliveryError);
  await second;
  expect(order).toEqual(['first', 'second']);
});
