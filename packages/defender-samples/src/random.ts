import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export type NonEmpty<T> = readonly [T, ...T[]];

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Seeded draws. Whole-number arithmetic only, so that every engine draws the same. */
export class Random {
  readonly #generator;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** 0 to 2^32 - 1. */
  word(): number {
    return this.#generator.next() >>> 0;
  }

  /** 0 to `limit` - 1. */
  below(limit: number): number {
    return this.word() % limit;
  }

  /** `lowest` to `highest`, both included. */
  between(lowest: number, highest: number): number {
    return lowest + this.below(highest - lowest + 1);
  }

  /** True once in `times` draws. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(items: NonEmpty<T>): T {
    return items[this.below(items.length)] ?? items[0];
  }

  /** `digits` must be a multiple of 8. */
  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.word().toString(16).padStart(8, '0');
    return text;
  }

  /** A version 4 UUID. */
  uuid(): string {
    const digits = this.hex(32);
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-9${digits.slice(17, 20)}-${digits.slice(20)}`;
  }

  letters(length: number): string {
    let text = '';
    while (text.length < length) text += base62.charAt(this.below(base62.length));
    return text;
  }

  shuffled<T>(items: readonly T[]): T[] {
    const shuffled: T[] = [];
    for (const item of items) shuffled.splice(this.below(shuffled.length + 1), 0, item);
    return shuffled;
  }
}

/** Every item repeated by its weight, so that a weighted draw is one `pick`. */
export function deckOf<T>(weighted: Iterable<readonly [item: T, weight: number]>): NonEmpty<T> {
  const [first, ...rest] = [...weighted].flatMap(([item, weight]) => Array<T>(weight).fill(item));
  if (first === undefined) throw new RangeError('A deck needs an item with a weight above 0.');
  return [first, ...rest];
}
