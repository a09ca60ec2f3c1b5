import { DcrGate } from '../../../shared/delivery/dcrGate';
import { DeliveryError } from '../../../shared/errors/batchErrors';

const { signal } = new AbortController();
const failing = (status: number | undefined, options: { retryAfterMs?: number; code?: string } = {}) => {
  const error = new DeliveryError(options.code ?? 'Code', status, 'no', options);
  return async (): Promise<never> => Promise.reject(error);
};
const succeeding = async (): Promise<string> => Promise.resolve('done');

/** A gate without jitter whose clock stands at `time.now`. */
function gateAt(time: { now: number }, concurrency = 4): DcrGate {
  return new DcrGate({
    concurrency,
    maxRetryAfterMs: 90_000,
    delays: { first: 1000, longest: 20_000, shortest: 100 },
    random: () => 1,
    now: () => time.now,
  });
}

async function fail(gate: DcrGate, ...failure: Parameters<typeof failing>): Promise<void> {
  await expect(gate.pass(failing(...failure), signal)).rejects.toBeInstanceOf(DeliveryError);
}

describe('the gate of a DCR', () => {
  test('stays open after one transient error: only the caller of that call waits', async () => {
    const gate = gateAt({ now: 0 });
    await fail(gate, 500);
    expect(gate.waitMs).toBe(0);
  });

  test('closes when several calls in a row fail, and the wait doubles up to the longest one', async () => {
    const time = { now: 0 };
    const gate = gateAt(time);
    for (const status of [500, 503, undefined]) await fail(gate, status);
    const waits = [gate.waitMs];
    for (let i = 0; i < 6; i++) {
      time.now += gate.waitMs;
      await fail(gate, 500);
      waits.push(gate.waitMs);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]);
  });

  test.each([
    ['a 429 closes it at once, with or without Retry-After', 429, {}, 1000],
    ['Retry-After is obeyed', 429, { retryAfterMs: 7000 }, 7000],
    ['Retry-After is obeyed for other responses, too', 503, { retryAfterMs: 3000 }, 3000],
    ['Retry-After is obeyed up to the budget', 429, { retryAfterMs: 3_600_000 }, 90_000],
    ['a Retry-After of 0 still waits a moment', 429, { retryAfterMs: 0 }, 100],
  ])('%s', async (_, status, options, wait) => {
    const gate = gateAt({ now: 0 });
    await fail(gate, status, options);
    expect(gate.waitMs).toBe(wait);
  });

  test.each([401, 403, 404, 413])('is not closed by %i: waiting would not help', async (status) => {
    const gate = gateAt({ now: 0 });
    for (let i = 0; i < 5; i++) await fail(gate, status);
    expect(gate.waitMs).toBe(0);
  });

  test('forgets earlier errors with the first call that succeeds, and knows that the DCR has accepted rows', async () => {
    const time = { now: 0 };
    const gate = gateAt(time);
    await fail(gate, 500);
    await fail(gate, 500);
    expect(gate.hasAccepted).toBe(false);
    await expect(gate.pass(succeeding, signal)).resolves.toBe('done');
    await fail(gate, 500);
    expect(gate.waitMs).toBe(0);
    expect(gate.hasAccepted).toBe(true);
  });

  test('opens after its wait even if the clock of the machine is set back meanwhile', async () => {
    const time = jest.spyOn(Date, 'now');
    try {
      const gate = new DcrGate({ concurrency: 1, maxRetryAfterMs: 90_000, random: () => 1 });
      await fail(gate, 429, { retryAfterMs: 5000 });
      time.mockReturnValue(0);
      expect(gate.waitMs).toBeGreaterThan(0);
      expect(gate.waitMs).toBeLessThanOrEqual(5000);
    } finally {
      time.mockRestore();
    }
  });

  test('counts errors of calls that were in flight together once', async () => {
    const time = { now: 0 };
    const gate = gateAt(time);
    await Promise.all([1, 2, 3, 4].map(async () => fail(gate, 429)));
    expect(gate.waitMs).toBe(1000);
  });

  test('has no more calls in flight than it has slots', async () => {
    const gate = gateAt({ now: 0 }, 2);
    let running = 0;
    let most = 0;
    const call = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    };
    await Promise.all(Array.from({ length: 10 }, async () => gate.pass(call, signal)));
    expect(most).toBe(2);
  });

  test('rejects a waiting caller when the signal is aborted, without making the call', async () => {
    const gate = new DcrGate({ concurrency: 1, maxRetryAfterMs: 90_000 });
    await fail(gate, 429, { retryAfterMs: 60_000 });
    const aborting = new AbortController();
    const call = jest.fn(succeeding);
    const waiting = gate.pass(call, aborting.signal);
    aborting.abort(new Error('over'));
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(call).not.toHaveBeenCalled();
  });

  test('makes no call when the signal is aborted already, even if the gate is open', async () => {
    const call = jest.fn(succeeding);
    await expect(gateAt({ now: 0 }).pass(call, AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(call).not.toHaveBeenCalled();
  });

  test.each([
    [0, 1000],
    [1, 2000],
  ])('varies its delays between half and the whole: at %d the second one is %d ms', (random, delay) => {
    const gate = new DcrGate({ concurrency: 1, maxRetryAfterMs: 0, random: () => random });
    expect(gate.delayMs(2)).toBe(delay);
  });
});
