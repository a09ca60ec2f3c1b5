import { isObject, type Json, type JsonObject, parseJson } from '../json';
import type { NetworkEvent } from './event';
import { cleanMember } from './fitObject';

/** One member of a template. */
export interface Part {
  readonly key: string;
  /** The value for every event. */
  readonly constant?: Json;
  /** Computes the value for an event. */
  readonly value?: (event: NetworkEvent) => Json | undefined;
  /** Copies a column as sent: its index among the columns of the record. */
  readonly index?: number;
  readonly inner?: Template;
}

/** An object that is reused for each event, so that only members that vary cost time. Null and empty texts are left out. */
export class Template {
  /** The object for the last event. Members without a value are undefined, and JSON leaves them out. */
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

  /** Sets the members for an event. Returns false if a template cannot write it: the object is empty, or a value must be cut. */
  fill(event: NetworkEvent): boolean {
    const { object } = this;
    const { values } = event;
    let isEmpty = !this.#hasConstant;
    for (const { key, value } of this.#steps) {
      const made = value(event) ?? undefined;
      const clean = typeof made === 'object' && needsCleaning(made) ? cleanMember(made) : made;
      if (clean === undefined && made !== undefined) return false;
      const kept = clean === '' ? undefined : clean;
      object[key] = kept;
      if (kept !== undefined) isEmpty = false;
    }
    for (const { key, index } of this.#copies) {
      const sent = values[index];
      if (typeof sent === 'object') return false;
      object[key] = sent === '' ? undefined : sent;
      if (sent !== '') isEmpty = false;
    }
    for (const inner of this.#inner) {
      if (!inner.fill(event)) return false;
      isEmpty = false;
    }
    return !isEmpty;
  }
}

/** Makes the object with JSON.parse, because its keys are then fast to access, however many there are. */
function fastObject(members: readonly (readonly [string, Json])[]): JsonObject {
  const object = parseJson(JSON.stringify(Object.fromEntries(members)));
  return isObject(object) ? object : {};
}

/** Whether a value may hold nulls to leave out, or be nested too deeply. */
function needsCleaning(value: JsonObject | Json[]): boolean {
  return Object.values(value).some((inner) => typeof inner === 'object');
}
