import { parseJson, parseJsonSource } from '../json';
import { readDamaged } from './damaged';
import { messageOf, readLines } from './lines';
import { MessageReader } from './messageReader';
import type { DefenderRecord, EnvelopeOptions, Unreadable, UnreadableReason } from './parts';

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
  } catch (error) {
    const bytes = body instanceof Uint8Array ? body : Buffer.from(text);
    if (!readLines(reader, bytes) && !readDamaged(reader, bytes)) {
      return [unreadable('InvalidJson', messageOf(error))];
    }
  }
  return reader.found;
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
