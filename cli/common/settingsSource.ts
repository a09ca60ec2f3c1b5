import { readFile } from 'node:fs/promises';
import type { Environment } from '../../shared/config';
import { codeOf, reasonOf } from '../azure/hubError';
import { UsageError } from './exit';

/** App settings, and where they come from. */
export interface SettingsSource {
  readonly name: string;
  readonly environment: Environment;
}

/** The SDK for managed identity reads these from the process and from nowhere else. */
const ofTheProcess = ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER'];

/** The settings of --settings, or those of the environment. @throws UsageError */
export async function settingsFrom(file: string | undefined): Promise<SettingsSource> {
  return file === undefined ? { name: 'the environment', environment: process.env } : settingsOfFile(file);
}

/** The settings of a local.settings.json, and of nothing else. @throws UsageError */
export async function settingsOfFile(path: string): Promise<SettingsSource> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) !== undefined) throw new UsageError(`${path} cannot be read: ${reasonOf(error)}`);
    throw new UsageError(
      `${path} is not JSON: ${withoutQuote(reasonOf(error))}. Expected a local.settings.json, { "Values": { "NAME": "value" } }.`,
    );
  }
  if (fieldsOf(content)['IsEncrypted'] === true) {
    throw new UsageError(`${path} is encrypted. Decrypt it first: func settings decrypt`);
  }
  const values = fieldsOf(content)['Values'];
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

/** Settings from pairs of name and value. @throws UsageError for a value that is no text. */
export function environmentOf(pairs: Iterable<readonly [string, unknown]>, source: string): Environment {
  const wrong: string[] = [];
  const environment: Record<string, string> = {};
  for (const [name, value] of pairs) {
    if (typeof value === 'string') environment[name] = value;
    else wrong.push(`${name} (${typeOf(value)})`);
  }
  if (wrong.length > 0)
    throw new UsageError(`${source}: every setting must be a text; these are not: ${wrong.join(', ')}.`);
  return environment;
}

export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** JSON.parse quotes a piece of the file, which may be a piece of a key. */
function withoutQuote(reason: string): string {
  return reason.replace(/, (?:\.{3})?".*$/s, '');
}

function typeOf(value: unknown): string {
  return value === undefined ? 'nothing' : value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
}
