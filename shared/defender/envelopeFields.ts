import { isObject, type Json, type JsonObject } from '../json';
import { keyOf, valueOf } from './anyCaseKeys';

/**
 * The fields of Defender's envelope, in lower case; those that always have the same value, with that value. Microsoft has
 * added fields three times without announcing it, so every other field or value is kept and counted.
 */
const envelopeFields: ReadonlyMap<string, string | undefined> = new Map([
  ['records', undefined],
  ['time', undefined],
  ['tenantid', undefined],
  ['category', undefined],
  ['properties', undefined],
  ['_timereceivedbysvc', undefined],
  ['operationname', 'Publish'],
  ['tenant', 'DefaultTenant'],
]);

export function isEnvelopeField(key: string): boolean {
  return envelopeFields.has(key.toLowerCase());
}

/**
 * In characters of JSON. Fields beside a list of records are kept with each record if they are not longer than this, else
 * only with the first.
 */
const maxSharedFields = 1000;

export function areShort(fields: JsonObject): boolean {
  return Object.keys(fields).length === 0 || JSON.stringify(fields, digits).length <= maxSharedFields;
}

function digits(_: string, value: Json): Json {
  return typeof value === 'bigint' ? String(value) : value;
}

/** Stored in place of an unknown field that holds a list of records; the records themselves are read. */
const recordsTaken = 'records';

/** Whether at least one element has a category and properties. */
export function isListOfRecords(value: Json | undefined): value is Json[] {
  return (
    Array.isArray(value) && value.some((element) => isObject(element) && isNamed(element) && hasProperties(element))
  );
}

/** Returns `outer` and the unknown fields of an envelope, including known fields with a new value. */
export function unknownFieldsOf(envelope: JsonObject, outer: JsonObject = {}): JsonObject {
  let unknown = outer;
  for (const key of Object.keys(envelope)) {
    const value = envelope[key];
    const name = key.toLowerCase();
    if (value === undefined || value === null || value === '') continue;
    if (envelopeFields.has(name) && isUsual(value, envelopeFields.get(name))) continue;
    if (unknown === outer) unknown = { ...outer };
    const kept = isListOfRecords(value) ? recordsTaken : value;
    Object.defineProperty(unknown, key, { value: kept, enumerable: true, configurable: true, writable: true });
  }
  return unknown;
}

function isUsual(value: Json, constant: string | undefined): boolean {
  return constant === undefined || value === constant;
}

/** Every row of an event table has at least one of these. */
const rowColumns = ['Timestamp', 'EventTime', 'ActionType', 'DeviceId', 'MachineId', 'ReportId'];

/** Whether the object itself has the columns of a row. */
export function hasRowColumns(value: JsonObject): boolean {
  return rowColumns.some((column) => Object.hasOwn(value, column));
}

/**
 * Whether an object in a damaged message is certainly a record. False when in doubt: a dead letter is better than a wrong
 * row.
 */
export function looksLikeRecord(value: JsonObject, isValue: boolean, table: string | undefined): boolean {
  if (isValue) {
    // An object inside another is part of a damaged record, unless it is a complete envelope.
    const isStamped = keyOf(value, 'tenantId') !== undefined || keyOf(value, 'time') !== undefined;
    return isStamped && hasProperties(value) && isNamed(value, /^\s*AdvancedHunting-/i) && !hasStrayColumns(value);
  }
  if (hasProperties(value)) return isNamed(value) && !hasStrayColumns(value);
  if (isNamed(value)) return true;
  const body = valueOf(value, 'body');
  if (typeof body === 'string' || (typeof body === 'object' && body !== null)) return true;
  return table !== undefined && (Object.hasOwn(value, 'Timestamp') || Object.hasOwn(value, 'EventTime'));
}

function isNamed(value: JsonObject, as = /\S/): boolean {
  const category = valueOf(value, 'category');
  return typeof category === 'string' && as.test(category);
}

function hasProperties(value: JsonObject): boolean {
  const properties = valueOf(value, 'properties');
  return (typeof properties === 'object' && properties !== null) || typeof properties === 'string';
}

/** Whether columns stand beside `properties`, because an extra brace closed it early. Column names begin with a capital. */
function hasStrayColumns(value: JsonObject): boolean {
  return Object.keys(value).some((key) => /^[A-Z]/.test(key) && !isEnvelopeField(key));
}
