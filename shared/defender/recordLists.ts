import type { Json, JsonObject } from '../json';
import { keyOf } from './anyCaseKeys';
import { hasRowColumns, isListOfRecords, unknownFieldsOf } from './envelopeFields';

/**
 * The lists of records in an object, by key: the known one and, where the key was spoilt or is new, any other whose elements
 * are records. A list among the columns of an event is a column.
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

/** Defender's `records`, or the `results` beside the `schema` of an answer of the hunting API. */
function listKeyOf(value: JsonObject): string | undefined {
  return keyOf(value, 'records') ?? (isHuntingAnswer(value) ? keyOf(value, 'results') : undefined);
}

function isHuntingAnswer(value: JsonObject): boolean {
  return keyOf(value, 'results') !== undefined && keyOf(value, 'schema') !== undefined;
}

/** An object that holds a list of records and is a record itself. */
export function isRecordToo(value: JsonObject): boolean {
  return keyOf(value, 'properties') !== undefined || keyOf(value, 'category') !== undefined;
}

/** The unknown fields beside a list of records. An answer of the hunting API has fields of its own, which are none of a record's. */
export function fieldsBeside(value: JsonObject): JsonObject {
  const isAnswer = keyOf(value, 'records') === undefined && isHuntingAnswer(value);
  return isAnswer ? {} : unknownFieldsOf(value);
}
