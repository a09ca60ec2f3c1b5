import { parseJson, parseJsonSource } from '../json';
import { readDamaged } from './damagedMessage';
import { messageOf, readLines } from './jsonLines';
import type { DefenderRecord, EnvelopeOptions, Unreadable, UnreadableReason } from './messageParts';
import { MessageReader } from './messageReader';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: false });

/**
 * Takes a message body apart into records. Accepts what Defender and those who pass its events on send: an object with
 * `records`, a single record, an array of either, JSON lines, each as bytes or text, perhaps inside `body`. Of a message that
 * is no JSON as a whole, each record that is whole is read; each damaged stretch between them is one unreadable part.
 * Total: whatever cannot be read is returned with its reason; bytes that are no UTF-8 read as U+FFFD.
 */
export function readMessage(body: unknown, options: EnvelopeOptions = {}): (DefenderRecord | Unreadable)[] {
  const text = bodyText(body);
  if (text === undefined || text.trim() === '') {
    return [unreadable('EmptyMessage', 'The message has no body.')];
  }
  const reader = new MessageReader(options);
  try {
    reader.take(parseJson(text), () => parseJsonSource(text));
    if (isListTwice(text)) return withBothLists(reader, bytesOf(body, text));
  } catch (error) {
    const bytes = bytesOf(body, text);
    if (!readLines(reader, bytes) && !readDamaged(reader, bytes)) {
      return [unreadable('InvalidJson', messageOf(error))];
    }
  }
  return reader.found;
}

/** Perhaps in one object, of which parsers keep the last. */
function isListTwice(text: string): boolean {
  return text.indexOf('"records"', text.indexOf('"records"') + 1) > 0;
}

/** Read piece by piece, as a damaged message is, where that gives more records: what parsers leave out is not lost. */
function withBothLists(parsed: MessageReader, bytes: Uint8Array): (DefenderRecord | Unreadable)[] {
  // What the parser's reading already says is not whole is counted there.
  if (parsed.found.some(({ kind }) => kind === 'unreadable')) return parsed.found;
  const pieces = new MessageReader(parsed.options);
  if (!readDamaged(pieces, bytes)) return parsed.found;
  return pieces.found.filter(({ kind }) => kind === 'record').length > parsed.found.length
    ? pieces.found
    : parsed.found;
}

function bytesOf(body: unknown, text: string): Uint8Array {
  return body instanceof Uint8Array ? body : Buffer.from(text);
}

function bodyText(body: unknown): string | undefined {
  if (typeof body === 'string') return body.charCodeAt(0) === 0xfeff ? body.slice(1) : body;
  if (body instanceof Uint8Array) return utf8.decode(body);
  if (body === null || body === undefined) return undefined;
  // Parsed by somebody else on the way (a trigger whose dataType is not binary): read it again from its text.
  try {
    return JSON.stringify(body);
  } catch {
    return undefined;
  }
}

/** The message as a whole. */
function unreadable(reason: UnreadableReason, error: string): Unreadable {
  return { kind: 'unreadable', index: 0, reason, error, bytes: undefined };
}
