import type { DefenderRecord } from '../defender/messageParts';
import { stringifyJson } from '../json';
import type { SchemaNews } from '../schemaNews';
import type { RowColumns } from '../sessions/row';
import { isMapped } from './actions';
import { NetworkEvent } from './event';
import { type FilledColumn, keptColumns } from './filledColumns';
import { type FlowRecord, flowRecord } from './flow';
import { mapping, type WritableMapping } from './mapping';
import { hasNoPeer } from './networkProtection';
import { newsOf } from './news';
import type { Plans } from './plans';
import type { RowRules, Ruling } from './ruling';
import type { TransformSettings } from './transformSettings';
import { unreadable } from './unreadable';
import { toEpochMs } from './values/time';

/** What becomes of one record. */
export type Transformed = ({ readonly columns: RowColumns } & AboutRow) | NoRow;
export type TransformedText = MappedRow | NoRow;
export type MappedRow = AboutRow & {
  readonly text: string;
  /** Undefined without MERGE_FLOWS. */
  readonly flow: FlowRecord | undefined;
  readonly ruling?: Ruling;
};

interface AboutRow {
  readonly kind: 'row';
  /** EventUid. */
  readonly uid: string;
  /** TimeGenerated in milliseconds since 1970. */
  readonly time: number;
  readonly news: readonly SchemaNews[];
  /** Columns with a value that cannot be read. */
  readonly unreadable: readonly string[];
}

type NoRow =
  /** Not a network session; `key` is the table or `DeviceEvents/ActionType`. */
  | { readonly kind: 'skipped'; readonly key: string }
  | { readonly kind: 'dead'; readonly reason: 'BadTimestamp'; readonly error: string };

/** Maps one record to one row, or says why there is none. Pure. */
export function transform(record: DefenderRecord, settings: TransformSettings): Transformed {
  const event = eventOf(record, settings);
  return event instanceof NetworkEvent ? { columns: columnsOf(event), ...about(event, newsOf(event)) } : event;
}

/**
 * As {@link transform} with the row as JSON text, and quicker where `plans` has a plan for its class. Says what `rules` say of
 * the record; it has its row also if they drop it, because what a rule saves is counted in bytes.
 */
export function transformToText(
  record: DefenderRecord,
  settings: TransformSettings,
  plans: Plans,
  rules?: RowRules,
): TransformedText {
  const event = eventOf(record, settings);
  if (!(event instanceof NetworkEvent)) return event;
  const plan = plans.of(event);
  const text = plan?.write(event) ?? stringifyJson(columnsOf(event));
  const ruling = rules?.rulingOn(event);
  const flow = ruling?.droppedBy === undefined ? flowRecord(event) : undefined;
  const row = { text, flow, ...about(event, plan?.hasNews(event) === false ? none : newsOf(event)) };
  return ruling === undefined ? row : { ...row, ruling };
}

const none: readonly SchemaNews[] = [];

/** The event of a record that becomes a row. */
function eventOf(record: DefenderRecord, settings: TransformSettings): NetworkEvent | NoRow {
  const { table } = record;
  if (!isMapped(table)) return { kind: 'skipped', key: table };
  const event = new NetworkEvent(record, table, settings);
  const { actionType } = event;
  const isKnown = event.action.name !== undefined;
  if (table === 'DeviceEvents' && (!isKnown || hasNoPeer(event))) {
    return { kind: 'skipped', key: `${table}/${actionType ?? '(none)'}` };
  }
  if (event.timestamp !== undefined) return event;
  return {
    kind: 'dead',
    reason: 'BadTimestamp',
    error: 'Timestamp is not an ISO 8601 time; the row would have no TimeGenerated.',
  };
}

function about(event: NetworkEvent, news: readonly SchemaNews[]): AboutRow {
  const { uid, timestamp } = event;
  const time = timestamp === undefined ? Number.NaN : toEpochMs(timestamp);
  return { kind: 'row', uid, time, news, unreadable: unreadable(event) };
}

function columnsOf(event: NetworkEvent): RowColumns {
  const columns: RowColumns = {};
  for (const { column } of keptColumns(event.settings)) fill(columns, column, event);
  return columns;
}

const entries: WritableMapping = mapping;

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it ties the column to the type of its value.
function fill<C extends FilledColumn>(columns: RowColumns, column: C, event: NetworkEvent): void {
  const entry = entries[column];
  const value = entry.kind === 'filled' ? entry.value(event) : undefined;
  if (value !== undefined) columns[column] = value;
}
