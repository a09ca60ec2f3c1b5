import { shortened } from './shortened';

/** Each name is a key of the books' JSON, and a time series for every other dimension of a metric. */
const maxNames = 100;
export const maxNameLength = 128;
/** Stands for all names past the hundredth. */
export const otherNames = '(other)';

/** Bounds names from outside in number and length: every name after the hundredth is {@link otherNames}. */
export class BoundedNames {
  /** Values are copies: what is given out does not keep the text from outside in memory. */
  readonly #known = new Map<string, string>([['', '']]);

  /** The name itself, shortened, or `(other)`. */
  of(name: string): string {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const short = shortened(name, maxNameLength);
    if (!this.#known.has(short)) {
      // The empty name is not one of the hundred.
      if (this.#known.size > maxNames) return otherNames;
      this.#known.set(short, short);
    }
    return short;
  }
}
