import type { Json } from '../json';
import type { SchemaNews } from '../schemaNews';
import type { MappedTable } from './actions';
import { knownColumns, otherColumns, otherDeviceEventColumns } from './defenderColumns';
import type { NetworkEvent } from './event';
import { toText } from './values/text';

/** What Microsoft may have added: columns with a value, action types and envelope fields that no list names. */
export function newsOf(event: NetworkEvent): SchemaNews[] {
  const { properties, unknownFields } = event.record;
  const { knownNews } = event.settings;
  const news: SchemaNews[] = [];
  const add = (kind: SchemaNews['kind'], name: string): void => {
    if (!knownNews.has(name.toLowerCase())) news.push({ kind, name });
  };
  for (const name of Object.keys(properties)) {
    if (!isListedColumn(event.table, name) && !isEmpty(properties[name])) add('column', name);
  }
  for (const [name, value] of Object.entries(unknownFields)) if (!isEmpty(value)) add('envelopeField', name);
  if (event.action.name === undefined && event.actionType !== undefined) add('actionType', event.actionType);
  return news;
}

/** Whether a list names this column of the table, as mapped or as left out. */
export function isListedColumn(table: MappedTable, name: string): boolean {
  return (
    knownColumns.has(name) || otherColumns.has(name) || (table === 'DeviceEvents' && otherDeviceEventColumns.has(name))
  );
}

/** Whether a value is null, an empty text, `-`, an empty object or an empty list. */
function isEmpty(value: Json | undefined): boolean {
  if (typeof value === 'string') return toText(value) === undefined;
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
