import type { Column, Syntax } from './syntax';
import type { Moment, Value } from './values';

export type Row = readonly Value[];

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** Where an expression is evaluated: at one row of a list, which is a group when it aggregates. */
export interface At {
  readonly row: Row;
  readonly rows: readonly Row[];
  readonly index: number;
}

export type Evaluate = (at: At) => Value;

/** What a name means. */
export type Binding =
  | { readonly kind: 'scalar'; readonly evaluate: Evaluate }
  | { readonly kind: 'table'; readonly table: () => Table }
  | { readonly kind: 'function'; readonly names: Names };

export type Names = ReadonlyMap<string, Binding>;

/** What stays the same for a whole query. */
export interface Query {
  readonly now: Moment;
  readonly tables: ReadonlyMap<string, Table>;
  /** When the service stored a row of a table. */
  readonly storedAt: WeakMap<Row, Moment>;
  /** The rows of an expression that is a table. */
  readonly tableOf: (node: Syntax, scope: Scope) => Table;
}

/** What the names of an expression mean. */
export interface Scope {
  readonly query: Query;
  readonly names: Names;
  /** Of the row, in order. */
  readonly columns: readonly Column[];
  /** Of the groups, where calls of aggregate functions are meant for the rows of one. */
  readonly keys?: readonly string[] | undefined;
}

/** Of an expression that reads no row. */
export const noRow: At = { row: [], rows: [], index: 0 };

export const indexOf = (columns: readonly Column[], name: string): number => columns.findIndex(([own]) => own === name);

export const eachRow = <T>(rows: readonly Row[], make: (at: At) => T): T[] =>
  rows.map((row, index) => make({ row, rows, index }));

/** Computes once for each row, however often its name is used. */
export function oncePerRow(evaluate: Evaluate): Evaluate {
  let last: { readonly at: At; readonly value: Value } | undefined;
  return (at) => {
    if (last?.at !== at) last = { at, value: evaluate(at) };
    return last.value;
  };
}

/** Computes once. */
export function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => (known ??= { value: compute() }).value;
}
