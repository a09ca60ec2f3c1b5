import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json, type JsonObject, parseJson, stringifyJson } from '../../shared/json';
import { type CaseOutcome, expectedRows } from './caseFiles';
import { layout } from './caseLayout';
import { expanded, rowKeys } from './expandCase';
import type { Operation } from './jsonPatch';
import { changeOf, operationsOf } from './patchBetween';

const allRowKeys: readonly string[] = [...rowKeys.whole, ...rowKeys.change];
const expectationKeys = new Set([...allRowKeys, 'skipped', 'dead']);

/**
 * The text of a case's file with another expected outcome: as the shortest change of its base, if it changes one, otherwise
 * whole. Everything else stays unchanged, including the order of keys.
 * @throws Error when rewriting the file would change anything else.
 */
export function rewritten(text: string, outcome: CaseOutcome, base?: JsonObject): string {
  const file = parseJson(text);
  if (!isObject(file) || stringifyJson(file) !== withoutLayout(text)) {
    throw new Error(
      'it has a duplicate key, or a text or a number that JSON.stringify writes differently; rewrite its expectation by hand',
    );
  }
  const expectations = new Map(Object.entries(expectationsOf(file, base, outcome)));
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(file)) {
    if (!expectationKeys.has(key)) result[key] = value;
    else takeGroup(key, expectations, result);
  }
  for (const [key, value] of expectations) result[key] = value;
  return layout(result);
}

function withoutLayout(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
}

/** Rows may move from one key to another; the new key takes the position of the old one. */
function takeGroup(key: string, expectations: Map<string, Json>, result: JsonObject): void {
  const names = allRowKeys.includes(key) ? allRowKeys : [key];
  for (const name of names) {
    const value = expectations.get(name);
    if (value !== undefined) result[name] = value;
    expectations.delete(name);
  }
}

function expectationsOf(
  file: JsonObject,
  base: JsonObject | undefined,
  { rows, skipped, dead }: CaseOutcome,
): JsonObject {
  return {
    ...(changedRows(file, base, rows) ?? wholeRows(file, base, rows)),
    ...listOf('skipped', file, base, skipped),
    ...listOf('dead', file, base, dead),
  };
}

/** The rows as a change of the base's rows; undefined when the case has its own rows, or the base has no row. */
function changedRows(file: JsonObject, base: JsonObject | undefined, rows: readonly Json[]): JsonObject | undefined {
  const hasOwn = rowKeys.whole.some((key) => key in file) && expectedRows(file).length > 0;
  if (base === undefined || hasOwn) return undefined;
  if (isDeepStrictEqual(rows, expectedRows(base))) return {};
  const [row] = rows;
  if (isObject(base['expected']) && isObject(row) && rows.length === 1) {
    const { patch, operations } = changeOf(base['expected'], row);
    return {
      ...(Object.keys(patch).length > 0 && { expectedPatch: orderedLike(file['expectedPatch'], patch) }),
      ...(operations.length > 0 && { expectedOperations: jsonOf(operations) }),
    };
  }
  if (!Array.isArray(base['expectedRows']) || rows.length === 0) return undefined;
  return { expectedOperations: jsonOf(operationsOf(base['expectedRows'], [...rows])) };
}

function jsonOf(operations: readonly Operation[]): Json {
  return operations.map((operation) => ({ ...operation }));
}

function wholeRows(file: JsonObject, base: JsonObject | undefined, rows: readonly Json[]): JsonObject {
  const old = expectedRows(expanded(file, base));
  const ordered = rows.map((row, i) => orderedLike(old[i], row));
  const [only] = ordered;
  if (only === undefined) return base === undefined ? {} : { expectedRows: [] };
  if (ordered.length > 1 || file['expectedRows'] !== undefined) return { expectedRows: ordered };
  const isText = typeof file['expectedText'] === 'string';
  return isText ? { expectedText: stringifyJson([only]).slice(1, -1) } : { expected: only };
}

function listOf(
  key: 'skipped' | 'dead',
  file: JsonObject,
  base: JsonObject | undefined,
  list: readonly string[],
): JsonObject {
  const [only] = list;
  if (base?.[key] === undefined && only === undefined) return {};
  if (base?.[key] !== undefined && file[key] === undefined && isDeepStrictEqual([base[key]].flat(), list)) return {};
  return { [key]: only !== undefined && list.length === 1 && !Array.isArray(file[key]) ? only : [...list] };
}

/** A copy with its keys in the order of `old`; new keys come last. */
function orderedLike(old: Json | undefined, value: Json): Json {
  if (Array.isArray(value)) {
    return value.map((item, i) => orderedLike(Array.isArray(old) ? old[i] : undefined, item));
  }
  if (!isObject(value)) return value;
  const before = isObject(old) ? old : {};
  const kept = Object.keys(before).filter((key) => Object.hasOwn(value, key));
  const added = Object.keys(value).filter((key) => !Object.hasOwn(before, key));
  // fromEntries defines keys, so `__proto__` is an ordinary key.
  return Object.fromEntries([...kept, ...added].map((key) => [key, orderedLike(before[key], value[key] ?? null)]));
}
