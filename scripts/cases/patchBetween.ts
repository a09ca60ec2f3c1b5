import { isDeepStrictEqual } from 'node:util';
import { createPatch } from 'rfc6902';
import { isObject, type Json, type JsonObject, stringifyJson } from '../../shared/json';
import { mergePatch, type Operation, readOperation } from './jsonPatch';

/** What turns one object into another. */
export interface Change {
  /** A merge patch (RFC 7396). */
  readonly patch: JsonObject;
  /** Applied after the patch: what a merge patch cannot express, or only at greater length. */
  readonly operations: readonly Operation[];
}

export function changeOf(old: JsonObject, now: JsonObject): Change {
  const patch = patchBetween(old, now);
  return { patch, operations: operationsOf(mergePatch(old, patch), now) };
}

/** The operations (RFC 6902) that turn one value into another. */
export function operationsOf(old: Json, now: Json): Operation[] {
  return createPatch(old, now).map((operation) => readOperation({ ...operation }));
}

/** A merge patch of all differences that operations do not express better. */
function patchBetween(old: JsonObject, now: JsonObject): JsonObject {
  const before = new Map(Object.entries(old));
  const removed = Object.keys(old).filter((key) => !Object.hasOwn(now, key));
  const changed = Object.entries(now).flatMap(([key, value]): [string, Json][] => {
    const inner = changedMember(before.get(key), value);
    return inner === undefined ? [] : [[key, inner]];
  });
  // fromEntries defines keys, so `__proto__` is an ordinary key.
  return Object.fromEntries([...removed.map((key): [string, null] => [key, null]), ...changed]);
}

/** The value of a member in the merge patch; undefined if the member does not belong there. */
function changedMember(old: Json | undefined, now: Json): Json | undefined {
  if (isDeepStrictEqual(old, now)) return undefined;
  if (isObject(old) && isObject(now)) {
    const inner = patchBetween(old, now);
    return Object.keys(inner).length > 0 ? inner : undefined;
  }
  return isExpressible(now) && !isShorterByElement(old, now) ? now : undefined;
}

/** Whether a merge patch can set this value: null in a merge patch removes a member. */
function isExpressible(value: Json): boolean {
  return value !== null && (!isObject(value) || Object.values(value).every(isExpressible));
}

/** Whether operations on the elements are shorter than the array. */
function isShorterByElement(old: Json | undefined, now: Json): boolean {
  if (!Array.isArray(old) || !Array.isArray(now)) return false;
  return stringifyJson([...operationsOf(old, now)]).length < stringifyJson(now).length;
}
