import { type Clock, Rate } from '../../../cli/backfill/rateLimit';

/** A clock that moves only when somebody waits. */
function stoppedClock(): { readonly clock: Clock; readonly waits: number[]; now: number } {
  const state: { clock: Clock; waits: number[]; now: number } = {
    now: 5000,
    waits: [],
    clock: {
      now: () => state.now,
      wait: async (milliseconds) => {
        state.waits.push(milliseconds);
        state.now += milliseconds;
      },
    },
  };
  return state;
}
const { signal } = new AbortController();

test('the first amount passes at once, each later one when the time of those before is over', async () => {
  const state = stoppedClock();
  const rate = new Rate(1000, state.clock);
  for (const amount of [500, 2000, 1, 1]) await rate.take(amount, signal);
  expect(state.waits).toEqual([500, 2000, 1]);
});

test('unused time does not allow a burst later', async () => {
  const state = stoppedClock();
  const rate = new Rate(1000, state.clock);
  await rate.take(1000, signal);
  state.now += 60_000;
  await rate.take(1000, signal);
  await rate.take(1000, signal);
  expect(state.waits).toEqual([1000]);
});

test('without a limit there is no wait', async () => {
  const state = stoppedClock();
  const rate = new Rate(Number.POSITIVE_INFINITY, state.clock);
  for (let i = 0; i < 3; i++) await rate.take(1e9, signal);
  expect(state.waits).toEqual([]);
});

test('aborting ends a wait', async () => {
  const stopping = new AbortController();
  const rate = new Rate(0.001);
  await rate.take(1000, stopping.signal);
  const waiting = rate.take(1, stopping.signal);
  stopping.abort();
  await expect(waiting).resolves.toBeUndefined();
});
