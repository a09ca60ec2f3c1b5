import { bound, type Declared } from '../../../scripts/kql/languageService';
import { lastOf } from './expressions';
import type { Query, Row, Table } from './scope';
import { type Column, KqlError, Syntax } from './syntax';
import { tableOf } from './tables';
import { conversions, type Moment, parseMoment, plainOf, settle, type Value, valueOf } from './values';

/** A table of the workspace. A column that a row does not name is null there. */
export interface InputTable {
  /** Column name to Kusto type. */
  readonly schema: Readonly<Record<string, string>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** When the service stored each row, for ingestion_time(). */
  readonly storedAt?: (row: Readonly<Record<string, unknown>>) => string;
}

export interface Workspace {
  readonly tables: Readonly<Record<string, InputTable>>;
  /** Saved functions: their parameters as in a saved search, and their text. */
  readonly functions?: Readonly<Record<string, { readonly parameters: string; readonly body: string }>>;
  /** What now() gives, in ISO 8601. */
  readonly now: string;
}

export interface Result {
  readonly columns: readonly Column[];
  /** Times are text, a long is a number where it fits, dynamic values are JSON. */
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Runs a query. For tests alone: the operators and functions that the texts of this repository use.
 * @throws KqlError for what it does not know, Error for what Microsoft's language service rejects
 */
export function evaluate(text: string, workspace: Workspace): Result {
  const { columns, rows } = run(text, workspace);
  return { columns, rows: rows.map((row) => row.map(plainOf)) };
}

/** The result's rows with their columns' names. */
export function evaluateRows(text: string, workspace: Workspace): Record<string, unknown>[] {
  const { columns, rows } = evaluate(text, workspace);
  return rows.map((row) => Object.fromEntries(columns.map(([name], i) => [name, row[i]])));
}

function run(text: string, { tables, functions = {}, now }: Workspace): Table {
  const clock = parseMoment(now);
  if (!clock) throw new KqlError(`now is no time: ${now}`);
  const storedAt = new WeakMap<Row, Moment>();
  const read = Object.entries(tables).map(([name, table]): [string, Table] => [name, tableFrom(name, table, storedAt)]);
  const query: Query = { now: clock, tables: new Map(read), storedAt, tableOf };
  const [expression, scope] = lastOf(parsed(text, tables, functions), { query, columns: [], names: new Map() });
  return tableOf(expression, scope);
}

const workspaces = new Map<string, { readonly declared: Declared; readonly trees: Map<string, Syntax> }>();

/** A query bound to a workspace. Binding takes long, and tests ask for the same again and again. */
function parsed(text: string, tables: Workspace['tables'], functions: NonNullable<Workspace['functions']>): Syntax {
  const declared: Declared = {
    tables: Object.entries(tables).map(([name, { schema }]) => ({ name, columns: schema })),
    functions: Object.entries(functions).map(([name, { parameters, body }]) => ({
      name,
      parameters,
      body: `{\n${body}\n}`,
    })),
  };
  const key = JSON.stringify(declared);
  const known = workspaces.get(key) ?? { declared, trees: new Map<string, Syntax>() };
  workspaces.set(key, known);
  const tree = known.trees.get(text) ?? new Syntax(bound(text, known.declared));
  known.trees.set(text, tree);
  return tree;
}

function tableFrom(name: string, { schema, rows, storedAt }: InputTable, stored: WeakMap<Row, Moment>): Table {
  const columns = Object.entries(schema);
  const read = rows.map((input) => {
    const unknown = Object.keys(input).find((key) => !(key in schema));
    if (unknown !== undefined) throw new KqlError(`the table ${name} has no column ${unknown}`);
    const row = columns.map(([column, type]) => inColumn(input[column], type, `${name}.${column}`));
    const time = storedAt ? parseMoment(storedAt(input)) : null;
    if (time) stored.set(row, time);
    return row;
  });
  return { columns, rows: read };
}

/** Times come as text, numbers as numbers. */
function inColumn(input: unknown, type: string, column: string): Value {
  const value = valueOf(input);
  const isText = typeof value === 'string' || value === null;
  const converted = type === 'string' ? (isText ? value : null) : (conversions[type]?.(value) ?? null);
  if (value !== null && converted === null) throw new KqlError(`${column} is no ${type}: ${JSON.stringify(input)}`);
  return settle(converted, type);
}
