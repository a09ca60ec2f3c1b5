import { tableName } from '../../shared/defender/defenderTables';
import { isSourceObject, parseJsonSource, type SourceJson, writeSource } from '../../shared/json';
import { actionOf, isMapped } from '../../shared/transform/actions';
import { InputError } from './inputFile';

type SourceObject = Record<string, SourceJson>;
type OnGuess = (table: string) => void;

/**
 * Turns rows of queries into messages as the streaming API sends them: the answer of the hunting API (`{Schema, Results}`),
 * that of Graph (`{schema, results}`, or several in one batch), and bare rows, if a table is named or their action type tells
 * it. Any other message keeps its bytes. Numbers keep their spelling.
 * Tells `onGuess` the table that an action type told. @throws InputError for rows without a table.
 */
export function asSent(message: Buffer, table: string | undefined, onGuess: OnGuess): Buffer {
  if (table === undefined && !message.includes('esults"'))
    return isBare(message) ? withKnownTables(message, onGuess) : message;
  const value = parsed(message);
  if (value === undefined) return message;
  const rows = answerRows(value);
  if (rows === undefined && table === undefined) return message;
  const sent = rows === undefined ? withTable(value, table) : { records: rows.map((row) => record(row, table)) };
  return sent === value ? message : Buffer.from(writeSource(sent));
}

/** A row as the streaming API sends it, as JSON text. The row may name its table itself. @throws InputError */
export function recordText(row: SourceObject, table: string | undefined): string {
  return writeSource(record(row, table));
}

function record(row: SourceJson, table: string | undefined): SourceJson {
  if (!isSourceObject(row) || isStreamed(row)) return row;
  const named = tableOfRow(row) ?? table;
  if (named !== undefined) return { category: `AdvancedHunting-${named}`, properties: row };
  throw new InputError(
    'these are rows of a query without the name of their table. Name it: --table DeviceNetworkEvents or --table DeviceEvents.',
  );
}

const defenderTable = /^(?:Device|Identity|Email|Alert|Cloud|Url|Behavior)[A-Za-z]+(?:Events|Info|Evidence)$/;

/** `search` names the table in `$table`, a workspace in `Type`, and some exports in `category`. */
function tableOfRow(row: SourceObject): string | undefined {
  const values = ['$table', 'Type', 'category', 'Category'].map((column) =>
    Object.hasOwn(row, column) ? row[column] : undefined,
  );
  const tables = values.flatMap((value) => (typeof value === 'string' ? [tableName(value)] : []));
  return tables.find((name) => isMapped(name) || defenderTable.test(name));
}

/** Whether a message may hold bare rows. Streamed records have their columns below `properties`. */
function isBare(message: Buffer): boolean {
  const text = message.toString('latin1');
  return !/"properties"/i.test(text) && /"actiontype"/i.test(text);
}

/** Names the table of bare rows, one or a list, that name it themselves or whose action type only one table has. */
function withKnownTables(message: Buffer, onGuess: OnGuess): Buffer {
  const value = parsed(message);
  if (value === undefined) return message;
  const rows = Array.isArray(value) ? value : [value];
  const records = rows.map((row) => withKnownTable(row, onGuess));
  return records.every((one, i) => one === rows[i]) ? message : Buffer.from(writeSource({ records }));
}

function withKnownTable(row: SourceJson, onGuess: OnGuess): SourceJson {
  if (!isSourceObject(row) || isStreamed(row)) return row;
  if (tableOfRow(row) !== undefined) return record(row, undefined);
  const table = tableOfAction(fieldOf(row, 'actiontype'));
  if (table === undefined) return row;
  onGuess(table);
  return record(row, table);
}

/** The tables have no listed action type in common. */
function tableOfAction(actionType: SourceJson | undefined): string | undefined {
  if (typeof actionType !== 'string') return undefined;
  const tables = ['DeviceNetworkEvents', 'DeviceEvents'] as const;
  return tables.find((table) => actionOf(table, actionType).name !== undefined);
}

function parsed(message: Buffer): SourceJson | undefined {
  try {
    return parseJsonSource(message.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The rows of one query response, or of all responses in a Microsoft Graph batch; undefined for anything else. */
function answerRows(value: SourceJson): SourceJson[] | undefined {
  if (!isSourceObject(value) || fieldOf(value, 'records') !== undefined) return undefined;
  const results = fieldOf(value, 'results');
  if (Array.isArray(results)) return results.map(plainRow);
  const responses = fieldOf(value, 'responses');
  if (!Array.isArray(responses)) return undefined;
  const answers = responses.map((response) => answerRows(fieldOf(response, 'body') ?? null));
  return answers.some((rows) => rows !== undefined) ? answers.flatMap((rows) => rows ?? []) : undefined;
}

/** Graph's PowerShell module puts the columns into AdditionalProperties; Graph itself may add types beside them. */
function plainRow(row: SourceJson): SourceJson {
  if (!isSourceObject(row)) return row;
  const inner = fieldOf(row, 'additionalproperties');
  const columns = inner !== undefined && isSourceObject(inner) && Object.keys(row).length === 1 ? inner : row;
  return Object.fromEntries(Object.entries(columns).filter(([name]) => !name.includes('@odata.')));
}

/** Returns the same value when every record in it already names its table. */
function withTable(value: SourceJson, table: string | undefined): SourceJson {
  if (Array.isArray(value)) {
    const named = value.map((one) => withTable(one, table));
    return named.every((one, i) => one === value[i]) ? value : named;
  }
  if (!isSourceObject(value)) return value;
  const key = keyOf(value, 'records');
  const records = key === undefined ? undefined : value[key];
  if (key !== undefined && Array.isArray(records)) {
    const named = withTable(records, table);
    return named === records ? value : { ...value, [key]: named };
  }
  if (isStreamed(value)) return value;
  if (keyOf(value, 'properties') !== undefined) return { ...value, category: `AdvancedHunting-${table}` };
  return record(value, table);
}

/** Whether it is or holds a record that already names its table. A bare row may have a column `category` of its own. */
function isStreamed(value: SourceObject): boolean {
  const category = fieldOf(value, 'category');
  const isNamed = typeof category === 'string' && category.trim() !== '';
  if (keyOf(value, 'properties') !== undefined) return isNamed;
  if (keyOf(value, 'body') !== undefined) return true;
  return isNamed && (/^\s*advancedhunting-/i.test(category) || isMapped(tableName(category)));
}

function keyOf(value: SourceObject, name: string): string | undefined {
  return Object.keys(value).find((key) => key.toLowerCase() === name);
}

function fieldOf(value: SourceJson, name: string): SourceJson | undefined {
  if (!isSourceObject(value)) return undefined;
  const key = keyOf(value, name);
  return key === undefined ? undefined : value[key];
}
