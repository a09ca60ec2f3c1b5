import * as fc from 'fast-check';
import { readRetryPolicy, retryDelays } from '../../src/host/retryPolicy';
import { holds } from '../holds';

// RandomizedExponentialBackoffStrategy.cs, with its factor in the middle of 0.8 to 1.2.
it(holds('doubles what it adds to the minimum, up to the maximum, and stays there', 'host.exponential-backoff'), () => {
  const next = retryDelays(
    { strategy: 'exponentialBackoff', maxRetryCount: -1, minimumMs: 5000, maximumMs: 60_000 },
    () => 0.5,
  );
  expect(Array.from({ length: 7 }, next)).toEqual([5000, 10_000, 15_000, 25_000, 45_000, 60_000, 60_000]);
});

it('never waits less than the minimum or more than the maximum', () => {
  const interval = fc.integer({ min: 0, max: 1_000_000 });
  fc.assert(
    fc.property(
      interval,
      interval,
      fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1 }),
      (one, other, draws) => {
        const [minimumMs, maximumMs] = [Math.min(one, other), Math.max(one, other)];
        let draw = 0;
        const next = retryDelays(
          { strategy: 'exponentialBackoff', maxRetryCount: -1, minimumMs, maximumMs },
          () => draws[draw++ % draws.length] ?? 0,
        );
        for (let attempt = 0; attempt < 40; attempt++) {
          const delay = next();
          expect(delay).toBeGreaterThanOrEqual(minimumMs);
          expect(delay).toBeLessThanOrEqual(maximumMs);
        }
      },
    ),
  );
});

it.each([
  [{ retryStrategy: 'fixedDelay', maxRetryCount: 1 }, 'retry.delayInterval is missing'],
  [
    { retryStrategy: 'fixedDelay', maxRetryCount: -2, delayInterval: { seconds: 1 } },
    'maxRetryCount must be a whole number of at least -1, not -2',
  ],
  [{ retryStrategy: 'linear', maxRetryCount: 1 }, 'must be fixedDelay or exponentialBackoff, not "linear"'],
  [
    {
      retryStrategy: 'exponentialBackoff',
      maxRetryCount: 1,
      minimumInterval: { seconds: 9 },
      maximumInterval: { seconds: 5 },
    },
    'minimumInterval must not be above retry.maximumInterval',
  ],
])('rejects a policy that the host would reject: %j', (options, message) => {
  expect(() => readRetryPolicy(options, 'f')).toThrow(message);
});
