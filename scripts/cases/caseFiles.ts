import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf } from '../../shared/errors/messageOf';
import { isObject, type Json, type JsonObject, parseJson, stringifyJson } from '../../shared/json';
import { expanded, rejectUnknownKeys } from './expandCase';

/** The results of a case's records, in the terms of its file. */
export interface CaseOutcome {
  readonly rows: readonly Json[];
  readonly skipped: readonly string[];
  readonly dead: readonly string[];
}

/** A mapping case from `test/cases/`: one message, and the expected result of each of its records. */
export interface Case extends CaseOutcome {
  readonly name: string;
  readonly note: string;
  readonly spec: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  readonly table: string | undefined;
  /** The text of the message. */
  readonly message: string;
}

/** A file under `test/cases/`. */
export interface CaseFile {
  /** Its path under the folder, without `.json`. */
  readonly name: string;
  /** The content of the file; a case with a base holds only what differs from it. */
  readonly content: JsonObject;
  /** The pair of message and expectation that the case changes. */
  readonly base: JsonObject | undefined;
  /** The content with the base's applied. */
  readonly whole: JsonObject;
}

export const casesFolder = resolve(__dirname, '../../test/cases');
const basesFolder = 'bases';

export function readCases(folder: string = casesFolder): Case[] {
  return readCaseFiles(folder).map(caseOf);
}

/** @throws TypeError that names a file that is no case. */
export function readCaseFiles(folder: string = casesFolder): CaseFile[] {
  const bases = new Map(readBaseFiles(folder).map(({ name, whole }) => [name.slice(basesFolder.length + 1), whole]));
  return namesIn(folder)
    .filter((name) => !name.startsWith(`${basesFolder}/`))
    .map((name) => namingFile(name, () => readCaseFile(folder, name, bases)));
}

/** The pairs that cases change. @throws TypeError */
export function readBaseFiles(folder: string = casesFolder): CaseFile[] {
  return namesIn(folder)
    .filter((name) => name.startsWith(`${basesFolder}/`))
    .map((name) => namingFile(name, () => rejectChange(readCaseFile(folder, name, new Map()))));
}

export function caseOf({ name, whole }: CaseFile): Case {
  return namingFile(name, () => ({
    name,
    note: textOf(whole, 'note'),
    spec: listOf(whole['spec']),
    settings: settingsOf(whole['settings']),
    table: typeof whole['table'] === 'string' ? whole['table'] : undefined,
    message: 'inputText' in whole ? textOf(whole, 'inputText') : stringifyJson([whole['input'] ?? null]).slice(1, -1),
    rows: expectedRows(whole),
    skipped: listOf(whole['skipped']),
    dead: listOf(whole['dead']),
  }));
}

function namesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replaceAll('\\', '/').replace(/\.json$/, ''))
    .toSorted();
}

function readCaseFile(folder: string, name: string, bases: ReadonlyMap<string, JsonObject>): CaseFile {
  const content = parseJson(readFileSync(join(folder, `${name}.json`), 'utf8'));
  if (!isObject(content)) throw new TypeError('a case is a JSON object');
  rejectUnknownKeys(content);
  const base = baseOf(content['base'], bases);
  return { name, content, base, whole: expanded(content, base) };
}

function rejectChange(base: CaseFile): CaseFile {
  const key = ['settings', 'table'].find((name) => name in base.content);
  if (key !== undefined) throw new TypeError(`a base has no ${key}; put them into the cases`);
  return base;
}

function baseOf(named: Json | undefined, bases: ReadonlyMap<string, JsonObject>): JsonObject | undefined {
  if (named === undefined) return undefined;
  const base = typeof named === 'string' ? bases.get(named) : undefined;
  if (base !== undefined) return base;
  const known = [...bases.keys()].join(', ');
  throw new TypeError(
    `there is no base ${stringifyJson([named]).slice(1, -1)} in ${basesFolder}/; the bases are: ${known === '' ? 'none' : known}`,
  );
}

/** Adds the name of the file to an error. */
function namingFile<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new TypeError(`${name}.json: ${messageOf(error)}`, { cause: error });
  }
}

/** The rows that a case without a base expects. */
export function expectedRows(whole: JsonObject): Json[] {
  if (typeof whole['expectedText'] === 'string') return [parseJson(whole['expectedText'])];
  if (Array.isArray(whole['expectedRows'])) return whole['expectedRows'];
  return whole['expected'] === undefined ? [] : [whole['expected']];
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
