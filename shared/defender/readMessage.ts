import { parseJson, parseJsonSource } from '../json';
import { readDamaged } from './damagedMessage';
import { jsonProblem, readLines } from './jsonLines';
import type { DefenderRecord, EnvelopeOptions, Unreadable, UnreadableReason } from './messageParts';
import { MessageReader } from './messageReader';
import { mapRecordByRecord } from './recordByRecord';

/**
 * Splits a message body into records. Accepts what Defender and forwarders of its events send: an object with `records`, a
 * single record, an array of either, or JSON lines, each as bytes or text, also inside `body`. Of a message that is not valid
 * JSON it reads every intact record; each damaged range between them becomes one unreadable part. Never throws and loses
 * nothing: what cannot be read is returned with its reason. Invalid UTF-8 is read as U+FFFD.
 */
export function readMessage(body: unknown, options: EnvelopeOptions = {}): (DefenderRecord | Unreadable)[] {
  const text = bodyText(body);
  if (text === undefined || text.trim() === '') {
    return [unreadable('EmptyMessage', 'The message has no body.')];
  }
  const reader = new MessageReader(options);
  try {
    reader.take(parseJson(text), () => parseJsonSource(text));
    if (isListTwice(text)) return withBothLists(reader, bytesToRead(body, text));
  } catch (error) {
    const bytes = bytesToRead(body, text);
    if (!readLines(reader, bytes) && !readDamaged(reader, bytes)) {
      return [unreadable('InvalidJson', jsonProblem(error))];
    }
  }
  return reader.found;
}

/**
 * What `of` makes of each part of a message. Reads a message as Defender sends it record by record, so that no parsed record
 * stays in memory while others are mapped. `of` has to be pure: where a later record shows that the message is not so, `of`
 * gets all parts once more.
 */
export function mapMessage<T>(
  body: unknown,
  of: (part: DefenderRecord | Unreadable) => T,
  options: EnvelopeOptions = {},
): T[] {
  const made = body instanceof Uint8Array ? mapRecordByRecord(body, of, options) : undefined;
  return made ?? readMessage(body, options).map((part) => of(part));
}

/** One object can hold two lists under the same key; JSON.parse keeps only the last. */
function isListTwice(text: string): boolean {
  // The end of the word is looked for: a search for what begins with a quote stops at every text of the message.
  let lists = 0;
  for (let at = text.indexOf('rds"'); at >= 0 && lists < 2; at = text.indexOf('rds"', at + 1)) {
    if (text.startsWith('"records"', at - 5)) lists++;
  }
  return lists > 1;
}

/** Reads the message like a damaged one if that gives more records: those that JSON.parse left out. */
function withBothLists(parsed: MessageReader, bytes: Uint8Array): (DefenderRecord | Unreadable)[] {
  // Unreadable parts are already counted.
  if (parsed.found.some(({ kind }) => kind === 'unreadable')) return parsed.found;
  const pieces = new MessageReader(parsed.options);
  if (!readDamaged(pieces, bytes)) return parsed.found;
  return pieces.found.filter(({ kind }) => kind === 'record').length > parsed.found.length
    ? pieces.found
    : parsed.found;
}

function bytesToRead(body: unknown, text: string): Uint8Array {
  return body instanceof Uint8Array ? body : Buffer.from(text);
}

function bodyText(body: unknown): string | undefined {
  if (typeof body === 'string') return withoutByteOrderMark(body);
  // Twice as fast as TextDecoder.
  if (body instanceof Uint8Array) {
    return withoutByteOrderMark(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  }
  if (body === null || body === undefined) return undefined;
  // Already parsed by a trigger whose dataType is not binary: parse its text again.
  try {
    return JSON.stringify(body);
  } catch {
    return undefined;
  }
}

function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** The message as a whole. */
function unreadable(reason: UnreadableReason, error: string): Unreadable {
  return { kind: 'unreadable', index: 0, reason, error, bytes: undefined };
}
