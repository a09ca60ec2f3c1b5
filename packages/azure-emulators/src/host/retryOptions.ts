import { RetryMode } from '@azure/event-hubs';

/** With the SDK's defaults (30 s between tries, 60 s each) every lost connection would cost a minute. */
export const retryOptions = {
  maxRetries: 3,
  retryDelayInMs: 200,
  maxRetryDelayInMs: 2000,
  timeoutInMs: 10_000,
  mode: RetryMode.Exponential,
};
