import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isObject, type Json, type JsonObject, parseJson, stringifyJson } from '../shared/json';

/** A mapping case, as the files under `test/cases/` hold it: one message and what becomes of each of its records. */
export interface Case {
  readonly name: string;
  readonly note: string;
  readonly spec: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  readonly table: string | undefined;
  /** The text of the message. */
  readonly message: string;
  readonly rows: readonly Json[];
  readonly skipped: readonly string[];
  readonly dead: readonly string[];
}

export function readCases(folder: string = join(__dirname, 'cases')): Case[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => readCase(folder, file));
}

function readCase(folder: string, file: string): Case {
  const value = parseJson(readFileSync(join(folder, file), 'utf8'));
  if (!isObject(value)) throw new TypeError(`${file}: a case is a JSON object`);
  return {
    name: relative('.', file)
      .replaceAll('\\', '/')
      .replace(/\.json$/, ''),
    note: textOf(value, 'note'),
    spec: listOf(value['spec']),
    settings: settingsOf(value['settings']),
    table: typeof value['table'] === 'string' ? value['table'] : undefined,
    message: 'inputText' in value ? textOf(value, 'inputText') : JSON.stringify(value['input']),
    rows: expectedRows(value),
    skipped: listOf(value['skipped']),
    dead: listOf(value['dead']),
  };
}

function expectedRows(value: JsonObject): Json[] {
  if (typeof value['expectedText'] === 'string') return [parseJson(value['expectedText'])];
  if (Array.isArray(value['expectedRows'])) return value['expectedRows'];
  return value['expected'] === undefined ? [] : [value['expected']];
}

function textOf(value: JsonObject, key: string): string {
  const text = value[key];
  if (typeof text !== 'string') throw new TypeError(`a case needs ${key} as text`);
  return text;
}

function listOf(value: Json | undefined): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((item) => (typeof item === 'string' ? item : ''));
}

function settingsOf(value: Json | undefined): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, setting]) => [
      name,
      typeof setting === 'string' ? setting : stringifyJson({ setting }),
    ]),
  );
}
