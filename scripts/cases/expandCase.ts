import type { Json, JsonObject } from '../../shared/json';
import { applyOperations, mergePatch, readOperation } from './jsonPatch';

/**
 * The keys of a case for its message and for its rows. A `whole` key replaces what the base has; a `change` key changes it:
 * merge patches (RFC 7396) first, then operations (RFC 6902).
 */
const messageKeys = {
  whole: ['input', 'inputText'],
  change: ['properties', 'inputPatch', 'inputOperations'],
} as const;
export const rowKeys = {
  whole: ['expected', 'expectedRows', 'expectedText'],
  change: ['expectedPatch', 'expectedOperations'],
} as const;

type Keys = typeof messageKeys | typeof rowKeys;

const knownKeys: readonly string[] = [
  'note',
  'spec',
  'settings',
  'table',
  'base',
  ...messageKeys.whole,
  ...messageKeys.change,
  ...rowKeys.whole,
  ...rowKeys.change,
  'skipped',
  'dead',
];

/** @throws TypeError */
export function rejectUnknownKeys(content: JsonObject): void {
  const unknown = Object.keys(content).find((key) => !knownKeys.includes(key));
  if (unknown === undefined) return;
  throw new TypeError(`"${unknown}" is no key of a case; the keys are: ${knownKeys.join(', ')}`);
}

/** The case with its base applied: the same message and expectation. @throws TypeError @throws RangeError */
export function expanded(content: JsonObject, base: JsonObject | undefined): JsonObject {
  return {
    ...only(content, ['note', 'spec', 'settings', 'table']),
    ...part(content, base, messageKeys, (pair) => ({ input: changedMessage(content, pair) })),
    ...part(content, base, rowKeys, (pair) => changedRows(content, pair)),
    ...('skipped' in content ? only(content, ['skipped']) : only(base, ['skipped'])),
    ...('dead' in content ? only(content, ['dead']) : only(base, ['dead'])),
  };
}

/** The message or the rows: the case's own, or the base's with its changes. */
function part(
  content: JsonObject,
  base: JsonObject | undefined,
  { whole, change }: Keys,
  changed: (base: JsonObject) => JsonObject,
): JsonObject {
  const own = only(content, whole);
  const said = [...Object.keys(own), ...Object.keys(only(content, change)).slice(0, 1)];
  if (said.length > 1) throw new TypeError(`${said.join(' and ')} exclude each other`);
  if (said.length === 0) return only(base, whole);
  if (Object.keys(own).length > 0) return own;
  if (base === undefined) throw new TypeError(`${said.join()} changes a base, but the case names none`);
  return changed(base);
}

function changedMessage(content: JsonObject, base: JsonObject): Json {
  if (base['input'] === undefined) throw new TypeError('the base has its message as text, which cannot be changed');
  const { properties, inputPatch = {} } = content;
  const record = properties === undefined ? base['input'] : mergePatch(base['input'], { properties });
  return applyOperations(mergePatch(record, inputPatch), operationsIn(content, 'inputOperations'));
}

function changedRows(content: JsonObject, base: JsonObject): JsonObject {
  const operations = operationsIn(content, 'expectedOperations');
  const { expected, expectedRows } = base;
  if (expected !== undefined) {
    return { expected: applyOperations(mergePatch(expected, content['expectedPatch'] ?? {}), operations) };
  }
  if (!Array.isArray(expectedRows)) throw new TypeError('the base has no rows that could be changed');
  if ('expectedPatch' in content) {
    throw new TypeError('the base has several rows: a merge patch cannot change one of them, expectedOperations can');
  }
  return { expectedRows: applyOperations(expectedRows, operations) };
}

function operationsIn(content: JsonObject, key: string): ReturnType<typeof readOperation>[] {
  const operations = content[key] ?? [];
  if (!Array.isArray(operations)) throw new TypeError(`${key} is an array of operations`);
  return operations.map(readOperation);
}

function only(value: JsonObject | undefined, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([key]) => keys.includes(key)));
}
