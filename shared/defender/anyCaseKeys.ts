import type { Json, JsonObject } from '../json';

/** The key that equals `name` in any case; an exact match wins. */
export function keyOf(value: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(value, name)) return name;
  const wanted = name.toLowerCase();
  return Object.keys(value).find((key) => key.length === wanted.length && key.toLowerCase() === wanted);
}

export function valueOf(value: JsonObject, name: string): Json | undefined {
  const key = keyOf(value, name);
  return key === undefined ? undefined : value[key];
}
