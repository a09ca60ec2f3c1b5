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
    return [unreadable(0, 'EmptyMessage', 'The message has no body.', undefined)];
  }
  const reader = new MessageReader(options);
  try {
    reader.take(parseJson(text), () => parseJsonSource(text));
  } catch (error) {
    const bytes = body instanceof Uint8Array ? body : Buffer.from(text);
    if (!readLines(reader, bytes) && !readDamaged(reader, bytes)) {
      return [unreadable(0, 'InvalidJson', messageOf(error), undefined)];
    }
  }
  return isMostlyUnreadable(reader.found) ? [asOne(reader.found)] : reader.found;
}

/** More unreadable parts than this, and more of them than records, are one dead letter: the message. */
const maxUnreadableParts = 1000;

function isMostlyUnreadable(found: readonly (DefenderRecord | Unreadable)[]): boolean {
  if (found.length <= maxUnreadableParts) return false;
  const count = found.filter(({ kind }) => kind === 'unreadable').length;
  return count > maxUnreadableParts && count * 2 > found.length;
}

/** A megabyte holds half a million numbers: a letter for each of them would fill memory and hub. */
function asOne(found: readonly (DefenderRecord | Unreadable)[]): Unreadable {
  const first = found.find((part) => part.kind === 'unreadable');
  return unreadable(
    0,
    first?.reason ?? 'NotARecord',
    `Most of ${found.length} parts cannot be read. The first: ${first?.error ?? ''}`,
    undefined,
  );
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

function unreadable(index: number, reason: UnreadableReason, error: string, bytes: Unreadable['bytes']): Unreadable {
  return { kind: 'unreadable', index, reason, error, bytes };
}
