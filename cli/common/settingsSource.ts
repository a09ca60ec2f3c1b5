import { readFile } from 'node:fs/promises';
import type { Environment } from '../../shared/config';
import { fieldsOf } from '../../shared/fieldsOf';
import { errorCode, reasonOf } from './errorText';
import { UsageError } from './exit';

/** App settings, and where they come from. */
export interface SettingsSource {
  readonly name: string;
  readonly environment: Environment;
}

/** The SDK for managed identity reads these from the process only. */
const ofTheProcess = ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER'];

/** The settings of the file of --settings, or those of the environment. @throws UsageError */
export async function settingsFrom(file: string | undefined): Promise<SettingsSource> {
  return file === undefined ? { name: 'the environment', environment: process.env } : settingsOfFile(file);
}

/** The settings of a local.settings.json, without those of the environment. @throws UsageError */
export async function settingsOfFile(path: string): Promise<SettingsSource> {
  const { IsEncrypted: isEncrypted, Values: values } = fieldsOf(await readJson(path));
  if (isEncrypted === true) throw new UsageError(`${path} is encrypted. Decrypt it first: func settings decrypt`);
  if (typeof values !== 'object' || values === null) {
    throw new UsageError(`${path}: expected an object "Values" with the settings; found ${typeOf(values)}.`);
  }
  const environment = environmentOf(Object.entries(values), path);
  for (const name of ofTheProcess) {
    if (environment[name] === undefined) delete process.env[name];
    else process.env[name] = environment[name];
  }
  return { name: path, environment };
}

async function readJson(path: string): Promise<unknown> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    return content;
  } catch (error) {
    if (errorCode(error) !== undefined) throw new UsageError(`${path} cannot be read: ${reasonOf(error)}`);
    // JSON.parse quotes a part of the file, which may be a part of a key.
    const reason = reasonOf(error).replace(/, (?:\.{3})?".*$/s, '');
    throw new UsageError(
      `${path} is not JSON: ${reason}. Expected a local.settings.json, { "Values": { "NAME": "value" } }.`,
    );
  }
}

/** Settings from pairs of name and value. @throws UsageError for a value that is not text. */
export function environmentOf(pairs: Iterable<readonly [string, unknown]>, source: string): Environment {
  const wrong: string[] = [];
  const environment: Record<string, string> = {};
  for (const [name, value] of pairs) {
    if (typeof value === 'string') environment[name] = value;
    else wrong.push(`${name} (${typeOf(value)})`);
  }
  if (wrong.length === 0) return environment;
  throw new UsageError(`${source}: every setting must be a text; these are not: ${wrong.join(', ')}.`);
}

/** The settings that have a value. */
export function setIn(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function typeOf(value: unknown): string {
  return value === undefined ? 'nothing' : value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
}
