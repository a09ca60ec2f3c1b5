import { isObject, type JsonObject, parseJson, stringifyJson } from '../json';
import { cutFields } from './fitObject';

/**
 * Shortens the longest texts of a row, given as JSON text, until it takes at most `maxBytes`, and sets
 * `AdditionalFields.Truncated`, also in rows that the settings leave without AdditionalFields. Rare: a column holds at most 64 KB, so only a record made to be large needs it.
 */
export function slimRow(text: string, maxBytes: number): string {
  const row = parseJson(text);
  if (!isObject(row)) return text;
  const fields: JsonObject = isObject(row['AdditionalFields']) ? row['AdditionalFields'] : {};
  row['AdditionalFields'] = fields;
  fields['Truncated'] = true;
  cutFields(row, maxBytes);
  return stringifyJson(row);
}
