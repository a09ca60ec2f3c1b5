import type { DefenderRecord } from '../defender/parts';
import { keysOf } from '../keysOf';
import type { Row, WritableColumn } from '../sessions/row';
import { isMapped } from './actions';
import { NetworkEvent } from './event';
import { mapping, type WritableMapping } from './mapping';
import { hasNoPeer } from './networkProtection';
import type { TransformSettings } from './settings';
import { knownColumns, otherDeviceEventColumns } from './sourceColumns';

/** What becomes of one record. */
export type Transformed =
  | { readonly kind: 'row'; readonly row: Row; readonly news: readonly string[] }
  /** No network session: the table, or `DeviceEvents/ActionType`. */
  | { readonly kind: 'skipped'; readonly key: string }
  | { readonly kind: 'dead'; readonly reason: 'BadTimestamp'; readonly error: string };

const entries: WritableMapping = mapping;
/** In the order of the mapping, which is the order of a row's keys. */
const filledColumns = keysOf(mapping).filter((column): column is WritableColumn => mapping[column].kind === 'filled');

/** One record to one row, or why there is none. Pure: the record is not changed, and nothing is remembered. */
export function transform(record: DefenderRecord, settings: TransformSettings): Transformed {
  const { table } = record;
  if (!isMapped(table)) return { kind: 'skipped', key: table };
  const event = new NetworkEvent(record, table, settings);
  const { actionType } = event;
  const isKnown = event.action.name !== undefined;
  if (table === 'DeviceEvents' && (!isKnown || hasNoPeer(event))) {
    return { kind: 'skipped', key: `${table}/${actionType ?? '(none)'}` };
  }
  if (event.timestamp === undefined) {
    return {
      kind: 'dead',
      reason: 'BadTimestamp',
      error: 'Timestamp is not an ISO 8601 time; the row would have no TimeGenerated.',
    };
  }
  return {
    kind: 'row',
    row: rowOf(event),
    news: isKnown ? newColumns(event) : [...newColumns(event), newAction(event)],
  };
}

export function rowOf(event: NetworkEvent): Row {
  const row: Row = {};
  for (const column of filledColumns) fill(row, column, event);
  return row;
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it ties the column to the type of its value.
function fill<C extends WritableColumn>(row: Row, column: C, event: NetworkEvent): void {
  const entry = entries[column];
  const value = entry.kind === 'filled' ? entry.value(event) : undefined;
  if (value !== undefined) row[column] = value;
}

/** Columns that no reference names: the first sign that Defender's schema has grown. */
function newColumns(event: NetworkEvent): string[] {
  const isOther = (name: string): boolean => event.table === 'DeviceEvents' && otherDeviceEventColumns.has(name);
  return Object.keys(event.record.properties)
    .filter((name) => !knownColumns.has(name) && !isOther(name))
    .map((name) => `column ${name}`);
}

function newAction(event: NetworkEvent): string {
  return `action type ${event.actionType ?? '(none)'}`;
}
