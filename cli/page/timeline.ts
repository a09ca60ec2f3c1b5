/** So many seconds are kept. */
const secondsKept = 600;

interface Second {
  /** Since 1970. */
  readonly at: number;
  records: number;
  /** Undefined if no batch was settled in this second, or no time is known. */
  delayMs: number | undefined;
}

/** Three columns of equal length, oldest first, without a gap. */
export interface TimelineColumns {
  /** Seconds since 1970. */
  readonly seconds: readonly number[];
  readonly records: readonly number[];
  /** The longest time from the hub to the end of its batch among the messages of batches settled then. */
  readonly delayMs: readonly (number | null)[];
}

/** What was settled in each of the last ten minutes' seconds. */
export class Timeline {
  readonly #seconds = new Map<number, Second>();
  readonly #begin: number;

  /** `now` gives milliseconds since 1970. */
  constructor(private readonly now: () => number = Date.now) {
    this.#begin = this.second();
  }

  /** `oldestEnqueued`: when the hub stored the oldest message of the batch, in milliseconds since 1970. */
  settled(records: number, oldestEnqueued: number | undefined): void {
    const at = this.second();
    const second = this.#seconds.get(at) ?? { at, records: 0, delayMs: undefined };
    this.#seconds.set(at, second);
    second.records += records;
    if (oldestEnqueued !== undefined) {
      second.delayMs = Math.max(second.delayMs ?? 0, this.now() - oldestEnqueued);
    }
    for (const old of this.#seconds.keys()) {
      if (old > at - secondsKept) break;
      this.#seconds.delete(old);
    }
  }

  columns(): TimelineColumns {
    const last = this.second();
    const first = Math.max(this.#begin, last - secondsKept + 1);
    const seconds = Array.from({ length: Math.max(1, last - first + 1) }, (_, i) => first + i);
    const found = seconds.map((at) => this.#seconds.get(at));
    return {
      seconds,
      records: found.map((one) => one?.records ?? 0),
      delayMs: found.map((one) => one?.delayMs ?? null),
    };
  }

  private second(): number {
    return Math.floor(this.now() / 1000);
  }
}
