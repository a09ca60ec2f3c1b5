import { isAscii } from 'node:buffer';
import { isObject, type Json, parseJson, parseJsonSource } from '../json';
import type { DefenderRecord, EnvelopeOptions, Unreadable } from './messageParts';
import { MessageReader } from './messageReader';

const opening = '{"records":[';
const closing = ']}';
/** The opening brace and first key of a record. Defender begins each record with the same key, `time`. */
const beginning = /^\{"\w{1,32}":/;
const mostCharacters = 64;

/**
 * Reads a message that is nothing but `{"records":[...]}` one record at a time: decodes and parses a record, calls `of`, and
 * goes on to the next. Returns the results, or undefined if the message has another form. The caller then reads it as a whole
 * and discards what `of` returned so far.
 *
 * Each record begins with the same key, so the next record is found by a search for that key. The text between two finds is a
 * record if it parses, because an object without its end is not valid JSON. If it does not parse, the key was found inside a
 * record.
 */
export function mapRecordByRecord<T>(
  body: Uint8Array,
  of: (part: DefenderRecord | Unreadable) => T,
  options: EnvelopeOptions,
): T[] | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const end = bytes.length - closing.length;
  if (latin1(bytes, 0, opening.length) !== opening || latin1(bytes, end) !== closing) return undefined;
  // A second list under the same key is read as a whole. A quote is frequent in JSON, so the search is for the end of `records"`.
  if (bytes.includes('cords"', opening.length)) return undefined;
  const first = beginning.exec(latin1(bytes, opening.length, opening.length + mostCharacters))?.[0];
  if (first === undefined) return undefined;
  const border = Buffer.from(`},${first}`);
  const isAllAscii = isAscii(bytes);
  const made: T[] = [];
  let index = 0;
  for (let start = opening.length; start < end; ) {
    const next = bytes.indexOf(border, start);
    const stop = next < 0 ? end : next + 1;
    // Most records are ASCII, and latin1 decodes faster than utf8.
    const isRecordAscii = isAllAscii || isAscii(bytes.subarray(start, stop));
    const text = bytes.toString(isRecordAscii ? 'latin1' : 'utf8', start, stop);
    const value = parsed(text);
    if (value === undefined || !isObject(value)) return undefined;
    const reader = new MessageReader(options, index);
    reader.takeElement(value, () => parseJsonSource(text));
    for (const part of reader.found) made.push(of(part));
    index += reader.found.length;
    start = stop + 1;
  }
  return made;
}

function latin1(bytes: Buffer, start: number, end?: number): string {
  return bytes.toString('latin1', start, end);
}

function parsed(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
