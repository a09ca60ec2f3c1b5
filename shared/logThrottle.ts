/** Decides which log lines to write: the first about each subject, a line that says something new, then one an interval. */
export class LogThrottle {
  readonly #lines = new Map<string, { readonly text: string; readonly at: number; leftOut: number }>();

  /** `now` is in milliseconds. */
  constructor(
    private readonly intervalMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** How many equal lines were left out since the last one; undefined when this one is left out, too. */
  next(subject: string, text = ''): number | undefined {
    const last = this.#lines.get(subject);
    const isSame = last?.text === text;
    if (isSame && this.now() - last.at < this.intervalMs) {
      last.leftOut++;
      return undefined;
    }
    this.#lines.set(subject, { text, at: this.now(), leftOut: 0 });
    return isSame ? last.leftOut : 0;
  }

  /** The next line about the subject is a first one again. */
  forget(subject: string): void {
    this.#lines.delete(subject);
  }
}
