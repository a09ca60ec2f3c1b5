import type { Json, JsonObject } from '../json';
import { keyOf } from './anyCaseKeys';
import { hasRowColumns, isListOfRecords, unknownFieldsOf } from './envelopeFields';

/**
 * The lists of records in an object, by key: the known one and, in case the key is damaged or new, any other whose elements
 * are records. A list beside the columns of an event is a column.
 */
export function recordLists(value: JsonObject): [string, Json[]][] {
  const known = listKeyOf(value);
  const isOpen = keyOf(value, 'body') === undefined && !hasRowColumns(value);
  const lists: [string, Json[]][] = [];
  for (const [key, list] of Object.entries(value)) {
    if (!Array.isArray(list)) continue;
    if (key === known || (isOpen && isListOfRecords(list))) lists.push([key, list]);
  }
  return lists;
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
