import type { DefenderRecord } from '../defender/messageParts';
import type { Json } from '../json';
import { keysOf } from '../keysOf';
import type { SchemaNews } from '../schemaNews';
import type { RowColumns, WritableColumn } from '../sessions/row';
import { isMapped } from './actions';
import { NetworkEvent } from './event';
import { mapping, type WritableMapping } from './mapping';
import { hasNoPeer } from './networkProtection';
import { knownColumns, otherColumns, otherDeviceEventColumns } from './sourceColumns';
import type { TransformSettings } from './transformSettings';
import { unreadable } from './unreadable';
import { toText } from './values/text';
import { toEpochMs } from './values/time';

/** What becomes of one record. */
export type Transformed =
  | {
      readonly kind: 'row';
      readonly columns: RowColumns;
      /** EventUid. */
      readonly uid: string;
      /** TimeGenerated in milliseconds since 1970. */
      readonly time: number;
      readonly news: readonly SchemaNews[];
      /** Columns with a value that cannot be read. */
      readonly unreadable: readonly string[];
    }
  /** Not a network session; `key` is the table or `DeviceEvents/ActionType`. */
  | { readonly kind: 'skipped'; readonly key: string }
  | { readonly kind: 'dead'; readonly reason: 'BadTimestamp'; readonly error: string };

const entries: WritableMapping = mapping;
/** In the order of the mapping, which is the order of a row's keys. */
const filledColumns = keysOf(mapping).filter((column): column is WritableColumn => mapping[column].kind === 'filled');

/** Maps one record to one row, or says why there is none. Pure. */
export function transform(record: DefenderRecord, settings: TransformSettings): Transformed {
  const { table } = record;
  if (!isMapped(table)) return { kind: 'skipped', key: table };
  const event = new NetworkEvent(record, table, settings);
  const { actionType } = event;
  const isKnown = event.action.name !== undefined;
  if (table === 'DeviceEvents' && (!isKnown || hasNoPeer(event))) {
    return { kind: 'skipped', key: `${table}/${actionType ?? '(none)'}` };
  }
  const { timestamp } = event;
  if (timestamp === undefined) {
    return {
      kind: 'dead',
      reason: 'BadTimestamp',
      error: 'Timestamp is not an ISO 8601 time; the row would have no TimeGenerated.',
    };
  }
  const columns = columnsOf(event);
  return {
    kind: 'row',
    columns,
    uid: event.uid,
    time: toEpochMs(timestamp),
    news: newsOf(event),
    unreadable: unreadable(event, columns),
  };
}

export function columnsOf(event: NetworkEvent): RowColumns {
  const columns: RowColumns = {};
  for (const column of filledColumns) fill(columns, column, event);
  return columns;
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it ties the column to the type of its value.
function fill<C extends WritableColumn>(columns: RowColumns, column: C, event: NetworkEvent): void {
  const entry = entries[column];
  const value = entry.kind === 'filled' ? entry.value(event) : undefined;
  if (value !== undefined) columns[column] = value;
}

/** Columns with a value, action types and envelope fields that are in none of the lists. */
function newsOf(event: NetworkEvent): SchemaNews[] {
  const { properties, unknownFields } = event.record;
  const isOther = (name: string): boolean =>
    otherColumns.has(name) || (event.table === 'DeviceEvents' && otherDeviceEventColumns.has(name));
  const { knownNews } = event.settings;
  const news: SchemaNews[] = [];
  const add = (kind: SchemaNews['kind'], name: string): void => {
    if (!knownNews.has(name.toLowerCase())) news.push({ kind, name });
  };
  for (const name of Object.keys(properties)) {
    const value = properties[name];
    if (knownColumns.has(name) || isOther(name) || isEmpty(value)) continue;
    add('column', name);
  }
  for (const [name, value] of Object.entries(unknownFields)) if (!isEmpty(value)) add('envelopeField', name);
  if (event.action.name === undefined && event.actionType !== undefined) add('actionType', event.actionType);
  return news;
}

/** Null, an empty text or `-`, an empty object or list. */
function isEmpty(value: Json | undefined): boolean {
  if (typeof value === 'string') return toText(value) === undefined;
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
