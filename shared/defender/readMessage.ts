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
 * Calls `of` with each part of a message and returns the results. A message in Defender's usual form is read record by record,
 * so that only one parsed record is in memory. If a later record shows that the message has another form, the message is read
 * again as a whole and `of` is called again for every part, so `of` must be pure.
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
  // Searches for the end of the key, because a search for `"records"` would stop at every quote of the message.
  let lists = 0;
  for (let at = text.indexOf('rds"'); at >= 0 && lists < 2; at = text.indexOf('rds"', at + 1)) {
    if (text.startsWith('"records"', at - 5)) lists++;
  }
  return lists > 1;
}

/** Reads the message as if it were damaged, and keeps that result if it has more records: those that JSON.parse left out. */
function withBothLists(parsed: MessageReader, bytes: Uint8Array): (DefenderRecord | Unreadable)[] {
  // A message with an unreadable part is kept as it was read.
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
  // Buffer decodes twice as fast as TextDecoder.
  if (body instanceof Uint8Array) {
    return withoutByteOrderMark(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  }
  if (body === null || body === undefined) return undefined;
  // A trigger whose dataType is not binary has already parsed the body, so it is written as text and parsed again.
  try {
    return JSON.stringify(body);
  } catch {
    return undefined;
  }
}

function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** One unreadable part for the whole message. */
function unreadable(reason: UnreadableReason, error: string): Unreadable {
  return { kind: 'unreadable', index: 0, reason, error, bytes: undefined };
}
