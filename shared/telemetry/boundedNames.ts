import { shortened } from '../shortened';

/** How many names one dimension may have in the life of the process. Each is a time series for every other dimension. */
const maxNames = 100;
const maxLength = 128;

/** Names from outside, bounded in number and length: what comes after the hundredth is `(other)`. */
export class BoundedNames {
  /** Each name by itself: what is given out is the text that was copied, not the one that came. */
  readonly #known = new Map<string, string>([['', '']]);

  constructor(private readonly most: number = maxNames) {}

  /** The name itself, shortened, or `(other)`. */
  of(name: string): string {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const short = shortened(name, maxLength);
    if (!this.#known.has(short)) {
      // The empty name is not one of the hundred.
      if (this.#known.size > this.most) return '(other)';
      this.#known.set(short, short);
    }
    return short;
  }
}
