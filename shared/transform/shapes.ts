import type { Json } from '../json';

/** Which keys of an object hold a value. Objects with the same keys in the same order and the same nulls share a shape. */
export class Shape {
  constructor(
    private readonly keys: readonly string[],
    private readonly marks: string,
  ) {}

  /** The keys that hold a value, each with its index in `Object.values`. */
  get filledKeys(): ReadonlyMap<string, number> {
    const indexes = [...this.keys.keys()].filter(
      (i) => (this.marks.charCodeAt(i / keysInMark) >> (i % keysInMark)) & 1,
    );
    return new Map(indexes.map((i) => [this.keys[i] ?? '', i]));
  }
}

/** The keys that one character of a text describes: one bit for each key with a value. */
const keysInMark = 16;

function marksOf(values: readonly Json[]): string {
  let marks = '';
  for (let start = 0; start < values.length; start += keysInMark) {
    const end = Math.min(start + keysInMark, values.length);
    let mark = 0;
    for (let i = start; i < end; i++) if (values[i] !== null) mark |= 1 << (i - start);
    marks += String.fromCharCode(mark);
  }
  return marks;
}

/** The shapes of objects that have the same keys in the same order. */
interface Layout {
  readonly keys: readonly string[];
  readonly shapes: Map<string, Shape>;
}

/** Finds the shape of an object. Stores a limited number of shapes. */
export class Shapes {
  /** By the number of keys. */
  readonly #layouts = new Map<number, Layout[]>();
  #free: number;

  constructor(limit: number) {
    this.#free = limit;
  }

  /** The shape of an object with these keys and values; undefined if it is new and the limit is reached. */
  of(keys: readonly string[], values: readonly Json[]): Shape | undefined {
    const layout = this.layoutOf(keys);
    const marks = marksOf(values);
    const known = layout.shapes.get(marks);
    if (known !== undefined || this.#free === 0) return known;
    this.#free--;
    const shape = new Shape(layout.keys, marks);
    layout.shapes.set(marks, shape);
    return shape;
  }

  private layoutOf(keys: readonly string[]): Layout {
    let layouts = this.#layouts.get(keys.length);
    if (layouts === undefined) this.#layouts.set(keys.length, (layouts = []));
    const known = layouts.find((layout) => areSame(layout.keys, keys));
    if (known !== undefined) return known;
    const layout = { keys, shapes: new Map<string, Shape>() };
    if (this.#free > 0) layouts.push(layout);
    return layout;
  }
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false;
  return true;
}
