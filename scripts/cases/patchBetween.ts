import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json, type JsonObject, stringifyJson } from '../../shared/json';
import type { Operation } from './jsonPatch';

/** What turns one object into another. */
export interface Change {
  /** A merge patch (RFC 7396). */
  readonly patch: JsonObject;
  /** Applied after the patch: what no merge patch can express, or only at greater length. */
  readonly operations: readonly Operation[];
}

export function changeOf(old: JsonObject, now: JsonObject, path = ''): Change {
  const patch: [string, Json][] = [];
  const operations: Operation[] = [];
  for (const [key, value] of differences(old, now)) {
    const before = own(old, key);
    const location = `${path}/${tokenOf(key)}`;
    if (value === undefined) {
      patch.push([key, null]);
    } else if (isObject(before) && isObject(value)) {
      const inner = changeOf(before, value, location);
      if (Object.keys(inner.patch).length > 0) patch.push([key, inner.patch]);
      operations.push(...inner.operations);
    } else if (!isExpressible(value) || isShorterByElement(before, value, location)) {
      operations.push(...operationsOf(before, value, location));
    } else {
      patch.push([key, value]);
    }
  }
  return { patch: Object.fromEntries(patch), operations };
}

/** The operations (RFC 6902) that turn one value into another. */
export function operationsOf(old: Json | undefined, now: Json, path = ''): Operation[] {
  if (isDeepStrictEqual(old, now)) return [];
  if (isObject(old) && isObject(now)) {
    return differences(old, now).flatMap(([key, value]) => {
      const location = `${path}/${tokenOf(key)}`;
      return value === undefined
        ? [{ op: 'remove' as const, path: location }]
        : operationsOf(own(old, key), value, location);
    });
  }
  if (!Array.isArray(old) || !Array.isArray(now)) {
    return [{ op: old === undefined ? 'add' : 'replace', path, value: now }];
  }
  const kept = old.slice(0, now.length).flatMap((item, i) => operationsOf(item, now[i] ?? null, `${path}/${i}`));
  const removed = old
    .slice(now.length)
    .map((_, i) => ({ op: 'remove' as const, path: `${path}/${old.length - 1 - i}` }));
  const added = now.slice(old.length).map((value) => ({ op: 'add' as const, path: `${path}/-`, value }));
  return [...kept, ...removed, ...added];
}

/** The keys whose values differ, with their new values: removed keys first. */
function differences(old: JsonObject, now: JsonObject): [string, Json | undefined][] {
  const gone = Object.keys(old).filter((key) => !Object.hasOwn(now, key));
  const other = Object.entries(now).filter(([key, value]) => !isDeepStrictEqual(own(old, key), value));
  return [...gone.map((key): [string, undefined] => [key, undefined]), ...other];
}

function own(value: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Whether a merge patch can set this value: null in a merge patch removes a member. */
function isExpressible(value: Json): boolean {
  return value !== null && (!isObject(value) || Object.values(value).every(isExpressible));
}

/** Whether operations on the elements are shorter than the array. */
function isShorterByElement(old: Json | undefined, now: Json, path: string): boolean {
  if (!Array.isArray(old) || !Array.isArray(now)) return false;
  return stringifyJson([...operationsOf(old, now, path)]).length < stringifyJson(now).length;
}

function tokenOf(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
