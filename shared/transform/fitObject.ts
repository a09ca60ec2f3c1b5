import { isObject, type Json, type JsonObject, stringifyJson } from '../json';

/** Below the service's limit of 64 KB a field, with room for what a transformation of the DCR may add. */
export const maxObjectBytes = 60_000;
/** Deeper nesting is cut: nobody queries it, and serialisers recurse. */
export const maxDepth = 32;
/** Cut first when the object is too large: long, and the least missed. */
const cutFirst = ['CommandLine', 'SamplePacketContent'];

/**
 * A copy of the object without nulls (at every level) and lone surrogates, cut field by field to
 * {@link maxObjectBytes} of JSON. `Truncated: true` says that something was cut.
 */
export function fitObject(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  const cleaner = new Cleaner();
  const cleaned = cleaner.object(fields, maxDepth);
  if (cleaner.truncated) cleaned['Truncated'] = true;
  return cleaner.atMostBytes <= maxObjectBytes ? cleaned : cutToSize(cleaned);
}

/** As {@link fitObject} for the value of one of its keys; undefined if it is nested too deeply. */
export function cleanMember(value: JsonObject | Json[]): Json | undefined {
  const cleaner = new Cleaner();
  const cleaned = cleaner.value(value, maxDepth - 1);
  return cleaner.truncated ? undefined : cleaned;
}

/** Copies JSON without nulls and undefined. */
class Cleaner {
  truncated = false;
  /** Upper bound of the JSON's size, six bytes for each UTF-16 unit: nearly no object needs to be measured exactly. */
  atMostBytes = 64;

  object(value: Readonly<Record<string, Json | undefined>>, depth: number): JsonObject {
    const copy: JsonObject = {};
    for (const key of Object.keys(value)) {
      const inner = this.value(value[key], depth - 1);
      if (inner === undefined) continue;
      this.atMostBytes += key.length * 6 + 4;
      set(copy, key.isWellFormed() ? key : key.toWellFormed(), inner);
    }
    return copy;
  }

  value(value: Json | undefined, depth: number): Json | undefined {
    if (value === null || value === undefined) return undefined;
    if (typeof value === 'string') {
      this.atMostBytes += value.length * 6 + 3;
      return value.isWellFormed() ? value : value.toWellFormed();
    }
    if (typeof value !== 'object') {
      this.atMostBytes += typeof value === 'bigint' ? 70 : 26;
      return value;
    }
    if (depth === 0) {
      this.truncated = true;
      return undefined;
    }
    this.atMostBytes += 3;
    if (!Array.isArray(value)) return this.object(value, depth);
    return value.map((item) => this.value(item, depth - 1)).filter((item) => item !== undefined);
  }
}

/** Assigning to `__proto__` would change the object's prototype. */
function set(object: JsonObject, key: string, value: Json): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

interface Field {
  readonly holder: JsonObject;
  readonly key: string;
  /** JSON size of key and value. */
  readonly bytes: number;
}

/** Cuts an object to {@link maxObjectBytes} and marks it as truncated. Changes its argument. */
function cutToSize(object: JsonObject): JsonObject {
  if (jsonBytes(object) <= maxObjectBytes) return object;
  object['Truncated'] = true;
  cutFields(object, maxObjectBytes);
  return object;
}

/**
 * Shortens texts and removes other values until the JSON takes at most `maxBytes`: of the object and of the objects directly
 * inside it, first {@link cutFirst}, then the longest. `Truncated` stays. Changes its argument.
 */
export function cutFields(object: JsonObject, maxBytes: number): void {
  let excess = jsonBytes(object) - maxBytes;
  for (const next of fieldsToCut(object)) {
    if (excess <= 0) return;
    excess -= cut(next, excess);
  }
  // Only keys with empty objects are left.
  for (const { key, bytes } of Object.entries(object).map(([name, value]) => field(object, name, value))) {
    if (excess <= 0) return;
    if (key === 'Truncated') continue;
    delete object[key];
    excess -= bytes - 2;
  }
}

/** The fields that may be cut, in the order in which they are. */
function fieldsToCut(object: JsonObject): Field[] {
  const fields = Object.entries(object).flatMap(([key, value]) => {
    if (key === 'Truncated') return [];
    return isObject(value)
      ? Object.entries(value).flatMap(([innerKey, inner]) =>
          innerKey === 'Truncated' ? [] : [field(value, innerKey, inner)],
        )
      : [field(object, key, value)];
  });
  return fields.toSorted((a, b) => rank(a) - rank(b) || b.bytes - a.bytes);
}

function field(holder: JsonObject, key: string, value: Json): Field {
  return { holder, key, bytes: jsonBytes({ [key]: value }) };
}

function rank({ key }: Field): number {
  return cutFirst.includes(key) ? cutFirst.indexOf(key) : cutFirst.length;
}

/** Returns a lower bound of the bytes saved. */
function cut({ holder, key, bytes }: Field, excess: number): number {
  const value = holder[key];
  const room = typeof value === 'string' ? jsonBytes(value) - excess : 0;
  if (typeof value !== 'string' || room <= 2) {
    delete holder[key];
    return bytes - 2;
  }
  const shortened = fitJsonText(value, room);
  holder[key] = shortened;
  return jsonBytes(value) - jsonBytes(shortened);
}

/** The longest prefix of a text whose JSON takes at most `maxBytes`. */
function fitJsonText(text: string, maxBytes: number): string {
  let bytes = 2;
  let length = 0;
  for (const character of text) {
    bytes += jsonBytes(character) - 2;
    if (bytes > maxBytes) break;
    length += character.length;
  }
  return text.slice(0, length);
}

function jsonBytes(value: Json): number {
  return Buffer.byteLength(
    typeof value === 'object' && value !== null
      ? stringifyJson(value)
      : JSON.stringify(typeof value === 'bigint' ? String(value) : value),
  );
}
