import type { JsonObject } from '../json';
import { keysOf } from '../keysOf';
import { columns } from './columns';

export type Column = keyof typeof columns;
/** Filled by the Log Analytics platform; an application may not send them. */
export const platformColumns = ['TenantId', 'Type', 'SourceSystem', 'EventTimeIngested'] as const satisfies Column[];
export type PlatformColumn = (typeof platformColumns)[number];
export type WritableColumn = Exclude<Column, PlatformColumn>;

/** What a column's Log Analytics type is in a row. */
export interface ColumnValue {
  string: string;
  /** Within int32. */
  int: number;
  /** Within int64; a bigint where a double would round. */
  long: number | bigint;
  real: number;
  /** UTC with six decimals: `2026-11-21T08:15:28.188350Z`. */
  datetime: string;
  dynamic: JsonObject;
}
export type ValueOf<C extends Column> = ColumnValue[(typeof columns)[C]];

/** One row of NetworkSessions: only columns that have a value. */
export type Row = Partial<FullRow>;
export type FullRow = { [C in WritableColumn]: ValueOf<C> };

export const writableColumns: readonly WritableColumn[] = keysOf(columns).filter(
  (column): column is WritableColumn => !platformColumns.some((platform) => platform === column),
);
