import { isObject, type Json, type JsonObject } from '../../shared/json';

export function objectOf(value: Json | undefined): JsonObject {
  if (!isObject(value)) throw new TypeError(`expected an object, found ${typeof value}`);
  return value;
}

export function textOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new TypeError(`expected a text, found ${typeof value}`);
  return value;
}

export function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

/** The resources of a type, whose case does not matter. */
export function ofType(all: readonly JsonObject[], type: string): JsonObject[] {
  return all.filter((resource) => textOf(resource['type']).toLowerCase() === type.toLowerCase());
}
