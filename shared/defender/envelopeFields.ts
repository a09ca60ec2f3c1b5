import type { Json, JsonObject } from '../json';
import { keyOf, valueOf } from './keys';

/**
 * The fields of Defender's envelope, in lower case, and the value that a field has always had where it never had another. Microsoft
 * has added to the envelope three times without a word, so anything else is kept and counted.
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

/** The fields of an envelope that are not what they always were, added to `outer`. */
export function unknownFieldsOf(envelope: JsonObject, outer: JsonObject = {}): JsonObject {
  let unknown = outer;
  for (const key of Object.keys(envelope)) {
    const value = envelope[key];
    const name = key.toLowerCase();
    if (value === undefined || value === null || value === '') continue;
    if (envelopeFields.has(name) && isUsual(value, envelopeFields.get(name))) continue;
    if (unknown === outer) unknown = { ...outer };
    Object.defineProperty(unknown, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return unknown;
}

function isUsual(value: Json, constant: string | undefined): boolean {
  return constant === undefined || value === constant;
}

/** Columns of which every row of an event table has at least one. */
const rowColumns = ['Timestamp', 'EventTime', 'ActionType', 'DeviceId', 'MachineId', 'ReportId'];

/** Whether the columns of a row stand in the object itself. */
export function hasRowColumns(value: JsonObject): boolean {
  return rowColumns.some((column) => Object.hasOwn(value, column));
}

/**
 * Whether an object found in a damaged message is a record, as far as can be told. In doubt it is none: a dead letter
 * keeps what a wrong row would falsify.
 */
export function looksLikeRecord(value: JsonObject, isValue: boolean, table: string | undefined): boolean {
  const category = valueOf(value, 'category');
  const properties = valueOf(value, 'properties');
  const isNamed = typeof category === 'string' && category.trim() !== '';
  const hasProperties = (typeof properties === 'object' && properties !== null) || typeof properties === 'string';
  if (isValue) {
    // A part of a damaged record, unless it is a whole envelope that was pasted in there.
    const isStamped = keyOf(value, 'tenantId') !== undefined || keyOf(value, 'time') !== undefined;
    return isNamed && hasProperties && isStamped && /^\s*AdvancedHunting-/i.test(category) && !hasStrayColumns(value);
  }
  if (hasProperties) return isNamed && !hasStrayColumns(value);
  if (isNamed) return true;
  const body = valueOf(value, 'body');
  if (typeof body === 'string' || (typeof body === 'object' && body !== null)) return true;
  return table !== undefined && (Object.hasOwn(value, 'Timestamp') || Object.hasOwn(value, 'EventTime'));
}

/** Columns beside `properties`: a brace too many closed `properties` early. Columns begin with a capital letter. */
function hasStrayColumns(value: JsonObject): boolean {
  return Object.keys(value).some((key) => /^[A-Z]/.test(key) && !isEnvelopeField(key));
}
