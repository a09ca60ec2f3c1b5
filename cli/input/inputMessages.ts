import { parsedJson } from '../common/parsedJson';
import { csvDelimiter, csvMessages } from './csv';
import { InputError } from './inputFile';
import type { InputMessage } from './inputMessage';
import { peek, plainBytes } from './plainBytes';
import type { DateOrder } from './portalTime';
import { asSent } from './queryRows';

export type { InputMessage } from './inputMessage';

export interface InputOptions {
  /** The table to assume for records without a table name. */
  readonly table?: string | undefined;
  /** What dates such as 05/12/2026 mean. */
  readonly dates?: DateOrder | undefined;
  /** Takes what a person should know about the file. */
  readonly note?: (line: string) => void;
  /** The most bytes that one document, line or row may have. */
  readonly limit?: number;
}

/** Many times the size of an event. */
const maxBytes = 64 * 1024 * 1024;
/** The first line of a CSV export has the names of a few dozen columns. */
const maxHeading = 64 * 1024;
const newline = 0x0a;

/**
 * The messages of a file, each with the number of its first line. The file may be JSON, one document or one per line; the
 * answer of a query; or the CSV export of the portal; each also as UTF-16 with a byte order mark, and compressed with gzip.
 * Rows of queries become records of the streaming API; everything else keeps its bytes.
 * A file whose first line is JSON holds one message per line and is read line by line. Any other file is read whole: as one
 * document if it parses (pretty-printed JSON), otherwise as one message per line. Blank lines are skipped; an empty file is
 * one empty message.
 * @throws InputError for what is too large to be a message, and for rows without a table or with ambiguous dates.
 */
export async function* messagesOf(
  stored: AsyncIterable<Uint8Array>,
  { table, dates, note = () => undefined, limit = maxBytes }: InputOptions = {},
): AsyncGenerator<InputMessage, void, undefined> {
  const { start, all } = await peek(plainBytes(stored), (bytes) => hasFirstLine(bytes) || bytes.length > maxHeading);
  const delimiter = csvDelimiter(start.toString('utf8').trimStart().split(/\r?\n/, 1)[0] ?? '');
  if (delimiter !== undefined) yield* csvMessages(all, delimiter, { table, dates, note, limit });
  else {
    const guessed = new Set<string>();
    const onGuess = (guess: string): void => {
      if (!guessed.has(guess))
        note(`Records that name no table are taken for ${guess}, which alone has their action type.`);
      guessed.add(guess);
    };
    for await (const message of jsonMessages(all, limit))
      yield { ...message, body: asSent(message.body, table, onGuess) };
  }
}

function hasFirstLine(bytes: Buffer): boolean {
  const first = bytes.findIndex((byte) => !isSpace(byte));
  return first >= 0 && bytes.includes(newline, first);
}

async function* jsonMessages(
  bytes: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<InputMessage, void, undefined> {
  const lines = messageLines(bytes, limit);
  const first = await lines.next();
  if (first.done === true) {
    yield inputMessage(1, Buffer.alloc(0));
    return;
  }
  const { sequenceNumber, body } = first.value;
  if (parsedJson(body) !== undefined) {
    yield first.value;
    yield* lines;
    return;
  }
  const all = [first.value];
  let size = body.length;
  for await (const line of lines) {
    size += line.body.length + 1;
    if (size > limit) {
      throw new InputError(
        `line ${sequenceNumber} is not JSON, so the file must be one document, but it is larger than ${limit} bytes. Write one message per line.`,
      );
    }
    all.push(line);
  }
  const whole = Buffer.concat(all.flatMap((line) => [line.body, Buffer.of(newline)]));
  const isDocument = parsedJson(whole) !== undefined || !all.some((line) => isContainer(line.body));
  yield* isDocument ? [inputMessage(Number(sequenceNumber), whole)] : all;
}

function inputMessage(line: number, body: Buffer): InputMessage {
  return { sequenceNumber: String(line), body, isRow: false };
}

/** The lines that are not blank. Splits at line feeds only: JSON text may hold other line separators. */
async function* messageLines(
  bytes: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<InputMessage, void, undefined> {
  let number = 1;
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let at = buffer.indexOf(newline); at >= 0; at = buffer.indexOf(newline, from)) {
      const line = Buffer.concat([...parts, buffer.subarray(from, at)]);
      if (!line.every(isSpace)) yield inputMessage(number, line);
      number++;
      parts = [];
      size = 0;
      from = at + 1;
    }
    const rest = buffer.subarray(from);
    size += rest.length;
    if (size > limit)
      throw new InputError(
        `line ${number} is longer than ${limit} bytes, the most that a message can have. Write one message per line.`,
      );
    // A copy, because the chunk's memory may be reused.
    if (rest.length > 0) parts.push(Buffer.from(rest));
  }
  const line = Buffer.concat(parts);
  if (!line.every(isSpace)) yield inputMessage(number, line);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

function isContainer(bytes: Buffer): boolean {
  const value = parsedJson(bytes);
  return typeof value === 'object' && value !== null;
}
