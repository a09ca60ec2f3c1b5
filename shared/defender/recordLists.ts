import type { Json, JsonObject } from '../json';
import { keyOf } from './anyCaseKeys';
import { hasRowColumns, isListOfRecords, unknownFieldsOf } from './envelopeFields';

/**
 * The lists of records in an object, by key: the known one and, in case the key is damaged or new, any other whose elements
 * are records. A list beside the columns of an event is a column.
 */
export function recordLists(value: JsonObject): [string, Json[]][] {
  const arrays: [string, Json[]][] = [];
  for (const key of Object.keys(value)) {
    const list = value[key];
    if (Array.isArray(list)) arrays.push([key, list]);
  }
  // A record has none.
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
 * The unknown fields beside a list of records; none in a hunting API response, whose own fields say nothing about a
 * record.
 */
export function fieldsBeside(value: JsonObject): JsonObject {
  const isAnswer = keyOf(value, 'records') === undefined && isHuntingAnswer(value);
  return isAnswer ? {} : unknownFieldsOf(value);
}
