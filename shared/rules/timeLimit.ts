/** Thrown where the evaluation of a rule has taken too long. One object for all, because an error with a stack costs much. */
export const tookTooLong = new Error('The evaluation took too long.');
tookTooLong.stack = '';

/**
 * Ends an evaluation that takes too long: it runs in the thread of the app, where nothing else could. What may take long looks
 * at the clock: each item of `exists`, and each test of a text that is not short.
 */
export class TimeLimit {
  /** Gives milliseconds. */
  readonly now: () => number;
  #end = Number.POSITIVE_INFINITY;
  #isOver = false;

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** The next evaluation may take until `end`. */
  begin(end: number): void {
    this.#end = end;
    this.#isOver = false;
  }

  /** Whether the evaluation was ended. `||` may have an answer in spite of it, and that does not count. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** @throws tookTooLong, and once it has, at each call without looking at the clock */
  look(): void {
    if (!this.#isOver && this.now() < this.#end) return;
    this.#isOver = true;
    throw tookTooLong;
  }
}
