import type { Message } from '../../shared/transformBatch';
import { UsageError } from '../exit';

/** The most that one document or one line may take: many times what an event hub takes as one message. */
const maxBytes = 64 * 1024 * 1024;
const newline = 0x0a;

/**
 * The messages of a file, each with the number of its first line. A file whose first line is JSON holds one message a
 * line, and is read line by line. Any other one is read whole: as one document where it parses (pretty-printed JSON), else
 * again as one message a line. Blank lines are no messages; an empty file is one empty message.
 * @throws UsageError for text that is not UTF-8 and for what is too large to be a message.
 */
export async function* messagesOf(
  bytes: AsyncIterable<Uint8Array>,
  limit: number = maxBytes,
): AsyncGenerator<Message, void, undefined> {
  const lines = messageLines(bytes, limit);
  const first = await lines.next();
  if (first.done === true) {
    yield { sequenceNumber: '1', body: Buffer.alloc(0) };
    return;
  }
  if (isJson(first.value.bytes)) {
    yield messageOf(first.value);
    for await (const line of lines) yield messageOf(line);
    return;
  }
  const all = [first.value];
  let size = first.value.bytes.length;
  for await (const line of lines) {
    size += line.bytes.length + 1;
    if (size > limit) {
      throw new UsageError(
        `Line ${first.value.number} is no JSON, so the file would have to be one document, but it is larger than ${limit} bytes. Write one message a line.`,
      );
    }
    all.push(line);
  }
  const whole = Buffer.concat(all.flatMap((line) => [line.bytes, Buffer.of(newline)]));
  const isDocument = isJson(whole) || !all.some((line) => isContainer(line.bytes));
  yield* isDocument ? [{ sequenceNumber: String(first.value.number), body: whole }] : all.map(messageOf);
}

/** Groups messages as the trigger does, so that an event that comes twice is seen. */
export async function* batched(
  messages: AsyncIterable<Message>,
  most = 256,
  mostBytes = 8 * 1024 * 1024,
): AsyncGenerator<Message[], void, undefined> {
  let batch: Message[] = [];
  let size = 0;
  for await (const message of messages) {
    batch.push(message);
    size += message.body instanceof Uint8Array ? message.body.length : 0;
    if (batch.length < most && size < mostBytes) continue;
    yield batch;
    batch = [];
    size = 0;
  }
  if (batch.length > 0) yield batch;
}

interface Line {
  /** From 1. */
  readonly number: number;
  readonly bytes: Buffer;
}

function messageOf({ number, bytes }: Line): Message {
  return { sequenceNumber: String(number), body: bytes };
}

/** The lines that are not blank. Splits at line feeds only: other line separators may stand inside JSON text. */
async function* messageLines(bytes: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Line, void, undefined> {
  let number = 1;
  let parts: Buffer[] = [];
  let size = 0;
  let isStart = true;
  for await (const chunk of bytes) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (isStart) refuseUtf16(buffer);
    isStart = false;
    let from = 0;
    for (let at = buffer.indexOf(newline); at >= 0; at = buffer.indexOf(newline, from)) {
      const line = { number, bytes: Buffer.concat([...parts, buffer.subarray(from, at)]) };
      if (!isBlank(line.bytes)) yield line;
      number++;
      parts = [];
      size = 0;
      from = at + 1;
    }
    const rest = buffer.subarray(from);
    size += rest.length;
    if (size > limit) {
      throw new UsageError(`Line ${number} is longer than ${limit} bytes; no message is. Write one message a line.`);
    }
    // A copy: the chunk's memory may be used again.
    if (rest.length > 0) parts.push(Buffer.from(rest));
  }
  const line = { number, bytes: Buffer.concat(parts) };
  if (!isBlank(line.bytes)) yield line;
}

function refuseUtf16(start: Buffer): void {
  const mark = start.length >= 2 ? start.readUInt16BE(0) : 0;
  if (mark !== 0xfffe && mark !== 0xfeff) return;
  throw new UsageError('The file is UTF-16 (as Windows PowerShell writes it with ">"). Save it as UTF-8.');
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

/** Removes a byte order mark. */
const utf8 = new TextDecoder();

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

function isJson(bytes: Buffer): boolean {
  return parsed(bytes) !== undefined;
}

function isContainer(bytes: Buffer): boolean {
  const value = parsed(bytes);
  return typeof value === 'object' && value !== null;
}
