import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json, stringifyJson } from '../../shared/json';
import type { CaseOutcome } from './caseFiles';

/** The differences between the expected and the current outcome of a case, one line each, old before new. */
export function differences(expected: CaseOutcome, now: CaseOutcome): string[] {
  const lines: string[] = [];
  const rows = Math.max(expected.rows.length, now.rows.length);
  for (let i = 0; i < rows; i++) {
    const where = rows === 1 ? '' : `row ${i + 1}`;
    lines.push(...valueDifferences(where, expected.rows[i], now.rows[i]));
  }
  for (const list of ['skipped', 'dead'] as const) {
    if (isDeepStrictEqual(expected[list], now[list])) continue;
    lines.push(`${list}: ${wordsOf(expected[list])} -> ${wordsOf(now[list])}`);
  }
  return lines;
}

function valueDifferences(where: string, old: Json | undefined, now: Json | undefined): string[] {
  if (isDeepStrictEqual(old, now)) return [];
  if (!isObject(old) || !isObject(now)) return [`${where === '' ? 'the row' : where}: ${shown(old)} -> ${shown(now)}`];
  const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...keys].flatMap((key) =>
    valueDifferences(where === '' ? key : `${where}.${key}`, own(old, key), own(now, key)),
  );
}

function own(value: Readonly<Record<string, Json>>, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function shown(value: Json | undefined): string {
  return value === undefined ? 'absent' : stringifyJson([value]).slice(1, -1);
}

function wordsOf(list: readonly string[]): string {
  return list.length === 0 ? 'none' : list.join(', ');
}
