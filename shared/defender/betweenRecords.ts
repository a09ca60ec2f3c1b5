import { isObject, type Json, type JsonObject, parseJson } from '../json';
import { keyOf } from './anyCaseKeys';
import { hasRowColumns } from './envelopeFields';
import { fieldsBeside, isRecordToo } from './recordLists';

/** The text around the records of an intact message: brackets, the key of the list, commas and white space. */
const beforeFirst = /^[\s\ufeff]*(?:\[\s*)?(?:\{\s*"(?:records|results|body)"\s*:\s*){0,3}(?:\[\s*)?$/i;
const between = /^\s*(?:\]\s*\}?\s*)?,?\s*(?:(?:\{?\s*"(?:records|results)"\s*:\s*)?\[\s*)?$/i;
const behindLast = /^[\s,]*(?:\][\s\]}]*)?\}{0,3}\s*$/;
/** Longer text contains something else too, so the patterns are not tried. */
const maxGlue = 200;

export type GapPosition = 'first' | 'between' | 'last';

/** Whether a text before, between or after the records holds no data: only brackets, commas and the key of the list. */
export function isGlue(text: string, position: GapPosition): boolean {
  if (text.length > maxGlue) return text.trim() === '';
  return (position === 'first' ? beforeFirst : position === 'between' ? between : behindLast).test(text);
}

/** Text that can stand before and after the object with the list of records. */
const wrappings = [
  ['', ''],
  ['[', ']'],
  ['{"body":', '}'],
  ['[{"body":', '}]'],
] as const;
const endsAtList = /"(?:records|results)"\s*:\s*\[\s*$/i;
/** The end of the previous list and of its envelope. */
const endBefore = /^\s*(?:\][\s\]}]*)?,?\s*/;

export function opensList(text: string): boolean {
  return endsAtList.test(text.slice(-maxGlue));
}

/** The unknown fields before a list of records; undefined unless the text is exactly the start of an envelope. */
export function headFields(text: string): JsonObject | undefined {
  if (!opensList(text)) return undefined;
  const head = text.replace(endBefore, '');
  return firstOf(wrappings, ([, after]) => fieldsIn(`${head}]}${after}`));
}

/** The unknown fields after a list of records; undefined unless the text is exactly the end of an envelope. */
export function tailFields(text: string): JsonObject | undefined {
  const tail = text.replace(/^[\s,]+/, '');
  if (!tail.startsWith(']')) return undefined;
  return firstOf(wrappings, ([before]) => fieldsIn(`${before}{"records":[${tail}`));
}

function firstOf<T, R>(values: readonly T[], read: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = read(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The unknown fields of an envelope without records. */
function fieldsIn(text: string): JsonObject | undefined {
  let value: Json | undefined;
  try {
    value = parseJson(text);
  } catch {
    return undefined;
  }
  if (Array.isArray(value)) value = value.length === 1 ? value[0] : undefined;
  if (isObject(value) && keyOf(value, 'body') !== undefined) value = value[keyOf(value, 'body') ?? ''];
  if (!isObject(value) || isRecordToo(value) || hasRowColumns(value)) return undefined;
  const list = value[keyOf(value, 'records') ?? keyOf(value, 'results') ?? ''];
  return Array.isArray(list) && list.length === 0 ? fieldsBeside(value) : undefined;
}

/** The range of the damage in a gap, without the commas, white space and brackets of the list around it. */
export function damageIn(text: string): { readonly start: number; readonly end: number } {
  const opening = /^[\s,]*(?:\{\s*"records"\s*:\s*)?(?:\[\s*)?/i.exec(text)?.[0].length ?? 0;
  let end = text.length;
  while (end > opening && /[\s,]/.test(text.charAt(end - 1))) end--;
  const closing = /\}\s*(\]\s*\})$/.exec(text.slice(Math.max(opening, end - 32), end));
  if (closing?.[1] !== undefined) end -= closing[1].length;
  return { start: opening, end };
}
