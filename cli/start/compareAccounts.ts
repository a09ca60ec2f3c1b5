import { join } from 'node:path';
import { balances, type Tally } from '../../shared/books';
import { readMessage } from '../../shared/defender/readMessage';
import { type Json, type JsonObject, parseJson } from '../../shared/json';
import { transform } from '../../shared/transform/transform';
import { defaultTransformSettings } from '../../shared/transform/transformSettings';
import { readDeadLetters } from '../deadLetters/openDeadLetterHub';
import type { Services } from '../emulators/services';
import { telemetryProblems } from './compareTelemetry';
import type { LetterFile } from './deadLetterFile';
import type { Expected, Produced } from './recordSource';

export interface AccountsFound {
  /** What is wrong, one sentence each. */
  readonly problems: readonly string[];
  readonly rowsStored: number;
  /** What Application Insights received: metrics, traces, log lines. */
  readonly telemetryItems: number;
  /** Whether the records were generated, or came from a file. */
  readonly isGenerated: boolean;
  /** Files with the stored rows, telemetry and, if there are any, the dead letters. */
  readonly files: readonly { readonly name: string; readonly holds: string }[];
  /** One record and its stored row. */
  readonly example: { readonly record: JsonObject; readonly row: Json } | undefined;
}

export interface AccountSources {
  readonly services: Services;
  readonly produced: Produced;
  readonly tally: Tally;
  readonly directory: string;
  /** The dead letters are written here as they arrive. */
  readonly letterFile: Pick<LetterFile, 'holds' | 'path'>;
  readonly signal: AbortSignal;
}

/** Compares the app's books with what the services stored, with what was sent, and with the metrics. */
export async function check({
  services,
  produced,
  tally,
  directory,
  letterFile,
  signal,
}: AccountSources): Promise<AccountsFound> {
  const { telemetry, stream, eventHubs, deadLetterHub } = services;
  const wanted = firstRow(produced.first);
  const stored = await readStored(services, wanted?.uid);
  const letters = await readDeadLetters(eventHubs.connectionString(), deadLetterHub);
  const ids = new Set(letters.map(({ id }) => id));
  const files: { readonly name: string; readonly holds: string }[] = [];
  if (stored.rows > 0) files.push({ name: join(directory, `${stream}.ndjson`), holds: 'the rows' });
  if (ids.size > 0) {
    await letterFile.holds(ids.size, signal);
    files.push({ name: letterFile.path, holds: 'the dead letters, with their reasons' });
  }
  const problems = [
    ...mismatch('The books do not balance', balances(tally), true),
    ...mismatch('Messages settled', tally.messages, produced.messages),
    ...mismatch('Rows stored', stored.rows, tally.sent),
    ...mismatch('Dead letters in their hub', ids.size, tally.deadLettered),
    ...(produced.expected === undefined ? [] : compare(tally, produced.expected, stored)),
    ...(telemetry === undefined ? [] : await telemetryProblems(telemetry, tally)),
  ];
  const telemetryItems = telemetry?.envelopes().length ?? 0;
  if (telemetryItems > 0) {
    const holds = 'metrics, traces and log lines, as Application Insights receives them';
    files.push({ name: join(directory, 'telemetry.ndjson'), holds });
  }
  const isGenerated = produced.expected !== undefined;
  const example = wanted && stored.example !== undefined ? { record: wanted.record, row: stored.example } : undefined;
  return { problems, rowsStored: stored.rows, telemetryItems, files, example, isGenerated };
}

interface Stored {
  readonly rows: number;
  readonly distinct: number;
  readonly example: Json | undefined;
}

/** Generated events all differ, so the stored rows must differ too. */
function compare(tally: Tally, expected: Expected, stored: Stored): string[] {
  return [
    ...mismatch('Records received', tally.received, expected.received),
    ...(tally.dropped > 0 ? compareWithDropped(tally, expected, stored) : compareRows(tally, expected, stored)),
    ...mismatch('Records skipped', tally.skipped, expected.skipped),
    ...mismatch('Records dead-lettered', tally.deadLettered, expected.deadLettered),
  ];
}

/** The generator does not know the rules, nor which of two copies they drop. */
function compareWithDropped(tally: Tally, expected: Expected, stored: Stored): string[] {
  const found = tally.sent + tally.dropped + tally.duplicates;
  return [
    ...mismatch('Rows sent, dropped and duplicates together', found, expected.sent + expected.duplicates),
    ...mismatch('Distinct rows stored', stored.distinct, tally.sent),
  ];
}

function compareRows(tally: Tally, expected: Expected, stored: Stored): string[] {
  return [
    ...mismatch('Rows sent', tally.sent, expected.sent),
    ...mismatch('Duplicates', tally.duplicates, expected.duplicates),
    ...mismatch('Distinct rows stored', stored.distinct, expected.sent),
  ];
}

function mismatch<T>(what: string, found: T, expected: T): string[] {
  return found === expected ? [] : [`${what}: expected ${String(expected)}, found ${String(found)}.`];
}

const uidInRow = /"EventUid":"([0-9a-f-]{36})"/;

async function readStored(services: Services, uid: string | undefined): Promise<Stored> {
  const uids = new Set<string>();
  let rows = 0;
  let example: Json | undefined;
  for await (const row of services.ingestion.rows(services.stream)) {
    rows++;
    const found = uidInRow.exec(row)?.[1] ?? row;
    uids.add(found);
    if (found === uid) example ??= parseJson(row);
  }
  return { rows, distinct: uids.size, example };
}

/** The first record of a message that becomes a row, and the EventUid of that row. */
function firstRow(message: Uint8Array | undefined): { record: JsonObject; uid: string | undefined } | undefined {
  for (const part of message === undefined ? [] : readMessage(message)) {
    const result = part.kind === 'record' ? transform(part, defaultTransformSettings) : undefined;
    if (part.kind === 'record' && result?.kind === 'row') return { record: part.properties, uid: result.uid };
  }
  return undefined;
}
