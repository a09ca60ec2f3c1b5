import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { DeliveryError } from '../errors/batchErrors';
import { verdictOf } from '../errors/classify';
import { RejectionCredit } from './rejectionCredit';

/** Delays in milliseconds. */
export interface Delays {
  /** After the first error, when the service does not say how long to wait; doubled with each further one. */
  readonly first: number;
  readonly longest: number;
  /** The shortest wait, even if the service allows an immediate retry. */
  readonly shortest: number;
}

const defaultDelays: Delays = { first: 1000, longest: 20_000, shortest: 100 };

export interface GateOptions {
  /** Concurrent calls. */
  readonly concurrency: number;
  /** The longest wait that the service may ask for by Retry-After. */
  readonly maxRetryAfterMs: number;
  readonly delays?: Delays;
  /** 0 to 1. */
  readonly random?: () => number;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
  /** Called when the gate closes, or stays closed for longer, with the additional time. */
  readonly onClosed?: (ms: number) => void;
}

/** After this many failed calls without a success in between, the gate closes. */
const maxFailedInARow = 3;

/**
 * Limits the calls to one Data Collection Rule, for all partitions of the instance. The caller retries a call that fails with a
 * transient error. But when the DCR throttles, or several calls fail in a row, the gate closes: all calls wait for one delay
 * instead of retrying one by one. Each DCR has a gate of its own, so an error of one does not delay the others.
 */
export class DcrGate {
  /** Whether the DCR has accepted rows of this process. */
  hasAccepted = false;
  readonly credit = new RejectionCredit();
  /** The error that closed the gate, until a call succeeds. */
  closedBy: DeliveryError | undefined;
  /** Failed calls since the last success. */
  #failedInARow = 0;
  /** Closings since the last success, for the backoff. */
  #closingsInARow = 0;
  /** All closings, to recognise calls that began before a closing. */
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
   * Waits until the gate is open and a slot is free, then makes the call.
   * Rejects with the call's error, or with the signal's reason when it is aborted while waiting.
   */
  async pass<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      if (this.waitMs > 0) await sleep(this.waitMs, undefined, { signal });
      const passed = await this.#limit(async () => {
        signal.throwIfAborted();
        // The gate may have closed while this call was queued.
        return this.waitMs > 0 ? undefined : { result: await this.run(call) };
      });
      if (passed !== undefined) return passed.result;
    }
  }

  /** Milliseconds to wait before retry number `times` of a call, with jitter. */
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
    // A call that began before the gate closed says nothing new.
    if (closingsBefore !== this.#closings || !(isThrottled || this.#failedInARow >= maxFailedInARow)) return;
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
