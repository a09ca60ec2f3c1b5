import type { Json, JsonObject } from '../json';
import { keyOf } from './anyCaseKeys';
import { hasRowColumns, isListOfRecords, unknownFieldsOf } from './envelopeFields';

/**
 * Finds the lists of records in an object, by key: the one with the known key, and every other whose elements are records, in
 * case the key is damaged or new. A list beside the columns of an event is a column.
 */
export function recordLists(value: JsonObject): [string, Json[]][] {
  const arrays: [string, Json[]][] = [];
  for (const key of Object.keys(value)) {
    const list = value[key];
    if (Array.isArray(list)) arrays.push([key, list]);
  }
  // Nearly every record ends here, without the slower checks below.
  if (arrays.length === 0) return arrays;
  const known = listKeyOf(value);
  const isOpen = keyOf(value, 'body') === undefined && !hasRowColumns(value);
  return arrays.filter(([key, list]) => key === known || (isOpen && isListOfRecords(list)));
}

/** Defender's `records`, or the `results` of a hunting API response, which also has a `schema`. */
function listKeyOf(value: JsonObject): string | undefined {
  return keyOf(value, 'records') ?? (isHuntingAnswer(value) ? keyOf(value, 'results') : undefined);
}

function isHuntingAnswer(value: JsonObject): boolean {
  return keyOf(value, 'results') !== undefined && keyOf(value, 'schema') !== undefined;
}

/** Whether an object with a list of records is a record itself. */
export function isRecordToo(value: JsonObject): boolean {
  return keyOf(value, 'properties') !== undefined || keyOf(value, 'category') !== undefined;
}

/**
 * The unknown fields beside a list of records. Empty for a hunting API response, because its fields are not about the
 * records.
 */
export function fieldsBeside(value: JsonObject): JsonObject {
  const isAnswer = keyOf(value, 'records') === undefined && isHuntingAnswer(value);
  return isAnswer ? {} : unknownFieldsOf(value);
}
