import type { InvocationRequest } from '../../src/host/protocol';

/** A line that the app logged during an invocation. */
export interface Line {
  /** `information`, `error` and so on. */
  readonly level: string;
  readonly message: string;
}

export interface Invoked {
  /** Undefined when the invocation succeeded, else the message of what the handler threw. */
  readonly error: string | undefined;
  readonly lines: readonly Line[];
}

/** One function as the host learns of it, in plain JSON. */
export interface Registered {
  readonly name: string;
  readonly functionId: string;
  /** By name. */
  readonly bindings: Readonly<Record<string, object>>;
  readonly retry: Retry | undefined;
}

export interface Retry {
  readonly strategy: string;
  readonly maxRetryCount: number;
  /** Delay, minimum and maximum in seconds, those that are set. */
  readonly seconds: readonly number[];
}

type Interval = { readonly seconds: number } | null | undefined;

/** A retry policy as both workers tell it, but for the spelling of the strategy. */
export function retryOf(
  options:
    | {
        readonly retryStrategy: string;
        readonly maxRetryCount: number;
        readonly delayInterval?: Interval;
        readonly minimumInterval?: Interval;
        readonly maximumInterval?: Interval;
      }
    | null
    | undefined,
): Retry | undefined {
  if (options === null || options === undefined) return undefined;
  const { retryStrategy, maxRetryCount, delayInterval, minimumInterval, maximumInterval } = options;
  const intervals = [delayInterval, minimumInterval, maximumInterval];
  return {
    strategy: retryStrategy.replaceAll('_', '').toLowerCase(),
    maxRetryCount,
    seconds: intervals.flatMap((interval) => (interval === null || interval === undefined ? [] : [interval.seconds])),
  };
}

/** A worker process with an app inside, driven as the host drives it: the platform's, or the one of the `host` folder. */
export interface Worker {
  readonly functions: readonly Registered[];
  readonly capabilities: Readonly<Record<string, string>>;
  invoke(request: InvocationRequest): Promise<Invoked>;
  /** Lets the app's appTerminate hooks run and ends the process. */
  stop(): Promise<void>;
}

/** What a worker needs to start. */
export interface App {
  readonly directory: string;
  readonly settings: Readonly<Record<string, string>>;
}
