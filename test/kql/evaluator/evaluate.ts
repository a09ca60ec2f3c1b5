import { bound, type Declared } from '../../../scripts/kql/languageService';
import { compile, statements } from './expressions';
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
  const declared = declaredIn(tables, functions);
  const clock = parseMoment(now);
  if (!clock) throw new KqlError(`now is no time: ${now}`);
  const storedAt = new WeakMap<Row, Moment>();
  const read = Object.entries(tables).map(([name, table]): [string, Table] => [name, tableFrom(name, table, storedAt)]);
  const query: Query = { now: clock, tables: new Map(read), storedAt, tableOf };
  const root = new Syntax(bound(text, declared));
  const scope = { query, columns: [], names: new Map() };
  const [expression, names] = statements(root.parts, scope);
  const inner = { ...scope, names };
  if (expression.isTable) return tableOf(expression, inner);
  return {
    columns: [['print_0', expression.type]],
    rows: [[compile(expression, inner)({ row: [], rows: [], index: 0 })]],
  };
}

const known = new Map<string, Declared>();

/** The same object for the same workspace: the language service makes its symbols once for each. */
function declaredIn(tables: Workspace['tables'], functions: NonNullable<Workspace['functions']>): Declared {
  const declared: Declared = {
    tables: Object.entries(tables).map(([name, { schema }]) => ({ name, columns: schema })),
    functions: Object.entries(functions).map(([name, { parameters, body }]) => ({
      name,
      parameters,
      body: `{\n${body}\n}`,
    })),
  };
  const key = JSON.stringify(declared);
  const same = known.get(key) ?? declared;
  known.set(key, same);
  return same;
}

function tableFrom(name: string, { schema, rows, storedAt }: InputTable, stored: WeakMap<Row, Moment>): Table {
  const columns = Object.entries(schema);
  return {
    columns,
    rows: rows.map((input) => {
      const unknown = Object.keys(input).find((key) => !(key in schema));
      if (unknown !== undefined) throw new KqlError(`the table ${name} has no column ${unknown}`);
      const row = columns.map(([column, type]) => inColumn(input[column], type, `${name}.${column}`));
      const time = storedAt ? parseMoment(storedAt(input)) : null;
      if (time) stored.set(row, time);
      return row;
    }),
  };
}

/** Times and timespans come as text, numbers as numbers. */
function inColumn(input: unknown, type: string, column: string): Value {
  const value = valueOf(input);
  if (type === 'string') {
    if (value !== null && typeof value !== 'string')
      throw new KqlError(`${column} is a string, not ${JSON.stringify(input)}`);
    return value ?? '';
  }
  if (value === null || type === 'dynamic') return value;
  const converted = settle(conversions[type]?.(value) ?? null, type);
  if (converted === null) throw new KqlError(`${column} is no ${type}: ${JSON.stringify(input)}`);
  return converted;
}
