import { isObject, type Json, type JsonObject, parseJson } from '../json';
import type { NetworkEvent } from './event';
import { cleanMember } from './fitObject';

/** A member of an object that is made for each event of a class. */
export interface Part {
  readonly key: string;
  /** The same in every event. */
  readonly constant?: Json;
  /** Worked out for each event. */
  readonly value?: (event: NetworkEvent) => Json | undefined;
  /** A column as sent, by its index among the columns of the record. */
  readonly index?: number;
  readonly inner?: Template;
}

/** An object that is filled anew for each event, so that only what varies costs time. Null and empty texts are left out. */
export class Template {
  /** The object for the last event: JSON leaves out what is undefined. */
  readonly object: Record<string, unknown>;
  readonly #steps: { readonly key: string; readonly value: NonNullable<Part['value']> }[] = [];
  readonly #copies: { readonly key: string; readonly index: number }[] = [];
  readonly #inner: Template[] = [];
  #hasConstant = false;

  constructor(parts: readonly Part[]) {
    this.object = fastObject(parts.map(({ key, constant = null }) => [key, constant]));
    for (const { key, value, index, inner } of parts) {
      if (value !== undefined) this.#steps.push({ key, value });
      else if (index !== undefined) this.#copies.push({ key, index });
      else if (inner === undefined) this.#hasConstant = true;
      else {
        this.#inner.push(inner);
        this.object[key] = inner.object;
      }
    }
  }

  /** Makes the object for an event. False if that takes more: it is empty, or holds something that has to be cut. */
  fill(event: NetworkEvent): boolean {
    const { object } = this;
    const { values } = event;
    let isEmpty = !this.#hasConstant;
    for (const { key, value } of this.#steps) {
      const made = value(event) ?? undefined;
      const clean = typeof made === 'object' && needsCleaning(made) ? cleanMember(made) : made;
      if (clean === undefined && made !== undefined) return false;
      object[key] = clean === '' ? undefined : clean;
    }
    for (const { key, index } of this.#copies) {
      const sent = values[index];
      if (typeof sent === 'object') return false;
      object[key] = sent === '' ? undefined : sent;
      if (sent !== '') isEmpty = false;
    }
    for (const inner of this.#inner) if (!inner.fill(event)) return false;
    return !isEmpty;
  }
}

/** An object made by JSON.parse, which gives fast access to its keys, however many there are. */
function fastObject(members: readonly (readonly [string, Json])[]): JsonObject {
  const object = parseJson(JSON.stringify(Object.fromEntries(members)));
  return isObject(object) ? object : {};
}

/** Whether a copy without nulls would differ, or may be too deep. */
function needsCleaning(value: JsonObject | Json[]): boolean {
  return Object.values(value).some((inner) => typeof inner === 'object');
}
