import type { JsonObject } from '../json';
import { keysOf } from '../keysOf';
import type { Saving } from '../savings';
import { columns } from './networkSessionsColumns';

export type Column = keyof typeof columns;
/** Filled by Log Analytics; the service rejects rows that contain them. */
export const platformColumns = ['TenantId', 'Type', 'SourceSystem', 'EventTimeIngested'] as const satisfies Column[];
export type PlatformColumn = (typeof platformColumns)[number];
export type WritableColumn = Exclude<Column, PlatformColumn>;

/** The type of a value in a row, by the column's Log Analytics type. */
export interface ColumnValue {
  string: string;
  /** Within int32. */
  int: number;
  /** Within int64; a bigint if a double would round it. */
  long: number | bigint;
  real: number;
  /** UTC with six decimals: `2026-11-21T08:15:28.188350Z`. */
  datetime: string;
  dynamic: JsonObject;
}
export type ValueOf<C extends Column> = ColumnValue[(typeof columns)[C]];

/** The columns of one row that have a value. */
export type RowColumns = Partial<FullRow>;
export type FullRow = { [C in WritableColumn]: ValueOf<C> };

/** One row of NetworkSessions on its way from the transform to the DCR, with what the transform knew about it. */
export interface Row {
  /** Its columns as JSON text. */
  readonly text: string;
  /** Its EventUid. */
  readonly uid: string;
  /** Its TimeGenerated in milliseconds since 1970. */
  readonly time: number;
  /** Where its record is, or its first one: `hub/partition/sequence number/record index`. The same at every attempt. */
  readonly position: string;
  /** The indexes in their message of all records that share the row, in order; undefined for one record. */
  readonly members?: readonly number[] | undefined;
  /** The table of its record. */
  readonly table: string;
  /** What was saved to make it; counted once the row is accepted. */
  readonly saved: readonly Saving[];
}

export const writableColumns: readonly WritableColumn[] = keysOf(columns).filter(
  (column): column is WritableColumn => !platformColumns.some((platform) => platform === column),
);
