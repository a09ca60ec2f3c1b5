import { isObject, type Json, type JsonObject, parseJson, stringifyJson } from '../../shared/json';
import type { Outcome } from '../../test/outcome';

/** The keys of a case that say what is expected. */
const expectationKeys = new Set(['expected', 'expectedRows', 'expectedText', 'skipped', 'dead']);

/**
 * The text of a case's file with another outcome expected. Everything else stays as it is, the order of known keys too.
 * @throws Error when the file cannot be rewritten without changing more than that.
 */
export function rewritten(text: string, outcome: Outcome): string {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- what JSON.parse returns is JSON.
  const file: Json = JSON.parse(text);
  if (!isObject(file) || format(file) !== text.replaceAll('\r\n', '\n')) {
    throw new Error(
      'the file is not formatted as JSON.stringify(case, null, 2) would; rewrite its expectation by hand',
    );
  }
  const expectations = new Map(Object.entries(expectationsOf(file, outcome)));
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(file)) {
    if (!expectationKeys.has(key)) result[key] = value;
    else takeGroup(key, expectations, result);
  }
  for (const [key, value] of expectations) result[key] = value;
  return format(result);
}

/** Rows may move between `expected`, `expectedRows` and `expectedText`; whichever comes takes the place of the old one. */
function takeGroup(key: string, expectations: Map<string, Json>, result: JsonObject): void {
  const names = key.startsWith('expected') ? ['expected', 'expectedRows', 'expectedText'] : [key];
  for (const name of names) {
    const value = expectations.get(name);
    if (value !== undefined) result[name] = value;
    expectations.delete(name);
  }
}

function expectationsOf(file: JsonObject, { rows, skipped, dead }: Outcome): JsonObject {
  return { ...rowsOf(file, rows), ...listOf(file, 'skipped', skipped), ...listOf(file, 'dead', dead) };
}

function rowsOf(file: JsonObject, rows: readonly Json[]): JsonObject {
  const old = oldRows(file);
  const ordered = rows.map((row, i) => orderedLike(old[i], row));
  const [only] = ordered;
  if (only === undefined) return {};
  const isExact = typeof file['expectedText'] !== 'string' && !holdsBigInt(ordered);
  if (ordered.length === 1 && !isExact && isObject(only)) return { expectedText: stringifyJson(only) };
  if (!isExact) throw new Error('several rows with numbers past 2^53 do not fit into a case; split it by hand');
  return ordered.length === 1 && file['expectedRows'] === undefined ? { expected: only } : { expectedRows: ordered };
}

function oldRows(file: JsonObject): readonly Json[] {
  if (typeof file['expectedText'] === 'string') return [parseJson(file['expectedText'])];
  const rows = file['expectedRows'] ?? file['expected'];
  return Array.isArray(rows) ? rows : rows === undefined ? [] : [rows];
}

function listOf(file: JsonObject, key: 'skipped' | 'dead', list: readonly string[]): JsonObject {
  const [only] = list;
  if (only === undefined) return {};
  return { [key]: list.length === 1 && !Array.isArray(file[key]) ? only : [...list] };
}

/** A copy with the keys that `old` has first, in its order. */
function orderedLike(old: Json | undefined, value: Json): Json {
  if (Array.isArray(value)) {
    return value.map((item, i) => orderedLike(Array.isArray(old) ? old[i] : undefined, item));
  }
  if (!isObject(value)) return value;
  const before = isObject(old) ? old : {};
  const kept = Object.keys(before).filter((key) => Object.hasOwn(value, key));
  const added = Object.keys(value).filter((key) => !Object.hasOwn(before, key));
  // fromEntries defines its keys, so that `__proto__` is a key like any other.
  return Object.fromEntries([...kept, ...added].map((key) => [key, orderedLike(before[key], value[key] ?? null)]));
}

function holdsBigInt(value: Json): boolean {
  if (typeof value === 'bigint') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsBigInt);
}

function format(value: JsonObject): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
