import { isObject, type Json, type JsonObject, stringifyJson } from '../../shared/json';

/**
 * The size of a row that Azure Monitor bills: https://learn.microsoft.com/azure/azure-monitor/logs/cost-logs#data-size-calculation
 * (page of 2025-09-18, read 2026-11-29). Of Analytics and Basic it counts a text of each column that is written, of Auxiliary the
 * uncompressed size of the same columns; names of columns, quotes and escapes of the JSON are not counted. The page names no
 * encoding: this counts UTF-8. A JSON of 25 percent more than the billed size, which the page calls the average, fits no wider one.
 */

/** Standard columns that are not counted for Analytics and Basic; the app sends none of them. */
const excludedColumns: ReadonlySet<string> = new Set([
  '_ResourceId',
  '_SubscriptionId',
  '_ItemId',
  '_IsBillable',
  '_BilledSize',
  '_TenantId',
  'TenantId',
  'Type',
]);

/** For Auxiliary the page excludes fewer columns: the table's name and the workspace's id count, in each row. */
export const auxiliaryRowBytes =
  Buffer.byteLength('NetworkSessions_CL') + '00000000-0000-0000-0000-000000000000'.length;

/** The bytes of a column's value as text: text in UTF-8, a number by its digits, an object as compact JSON, null not at all. */
export function valueBytes(value: Json): number {
  if (value === null) return 0;
  if (typeof value === 'string') return Buffer.byteLength(value);
  return typeof value === 'object' ? Buffer.byteLength(stringifyJson(value)) : String(value).length;
}

/** The billed bytes of each column of a row. */
export function columnBytes(row: JsonObject): Map<string, number> {
  const counted = Object.entries(row).filter(([column]) => !excludedColumns.has(column));
  return new Map(counted.map(([column, value]) => [column, valueBytes(value)]));
}

/**
 * The bytes that each key of AdditionalFields takes, with its name and the comma after it; the keys of InitiatingProcess by
 * the names that OMIT_ADDITIONAL_FIELDS takes.
 */
export function keyBytes(fields: JsonObject): Map<string, number> {
  const found = new Map<string, number>();
  for (const [key, value] of Object.entries(fields)) {
    if (key === 'InitiatingProcess' && isObject(value)) {
      for (const [inner, one] of Object.entries(value)) found.set(`${key}.${inner}`, memberBytes(inner, one));
    } else found.set(key, memberBytes(key, value));
  }
  return found;
}

/** `"key":value,` is one byte shorter than an object of it alone. */
function memberBytes(key: string, value: Json): number {
  return Buffer.byteLength(stringifyJson({ [key]: value })) - 1;
}

export function sumOf(bytes: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const one of bytes.values()) sum += one;
  return sum;
}
