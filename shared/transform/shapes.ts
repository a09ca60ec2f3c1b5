import type { Json } from '../json';

/**
 * Which keys of an object hold a value, and where. Two objects have one shape if they have the same keys in the same order,
 * with null at the same ones. Shapes form a tree with a level for each key, so finding one takes a comparison a key.
 */
export class Shape {
  #key: string | undefined;
  #filled: Shape | undefined;
  #empty: Shape | undefined;
  /** By the next key, if it is another than that of the first object that came here. */
  readonly #others = new Map<string, Shape>();

  constructor(
    private readonly before?: Shape,
    private readonly key = '',
    private readonly isFilled = false,
  ) {}

  /** The keys that hold a value, each with its index in `Object.values`. */
  get filledKeys(): ReadonlyMap<string, number> {
    const { before } = this;
    if (before === undefined) return new Map();
    return this.isFilled ? new Map([...before.filledKeys, [this.key, before.length]]) : before.filledKeys;
  }

  private get length(): number {
    return this.before === undefined ? 0 : this.before.length + 1;
  }

  /** The shape with one more key; undefined if there is none yet. */
  next(key: string, isFilled: boolean): Shape | undefined {
    if (key === this.#key) return isFilled ? this.#filled : this.#empty;
    return this.#others.get(`${isFilled}${key}`);
  }

  add(key: string, isFilled: boolean): Shape {
    const shape = new Shape(this, key, isFilled);
    this.#key ??= key;
    if (key !== this.#key) this.#others.set(`${isFilled}${key}`, shape);
    else if (isFilled) this.#filled = shape;
    else this.#empty = shape;
    return shape;
  }
}

/** Finds the shapes of objects; remembers a limited number. */
export class Shapes {
  readonly #none = new Shape();
  #free: number;

  constructor(limit: number) {
    this.#free = limit;
  }

  /** The shape of an object with these keys and values; undefined for a new shape beyond the limit. */
  of(keys: readonly string[], values: readonly Json[]): Shape | undefined {
    let shape = this.#none;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] ?? '';
      const isFilled = values[i] !== null;
      let next = shape.next(key, isFilled);
      if (next === undefined) {
        if (this.#free === 0) return undefined;
        this.#free--;
        next = shape.add(key, isFilled);
      }
      shape = next;
    }
    return shape;
  }
}
