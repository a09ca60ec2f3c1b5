/** Ticks of 100 ns, the unit of Defender's timestamps. */
export const second = 10_000_000;
const ticksPerMillisecond = 10_000;

const maxKeptSeconds = 20_000;
const trailingZeros = /\.?0+Z$/;

/** From the epoch of FILETIME, 1601, to that of Unix, 1970. */
const fileTimeEpochMilliseconds = 11_644_473_600_000;

/**
 * Writes times that are given in ticks relative to the end of the stream: ticks since an epoch would not fit a double.
 */
export class Clock {
  readonly #end: number;
  /** Texts up to the second: nearly all records of a stream share a few thousand of them. */
  readonly #seconds = new Map<number, string>();

  constructor(end: Date) {
    this.#end = end.getTime();
  }

  /** As in columns: `2026-11-21T08:15:28.18835Z`, trailing zeros and an empty fraction left out. */
  timestamp(at: number): string {
    return this.published(at).replace(trailingZeros, 'Z');
  }

  /** As in the envelope: always seven digits, `2026-11-21T08:15:28.1883500Z`. */
  published(at: number): string {
    const { milliseconds, ticks } = this.split(at);
    const seconds = Math.floor(milliseconds / 1000);
    const fraction = (milliseconds - seconds * 1000) * ticksPerMillisecond + ticks;
    return `${this.toSecond(seconds)}.${String(fraction).padStart(7, '0')}Z`;
  }

  /** As Zeek rows spell `ts`: a Windows FILETIME. */
  fileTime(at: number): string {
    const { milliseconds, ticks } = this.split(at);
    return `${milliseconds + fileTimeEpochMilliseconds}${String(ticks).padStart(4, '0')}`;
  }

  private split(at: number): { milliseconds: number; ticks: number } {
    const whole = Math.floor(at / ticksPerMillisecond);
    return { milliseconds: this.#end + whole, ticks: at - whole * ticksPerMillisecond };
  }

  private toSecond(seconds: number): string {
    let text = this.#seconds.get(seconds);
    if (text === undefined) {
      text = new Date(seconds * 1000).toISOString().slice(0, -'.000Z'.length);
      if (this.#seconds.size < maxKeptSeconds) this.#seconds.set(seconds, text);
    }
    return text;
  }
}
