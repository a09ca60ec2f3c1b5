import { RetryMode } from '@azure/event-hubs';

/** The SDK's own defaults (30 s between tries, 60 s each) would make every lost connection a minute's silence. */
export const retryOptions = {
  maxRetries: 3,
  retryDelayInMs: 200,
  maxRetryDelayInMs: 2000,
  timeoutInMs: 10_000,
  mode: RetryMode.Exponential,
};
