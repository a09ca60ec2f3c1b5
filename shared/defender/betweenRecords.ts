import { isObject, type Json, type JsonObject, parseJson } from '../json';
import { keyOf } from './anyCaseKeys';
import { hasRowColumns } from './envelopeFields';
import { fieldsBeside, isRecordToo } from './recordLists';

/** What may stand around records in a message that is whole: brackets, the key of the list, commas and white space. */
const beforeFirst = /^[\s\ufeff]*(?:\[\s*)?(?:\{\s*"(?:records|results|body)"\s*:\s*){0,3}(?:\[\s*)?$/i;
const between = /^\s*(?:\]\s*\}?\s*)?,?\s*(?:(?:\{?\s*"(?:records|results)"\s*:\s*)?\[\s*)?$/i;
const behindLast = /^[\s,]*(?:\][\s\]}]*)?\}{0,3}\s*$/;
/** Longer text is more than glue; the patterns need not look at it. */
const maxGlue = 200;

export type GapPlace = 'first' | 'between' | 'last';

/** Whether the text between two records, before the first or behind the last one is only what belongs there. */
export function isGlue(text: string, place: GapPlace): boolean {
  if (text.length > maxGlue) return text.trim() === '';
  return (place === 'first' ? beforeFirst : place === 'between' ? between : behindLast).test(text);
}

/** What may stand around the object with the list. */
const wrappings = [
  ['', ''],
  ['[', ']'],
  ['{"body":', '}'],
  ['[{"body":', '}]'],
] as const;
const endsAtList = /"(?:records|results)"\s*:\s*\[\s*$/i;
/** The end of the list before, and what it stands in. */
const endBefore = /^\s*(?:\][\s\]}]*)?,?\s*/;

export function opensList(text: string): boolean {
  return endsAtList.test(text.slice(-maxGlue));
}

/** The unknown fields that stand before a list of records; undefined where the text is more than a sound head of an envelope. */
export function headFields(text: string): JsonObject | undefined {
  if (!opensList(text)) return undefined;
  const head = text.replace(endBefore, '');
  return firstOf(wrappings, ([, after]) => fieldsIn(`${head}]}${after}`));
}

/** The unknown fields that stand behind a list of records; undefined where the text is more than a sound tail of an envelope. */
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

/** Of an envelope without records. */
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

/** Where the damage in a gap begins and ends: without the commas, the white space and the list's brackets around it. */
export function damageIn(text: string): { readonly start: number; readonly end: number } {
  const opening = /^[\s,]*(?:\{\s*"records"\s*:\s*)?(?:\[\s*)?/i.exec(text)?.[0].length ?? 0;
  let end = text.length;
  while (end > opening && /[\s,]/.test(text.charAt(end - 1))) end--;
  const closing = /\}\s*(\]\s*\})$/.exec(text.slice(Math.max(opening, end - 32), end));
  if (closing?.[1] !== undefined) end -= closing[1].length;
  return { start: opening, end };
}
