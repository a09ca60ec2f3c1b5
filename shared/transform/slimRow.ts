import { isObject, type JsonObject, parseJson, stringifyJson } from '../json';
import { cutFields } from './fitObject';

/**
 * A row too large for one call, given as JSON text, with its longest texts shortened until it takes at most `maxBytes`;
 * `AdditionalFields.Truncated` says so. Only a record made to be large gets here: every column holds 64 KB at the most.
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
