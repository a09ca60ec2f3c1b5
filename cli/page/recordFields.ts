import { parse as parseLossless, stringify } from 'lossless-json';
import type { DefenderRecord, Unreadable } from '../../shared/defender/messageParts';
import { isSourceObject, NumberText, parseJsonSource, type SourceJson, writeSource } from '../../shared/json';

/** A value of a record as the source wrote it; `name` is what the mapping's sources call it. */
export interface RecordField {
  readonly name: string;
  readonly value: string;
}

/** More fields than any table of Defender has. */
const mostFields = 500;
/** Characters of a value. */
export const mostOfValue = 4000;
const mostOfText = 200_000;

/** The fields of a record: its columns, then the keys of AdditionalFields and of the envelope. */
export function fieldsOf(part: DefenderRecord): RecordField[] {
  const whole = sourceOf(part.original());
  const { properties, ...envelope } = whole !== undefined && isSourceObject(whole) ? whole : {};
  const columns = properties !== undefined && isSourceObject(properties) ? properties : {};
  const details = detailsOf(columns['AdditionalFields']);
  return [
    ...Object.entries(columns).map(([name, value]) => field(name, value)),
    ...Object.entries(details).map(([name, value]) => field(`AdditionalFields.${name}`, value)),
    ...Object.entries(envelope).map(([name, value]) => field(`envelope.${name}`, value)),
  ].slice(0, mostFields);
}

/** Defender sends AdditionalFields as JSON in a text, or as an object. */
function detailsOf(value: SourceJson | undefined): { [key: string]: SourceJson } {
  const inner = typeof value === 'string' ? sourceOf(value) : value;
  return inner !== undefined && isSourceObject(inner) ? inner : {};
}

function sourceOf(text: string): SourceJson | undefined {
  try {
    return parseJsonSource(text);
  } catch {
    return undefined;
  }
}

function field(name: string, value: SourceJson): RecordField {
  if (typeof value === 'string') return { name, value: clipped(value, mostOfValue) };
  return { name, value: clipped(value instanceof NumberText ? value.text : writeSource(value), mostOfValue) };
}

/** The record, or the part that cannot be read, as text: indented where it is JSON, with numbers as written. */
export function textOfPart(part: DefenderRecord | Unreadable, message: Uint8Array): string {
  if (part.kind === 'record') return indented(part.original());
  return indented(Buffer.from(part.bytes?.() ?? message).toString('utf8'));
}

/** As it is, if it is no JSON, or nested too deeply. */
export function indented(text: string): string {
  try {
    return clipped(stringify(parseLossless(text), undefined, 2) ?? text, mostOfText);
  } catch {
    return clipped(text, mostOfText);
  }
}

export function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}\u2026 (${text.length} characters in all)`;
}
