import type { Json } from '../json';
import { noValue } from './noValue';

/** Longer lists are not given to an expression: what `exists` and `all` cost must stay small. */
export const maxListItems = 100;

/** An object inside a record. A key that is absent is null. */
export class Members extends Map<string, unknown> {
  readonly #json: Readonly<Record<string, Json>>;

  constructor(json: Readonly<Record<string, Json>>) {
    super();
    this.#json = json;
  }

  override get(key: string): unknown {
    return Object.hasOwn(this.#json, key) ? toCel(this.#json[key]) : null;
  }
}

/** A value as the expression sees it: whole numbers are exact int, all others double; what is absent is null. */
export function toCel(value: Json | undefined): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object') return value;
  if (!Array.isArray(value)) return new Members(value);
  // Too long to look through: as if it were absent, so the record is kept.
  if (value.length > maxListItems) throw noValue;
  return value.map(toCel);
}
