import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isObject, parseJson } from '../../shared/json';
import { columns } from '../../shared/sessions/networkSessionsColumns';
import { writableColumns } from '../../shared/sessions/row';
import { mapping } from '../../shared/transform/mapping';
import type { Columns, Declared, Table } from './languageService';

const root = resolve(__dirname, '..', '..');

/** The columns that Log Analytics adds to every table. */
export const platform: Columns = {
  TenantId: 'string',
  SourceSystem: 'string',
  Type: 'string',
  _ResourceId: 'string',
  _SubscriptionId: 'string',
  _BilledSize: 'real',
  _IsBillable: 'string',
};

const sessionColumns: Columns = Object.fromEntries(writableColumns.map((name) => [name, columns[name]]));

/** A transform reads the columns of the stream. */
export const stream: Declared = { tables: [{ name: 'source', columns: sessionColumns }] };

/** The columns of the stream that the mapping fills. */
export const filledColumns: readonly string[] = writableColumns.filter((name) => mapping[name].kind === 'filled');

/** A query reads the tables of `infra/schemas/`, and two tables with the stream's and the platform's columns. */
export function workspaceTables(): readonly Table[] {
  const folder = join(root, 'infra', 'schemas');
  const described = readdirSync(folder)
    .toSorted()
    .map((file) => readTable(join(folder, file)));
  const sessions = { ...sessionColumns, ...platform };
  return [
    ...described,
    { name: 'NetworkSessions_CL', columns: sessions },
    { name: 'NetworkSessions', columns: sessions },
  ];
}

function readTable(file: string): Table {
  const schema = parseJson(readFileSync(file, 'utf8'));
  if (!isObject(schema) || typeof schema['table'] !== 'string' || !isObject(schema['columns'])) {
    throw new TypeError(`${file}: a schema is {"table": name, "source": address, "columns": {name: type}}.`);
  }
  const columnsRead = Object.entries(schema['columns']).map(([name, type]): [string, string] => {
    if (typeof type !== 'string') throw new TypeError(`${file}: the type of ${name} is not text.`);
    return [name, type];
  });
  return { name: schema['table'], columns: Object.fromEntries(columnsRead) };
}
