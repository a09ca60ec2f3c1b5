import { setTimeout as sleep } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds. */
  readonly now: () => number;
  /** Ends early, without an error, when the signal is aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const realClock: Clock = {
  now: () => performance.now(),
  wait: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
};

/** Keeps an average: whoever takes an amount waits until what was taken before has had its time. */
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
