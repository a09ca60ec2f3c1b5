/** How many names one dimension may have in the life of the process. Each is a time series for every other dimension. */
const maxNames = 100;
const maxLength = 128;

/** Names from outside, bounded in number and length: what comes after the hundredth is `(other)`. */
export class BoundedNames {
  readonly #known = new Set<string>(['']);

  constructor(private readonly most: number = maxNames) {}

  /** The name itself, shortened, or `(other)`. */
  of(name: string): string {
    const short = name.slice(0, maxLength).toWellFormed();
    if (!this.#known.has(short)) {
      // The empty name is not one of the hundred.
      if (this.#known.size > this.most) return '(other)';
      this.#known.add(short);
    }
    return short;
  }
}
