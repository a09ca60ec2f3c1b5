import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { BenefitOfDoubt } from './benefitOfDoubt';
import { DeliveryError } from './deliveryError';
import { verdictOf } from './verdict';

/** Delays in milliseconds. */
export interface Delays {
  /** After the first trouble, when the service does not say how long to wait; doubled with each further one. */
  readonly first: number;
  readonly longest: number;
  /** Even if the service says "at once". */
  readonly shortest: number;
}

const defaultDelays: Delays = { first: 1000, longest: 20_000, shortest: 100 };

export interface GateOptions {
  /** Calls in flight at a time. */
  readonly concurrency: number;
  /** The longest that the service may make us wait by Retry-After. */
  readonly maxRetryAfterMs: number;
  readonly delays?: Delays;
  /** 0 to 1. */
  readonly random?: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number;
  /** Told when the gate closes, or stays closed for longer: by so much. */
  readonly onClosed?: (ms: number) => void;
}

/** So many calls in a row without a success are the rule's trouble, not theirs. */
const troubleInARow = 3;

/**
 * The way to one Data Collection Rule, shared by all partitions of the instance. A call that fails for a passing reason is
 * for its caller to repeat; but when the rule throttles, or call after call fails, the gate closes and all wait together
 * instead of each trying on its own. Trouble with one rule leaves the way to the others free.
 */
export class RuleGate {
  /** Whether the rule has accepted rows of this process. */
  hasAccepted = false;
  readonly doubt = new BenefitOfDoubt();
  /** The trouble for which it closed, until a call succeeds. */
  closedBy: DeliveryError | undefined;
  /** Failed calls since the last one that succeeded. */
  #failedInARow = 0;
  /** Closings since the last success, for the backoff; and in all, to tell calls from before and after. */
  #closingsInARow = 0;
  #closings = 0;
  #opensAt = Number.NEGATIVE_INFINITY;
  readonly #limit;
  readonly #random;
  readonly #now;
  readonly #maxRetryAfterMs;
  readonly #delays;
  readonly #onClosed;

  constructor({
    concurrency,
    maxRetryAfterMs,
    delays = defaultDelays,
    random = Math.random,
    now = () => performance.now(),
    onClosed = () => undefined,
  }: GateOptions) {
    this.#onClosed = onClosed;
    this.#delays = delays;
    this.#limit = pLimit(concurrency);
    this.#random = random;
    this.#now = now;
    this.#maxRetryAfterMs = maxRetryAfterMs;
  }

  /** Milliseconds until the gate opens; 0 when it is open. */
  get waitMs(): number {
    return Math.max(0, this.#opensAt - this.#now());
  }

  /**
   * Waits until the gate is open and a place is free, then runs the call.
   * Rejects with the call's error, or with the signal's reason when it is aborted while waiting.
   */
  async pass<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      if (this.waitMs > 0) await sleep(this.waitMs, undefined, { signal });
      const passed = await this.#limit(async () => {
        signal.throwIfAborted();
        // Closed again while this call stood in the queue.
        return this.waitMs > 0 ? undefined : { result: await this.run(call) };
      });
      if (passed !== undefined) return passed.result;
    }
  }

  /** Milliseconds before a failed call is repeated for the `times`-th time, with jitter. */
  delayMs(times: number): number {
    const { first, longest, shortest } = this.#delays;
    return Math.max(shortest, Math.min(longest, first * 2 ** (times - 1)) * (0.5 + this.#random() / 2));
  }

  private async run<T>(call: () => Promise<T>): Promise<T> {
    const closingsBefore = this.#closings;
    try {
      const result = await call();
      this.hasAccepted = true;
      this.#failedInARow = 0;
      this.#closingsInARow = 0;
      this.closedBy = undefined;
      return result;
    } catch (error) {
      if (error instanceof DeliveryError) this.failed(error, closingsBefore);
      throw error;
    }
  }

  private failed(error: DeliveryError, closingsBefore: number): void {
    if (verdictOf(error) !== 'transient') return;
    this.#failedInARow++;
    const isThrottled = error.status === 429 || error.retryAfterMs !== undefined;
    // Calls that began before the gate closed tell nothing new: one trouble counts once.
    if (closingsBefore !== this.#closings || !(isThrottled || this.#failedInARow >= troubleInARow)) return;
    this.#closings++;
    this.#closingsInARow++;
    this.closedBy = error;
    const asked = error.retryAfterMs === undefined ? undefined : Math.min(error.retryAfterMs, this.#maxRetryAfterMs);
    const delay = Math.max(asked ?? this.delayMs(this.#closingsInARow), this.#delays.shortest);
    const now = this.#now();
    const closedUntil = Math.max(this.#opensAt, now);
    this.#opensAt = Math.max(this.#opensAt, now + delay);
    this.#onClosed(this.#opensAt - closedUntil);
  }
}
