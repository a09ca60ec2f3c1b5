const minuteMilliseconds = 60_000;

/** Counts requests and bytes of one DCR in windows of a minute. The first window begins with the first request. */
export class RateWindow {
  #start = Number.NEGATIVE_INFINITY;
  #requests = 0;
  #bytes = 0;

  constructor(
    private readonly requestsPerMinute: number,
    private readonly bytesPerMinute: number,
  ) {}

  /** Counts a request. Returns the seconds to wait if it is one too many. */
  admitRequest(now: number): number | undefined {
    this.turn(now);
    this.#requests++;
    return this.#requests > this.requestsPerMinute ? this.secondsLeft(now) : undefined;
  }

  /** Counts bytes unless they are too many; then returns the seconds to wait. A window's first body always passes. */
  admitBytes(bytes: number, now: number): number | undefined {
    this.turn(now);
    if (this.#bytes > 0 && this.#bytes + bytes > this.bytesPerMinute) return this.secondsLeft(now);
    this.#bytes += bytes;
    return undefined;
  }

  private turn(now: number): void {
    if (now - this.#start < minuteMilliseconds) return;
    this.#start = now;
    this.#requests = 0;
    this.#bytes = 0;
  }

  private secondsLeft(now: number): number {
    return Math.ceil((this.#start + minuteMilliseconds - now) / 1000);
  }
}
