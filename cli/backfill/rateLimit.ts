import { setTimeout as sleep } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds. */
  readonly now: () => number;
  /** Resolves early when the signal is aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const realClock: Clock = {
  now: () => performance.now(),
  wait: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
};

/** Limits an average rate: each call waits until the amounts taken before have used up their time. */
export class Rate {
  #free = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly perSecond: number,
    private readonly clock: Clock = realClock,
  ) {}

  async take(amount: number, signal: AbortSignal): Promise<void> {
    const now = this.clock.now();
    const start = Math.max(now, this.#free);
    this.#free = start + (amount / this.perSecond) * 1000;
    if (start > now) await this.clock.wait(start - now, signal);
  }
}
