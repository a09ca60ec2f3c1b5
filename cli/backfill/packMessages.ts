import { isObject, type Json, type JsonObject, parseJson, stringifyJson } from '../../shared/json';
import type { Message } from '../../shared/transformBatch';

/** Of the 1,048,576 bytes of an event; Defender's own messages are about as large. */
export const maxMessageBytes = 900_000;

/** A message to publish. */
export interface Packed {
  readonly body: Buffer;
  readonly records: number;
  /** The last line of the file that is wholly in this message or an earlier one. */
  readonly line: number;
  /** The body is one line that is no JSON. */
  readonly isNoJson: boolean;
}

/** One line, or one record of a document that is too large to be one message. */
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
 * Makes messages of the lines of a file, in their order. Records as the storage export has them (objects with `category`)
 * share envelopes, byte for byte as they stand; anything else is a message of its own. Lines up to `after` are passed over.
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
    for (const item of itemsOf(message, maxBytes)) {
      const { bytes, kind, records } = item;
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

function itemsOf({ sequenceNumber, body }: Message, maxBytes: number): Iterable<Item> {
  if (!Buffer.isBuffer(body) || body.length === 0) return [];
  const line = Number(sequenceNumber);
  const value = parsed(body);
  const whole = { bytes: body, line, endsLine: true };
  if (value === undefined) return [{ ...whole, kind: 'no JSON', records: 1 }];
  const records = recordsOf(value);
  if (records === undefined) return [{ ...whole, kind: kindOf(value), records: 1 }];
  if (body.length <= maxBytes) return [{ ...whole, kind: 'envelope', records: records.length }];
  return singleRecords(records, line);
}

function* singleRecords(records: readonly Json[], line: number): Generator<Item, void, undefined> {
  for (const [i, record] of records.entries()) {
    const bytes = Buffer.from(textOf(record));
    yield { bytes, kind: kindOf(record), records: 1, line, endsLine: i === records.length - 1 };
  }
}

function parsed(bytes: Buffer): Json | undefined {
  try {
    return parseJson(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function recordsOf(value: Json): Json[] | undefined {
  if (Array.isArray(value)) return value;
  const records = isObject(value) ? fieldOf(value, 'records') : undefined;
  return Array.isArray(records) ? records : undefined;
}

function kindOf(value: Json): Item['kind'] {
  return isObject(value) && typeof fieldOf(value, 'category') === 'string' ? 'streamed record' : 'envelope';
}

/** Envelope fields come in any case. */
function fieldOf(value: JsonObject, name: string): Json | undefined {
  const key = Object.keys(value).find((one) => one.toLowerCase() === name);
  return key === undefined ? undefined : value[key];
}

function textOf(value: Json): string {
  return stringifyJson([value]).slice(1, -1);
}
