import { type Fields, isFields } from '../fields';
import { HostError, show } from './hostError';

/** A function's `retry`, in milliseconds. `maxRetryCount` -1 retries without end. */
export type RetryPolicy =
  | { readonly strategy: 'fixedDelay'; readonly maxRetryCount: number; readonly delayMs: number }
  | {
      readonly strategy: 'exponentialBackoff';
      readonly maxRetryCount: number;
      readonly minimumMs: number;
      readonly maximumMs: number;
    };

/** @throws HostError for a strategy, count or interval that the platform's host rejects (Utility.ValidateRetryOptions). */
export function readRetryPolicy(options: Fields | undefined, functionName: string): RetryPolicy | undefined {
  if (options === undefined) return undefined;
  const maxRetryCount = options['maxRetryCount'];
  if (typeof maxRetryCount !== 'number' || !Number.isInteger(maxRetryCount) || maxRetryCount < -1) {
    throw new HostError(
      `Function "${functionName}": retry.maxRetryCount must be a whole number of at least -1, not ${show(maxRetryCount)}.`,
    );
  }
  const interval = (name: string): number => {
    const duration = options[name];
    const seconds = isFields(duration) ? duration['seconds'] : undefined;
    if (typeof seconds !== 'number' || seconds < 0) {
      throw new HostError(
        `Function "${functionName}": retry.${name} is missing; the strategy ${show(options['retryStrategy'])} needs it.`,
      );
    }
    return seconds * 1000;
  };
  switch (options['retryStrategy']) {
    case 'fixedDelay':
      return { strategy: 'fixedDelay', maxRetryCount, delayMs: interval('delayInterval') };
    case 'exponentialBackoff': {
      const policy = {
        strategy: 'exponentialBackoff',
        maxRetryCount,
        minimumMs: interval('minimumInterval'),
        maximumMs: interval('maximumInterval'),
      } as const;
      if (policy.minimumMs > policy.maximumMs) {
        throw new HostError(
          `Function "${functionName}": retry.minimumInterval must not be above retry.maximumInterval.`,
        );
      }
      return policy;
    }
    default:
      throw new HostError(
        `Function "${functionName}": retry.strategy must be fixedDelay or exponentialBackoff, not ${show(options['retryStrategy'])}.`,
      );
  }
}

/** The host's randomisation of the exponential delay: plus or minus 20 % (RandomizedExponentialBackoffStrategy.cs). */
const randomisation = 0.2;

/**
 * The waits between the attempts of one batch. Exponential: first the minimum, then the minimum plus 1, 2, 4 ... times itself,
 * each plus or minus 20 %, until the maximum is reached; from then on the maximum.
 * @param random 0 (inclusive) to 1 (exclusive)
 */
export function retryDelays(policy: RetryPolicy, random: () => number): () => number {
  if (policy.strategy === 'fixedDelay') return () => policy.delayMs;
  const { minimumMs, maximumMs } = policy;
  let exponent = 0;
  let current = -1;
  return () => {
    if (current === maximumMs) return current;
    const factor = 1 - randomisation + 2 * randomisation * random();
    const next = exponent === 0 ? minimumMs : minimumMs + factor * 2 ** (exponent - 1) * minimumMs;
    exponent++;
    current = Math.min(next, maximumMs);
    return current;
  };
}
