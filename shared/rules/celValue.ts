import type { Json } from '../json';
import { noValue } from './noValue';

/** Longer lists are not given to an expression: what `exists` and `all` cost must stay small. Items of lists inside count too. */
export const maxListItems = 100;
/** The longest command line that Windows starts. Longer texts are not given to an expression. */
export const maxTextLength = 32_768;

/** An object inside a record. A key that is absent is null. */
export class Members extends Map<string, unknown> {
  readonly #json: Readonly<Record<string, Json>>;
  #keys: readonly string[] | 'many' | undefined;

  constructor(json: Readonly<Record<string, Json>>) {
    super();
    this.#json = json;
  }

  override get(key: string): unknown {
    const known = super.get(key);
    if (known !== undefined) return known;
    const value = Object.hasOwn(this.#json, key) ? toCel(this.#json[key]) : null;
    this.set(key, value);
    return value;
  }

  /** Those whose value is not null. @throws noValue for more than a list may have items */
  get filledKeys(): readonly string[] {
    // Kept, because an expression may ask many times.
    this.#keys ??= this.fewKeys();
    if (this.#keys === 'many') throw noValue;
    return this.#keys;
  }

  private fewKeys(): readonly string[] | 'many' {
    const keys = Object.keys(this.#json);
    return keys.length > maxListItems ? 'many' : keys.filter((key) => this.holds(key));
  }

  holds(key: unknown): boolean {
    return typeof key === 'string' && Object.hasOwn(this.#json, key) && this.#json[key] !== null;
  }
}

/** A value as the expression sees it: whole numbers are exact int, all others double; what is absent is null. @throws noValue */
export function toCel(value: Json | undefined): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === 'string') return textOf(value);
  if (typeof value !== 'object') return value;
  return Array.isArray(value) ? listOf(value, { left: maxListItems }) : new Members(value);
}

/** A text that is too long to look through is as if it were absent, so the record is kept. @throws noValue */
export function textOf(text: string): string {
  if (text.length > maxTextLength) throw noValue;
  return text;
}

/** The same goes for a list. */
function listOf(list: readonly Json[], items: { left: number }): unknown[] {
  items.left -= list.length;
  if (items.left < 0) throw noValue;
  return list.map((item) => (Array.isArray(item) ? listOf(item, items) : toCel(item)));
}

/** What `exists` and `all` go through: the items of a list, or the keys of an object. @throws noValue, TypeError */
export function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value === null) throw noValue;
  if (!(value instanceof Members)) throw new TypeError('Only a list or an object has items.');
  return value.filledKeys;
}
