import type { Message } from '../../shared/batch';
import { isObject, type Json, parseJson, stringifyJson } from '../../shared/json';

/** An event takes 1,048,576 bytes; Defender's own messages are about as large as this. */
export const maxMessageBytes = 900_000;

/** A message to publish. */
export interface Packed {
  readonly body: Buffer;
  readonly records: number;
  /** Every line of the file up to this one is in this message or an earlier one. */
  readonly line: number;
  /** The body is one line that is not JSON. */
  readonly isNoJson: boolean;
}

/** One line, or one record of a document that is too large for one message. */
interface Item {
  readonly bytes: Buffer;
  readonly kind: 'streamed record' | 'envelope' | 'no JSON';
  readonly records: number;
  readonly line: number;
  readonly endsLine: boolean;
}

const opening = Buffer.from('{"records":[');
const comma = Buffer.from(',');
const closing = Buffer.from(']}');

/**
 * Makes messages of the lines of a file, in their order. Records as the storage export writes them (objects with `category`)
 * share envelopes, byte for byte; any other line is a message of its own. Skips the lines up to `after`.
 */
export async function* pack(
  lines: AsyncIterable<Message> | Iterable<Message>,
  after = 0,
  maxBytes: number = maxMessageBytes,
): AsyncGenerator<Packed, void, undefined> {
  let parts: Buffer[] = [];
  let size = 0;
  let line = after;
  const take = (): Packed => {
    const body = Buffer.concat([opening, ...parts.flatMap((part, i) => (i === 0 ? [part] : [comma, part])), closing]);
    const packed = { body, records: parts.length, line, isNoJson: false };
    parts = [];
    size = 0;
    return packed;
  };
  for await (const message of lines) {
    if (Number(message.sequenceNumber) <= after) continue;
    for (const { bytes, kind, records, ...item } of itemsOf(message, maxBytes)) {
      const isPacked = kind === 'streamed record';
      if (parts.length > 0 && (!isPacked || size + bytes.length > maxBytes)) yield take();
      if (item.endsLine) line = item.line;
      if (!isPacked) yield { body: bytes, records, line, isNoJson: kind === 'no JSON' };
      else {
        parts.push(bytes);
        size += bytes.length + comma.length;
      }
    }
  }
  if (parts.length > 0) yield take();
}

function itemsOf({ sequenceNumber, body }: Message, maxBytes: number): Item[] {
  if (!Buffer.isBuffer(body) || body.length === 0) return [];
  const whole = { bytes: body, line: Number(sequenceNumber), endsLine: true };
  const value = parsed(body);
  if (value === undefined) return [{ ...whole, kind: 'no JSON', records: 1 }];
  const records = Array.isArray(value) ? value : fieldOf(value, 'records');
  if (!Array.isArray(records)) return [{ ...whole, kind: kindOf(value), records: 1 }];
  if (body.length <= maxBytes) return [{ ...whole, kind: 'envelope', records: records.length }];
  return records.map((record, i) => ({
    line: whole.line,
    bytes: Buffer.from(stringifyJson([record]).slice(1, -1)),
    kind: kindOf(record),
    records: 1,
    endsLine: i === records.length - 1,
  }));
}

function parsed(bytes: Buffer): Json | undefined {
  try {
    return parseJson(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function kindOf(value: Json): Item['kind'] {
  return typeof fieldOf(value, 'category') === 'string' ? 'streamed record' : 'envelope';
}

/** The names of envelope fields come in any case. */
function fieldOf(value: Json, name: string): Json | undefined {
  return isObject(value) ? Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1] : undefined;
}
