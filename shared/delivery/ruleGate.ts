import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
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
  readonly now?: () => number;
}

/**
 * The way to one Data Collection Rule, shared by all partitions of the instance: when the rule is in trouble they wait
 * together instead of each trying on its own, and trouble with one rule leaves the way to the others free.
 */
export class RuleGate {
  /** Whether the rule has accepted rows of this process. */
  hasAccepted = false;
  #failures = 0;
  #closedAt = Number.NEGATIVE_INFINITY;
  #opensAt = Number.NEGATIVE_INFINITY;
  readonly #limit;
  readonly #random;
  readonly #now;
  readonly #maxRetryAfterMs;
  readonly #delays;

  constructor({
    concurrency,
    maxRetryAfterMs,
    delays = defaultDelays,
    random = Math.random,
    now = Date.now,
  }: GateOptions) {
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
   * Waits until the gate is open and a place is free, then runs the call. A transient DeliveryError closes the gate.
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

  private async run<T>(call: () => Promise<T>): Promise<T> {
    const startedAt = this.#now();
    try {
      const result = await call();
      this.hasAccepted = true;
      this.#failures = 0;
      return result;
    } catch (error) {
      // An attempt that we ended ourselves says nothing about the rule.
      const isOurs = error instanceof DeliveryError && error.code === 'BudgetSpent';
      if (error instanceof DeliveryError && !isOurs && verdictOf(error, this.hasAccepted) === 'transient') {
        this.close(startedAt, error.retryAfterMs);
      }
      throw error;
    }
  }

  private close(startedAt: number, retryAfterMs: number | undefined): void {
    // Calls that began before the gate closed tell nothing new: one trouble counts once.
    if (startedAt >= this.#closedAt) {
      this.#failures++;
      this.#closedAt = this.#now();
    }
    const { first, longest, shortest } = this.#delays;
    const backoff = Math.min(longest, first * 2 ** (this.#failures - 1)) * (0.5 + this.#random() / 2);
    const delay = retryAfterMs === undefined ? backoff : Math.min(retryAfterMs, this.#maxRetryAfterMs);
    this.#opensAt = Math.max(this.#opensAt, this.#now() + Math.max(delay, shortest));
  }
}
