import { isAscii } from 'node:buffer';
import { isObject, type Json, parseJson, parseJsonSource } from '../json';
import type { DefenderRecord, EnvelopeOptions, Unreadable } from './messageParts';
import { MessageReader } from './messageReader';

const opening = '{"records":[';
const closing = ']}';
/** Of the first record, the brace and the first key; Defender begins each one with `time`. */
const beginning = /^\{"\w{1,32}":/;
const mostCharacters = 64;

/**
 * What `of` makes of each record of a message that holds nothing but a list of records. Each is decoded and parsed when the one
 * before is done. Undefined, whatever `of` was called with, if the message is not so: it must be read as a whole then.
 *
 * A record is found by the first key, with which all begin. No part of an object is itself valid JSON, so the text from its
 * brace to the next such key is the record if it can be parsed. If not, the key was found inside of a record.
 */
export function mapRecordByRecord<T>(
  body: Uint8Array,
  of: (part: DefenderRecord | Unreadable) => T,
  options: EnvelopeOptions,
): T[] | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const end = bytes.length - closing.length;
  if (latin1(bytes, 0, opening.length) !== opening || latin1(bytes, end) !== closing) return undefined;
  // One object can hold two lists under the same key, `records`. Its middle is rarer than a quote, and quicker to find.
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
    // Most records are ASCII, for which there is a quicker way to decode them.
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
