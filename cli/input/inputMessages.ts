import type { Message } from '../../shared/transformBatch';
import { csvDelimiter, csvMessages } from './csv';
import { InputError } from './inputFile';
import { peek, plainBytes } from './plainBytes';
import type { DateOrder } from './portalTime';
import { asSent } from './queryRows';

/** A message of a file. */
export interface InputMessage extends Message {
  /** The number of its first line. */
  readonly sequenceNumber: string;
  readonly body: Buffer;
  /** One row of a table that has many: it may share a message with others. */
  readonly isRow: boolean;
}

export interface InputOptions {
  /** The table of rows that do not name theirs. */
  readonly table?: string | undefined;
  /** How dates such as 05/12/2026 are meant. */
  readonly dates?: DateOrder | undefined;
  /** Takes what a person should know about the file. */
  readonly note?: (line: string) => void;
  /** The most bytes that one document, line or row may take. */
  readonly limit?: number;
}

/** Many times what an event hub takes as one message. */
const maxBytes = 64 * 1024 * 1024;
/** The first line of a CSV export has the names of a few dozen columns. */
const maxHeading = 64 * 1024;
const newline = 0x0a;

/**
 * The messages of a file, each with the number of its first line, whatever the form: JSON, a document or one a line;
 * the answer of a query; the CSV export of the portal; each also as UTF-16 with its mark, and packed by gzip. Rows of queries
 * become records of the streaming API; everything else keeps its bytes.
 * A file whose first line is JSON holds one message a line, and is read line by line. Any other one is read whole: as one
 * document where it parses (pretty-printed JSON), else again as one message a line. Blank lines are no messages; an empty
 * file is one empty message.
 * @throws InputError for what is too large to be a message, and for rows whose table or dates nobody names.
 */
export async function* messagesOf(
  stored: AsyncIterable<Uint8Array>,
  { table, dates, note = () => undefined, limit = maxBytes }: InputOptions = {},
): AsyncGenerator<InputMessage, void, undefined> {
  const { start, all } = await peek(plainBytes(stored), (bytes) => hasFirstLine(bytes) || bytes.length > maxHeading);
  const delimiter = csvDelimiter(firstLine(start));
  if (delimiter !== undefined) yield* csvMessages(all, delimiter, { table, dates, note, limit });
  else for await (const message of jsonMessages(all, limit)) yield { ...message, body: asSent(message.body, table) };
}

function hasFirstLine(bytes: Buffer): boolean {
  const first = bytes.findIndex((byte) => !isSpace(byte));
  return first >= 0 && bytes.includes(newline, first);
}

function firstLine(start: Buffer): string {
  return start.toString('utf8').trimStart().split(/\r?\n/, 1)[0] ?? '';
}

async function* jsonMessages(
  bytes: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<InputMessage, void, undefined> {
  const lines = messageLines(bytes, limit);
  const first = await lines.next();
  if (first.done === true) {
    yield messageOf({ number: 1, bytes: Buffer.alloc(0) });
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
      throw new InputError(
        `Line ${first.value.number} is no JSON, so the file would have to be one document, but it is larger than ${limit} bytes. Write one message a line.`,
      );
    }
    all.push(line);
  }
  const whole = Buffer.concat(all.flatMap((line) => [line.bytes, Buffer.of(newline)]));
  const isDocument = isJson(whole) || !all.some((line) => isContainer(line.bytes));
  yield* isDocument ? [messageOf({ number: first.value.number, bytes: whole })] : all.map(messageOf);
}

interface Line {
  /** From 1. */
  readonly number: number;
  readonly bytes: Buffer;
}

function messageOf({ number, bytes }: Line): InputMessage {
  return { sequenceNumber: String(number), body: bytes, isRow: false };
}

/** The lines that are not blank. Splits at line feeds only: other line separators may stand inside JSON text. */
async function* messageLines(bytes: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Line, void, undefined> {
  let number = 1;
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
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
      throw new InputError(`Line ${number} is longer than ${limit} bytes; no message is. Write one message a line.`);
    }
    // A copy: the chunk's memory may be used again.
    if (rest.length > 0) parts.push(Buffer.from(rest));
  }
  const line = { number, bytes: Buffer.concat(parts) };
  if (!isBlank(line.bytes)) yield line;
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every(isSpace);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
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
