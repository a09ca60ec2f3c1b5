import { generateStream } from 'defender-samples';
import { total } from '../../shared/books';
import { pack } from '../backfill/packMessages';
import type { FeedMessage } from '../emulators/publish';
import { aboutFile, fileBytes, InputError } from '../input/inputFile';
import { type InputMessage, type InputOptions, messagesOf } from '../input/inputMessages';

/** What is known of the messages before the app has seen them. */
export interface Produced {
  messages: number;
  /** How many records there will be; undefined where that is not known beforehand. */
  readonly records: number | undefined;
  /** What the books must say; undefined where only the app knows. */
  expected: Expected | undefined;
  /** The first message, of which one record is printed before and after the mapping. */
  first: Uint8Array | undefined;
}

export interface Expected {
  received: number;
  sent: number;
  skipped: number;
  deadLettered: number;
  duplicates: number;
}

export interface Source {
  readonly messages: AsyncIterable<FeedMessage> | Iterable<FeedMessage>;
  readonly produced: Produced;
}

/** Generated events; the generator knows the expected result of each. */
export function generatedSource(records: number, seed: number, end: Date): Source {
  const expected: Expected = { received: 0, sent: 0, skipped: 0, deadLettered: 0, duplicates: 0 };
  const produced: Produced = { messages: 0, records, expected, first: undefined };
  function* messages(): Generator<FeedMessage> {
    for (const message of generateStream({ records, seed, end })) {
      const { received, rows, skipped, dead, duplicates } = message.expected;
      produced.messages++;
      produced.first ??= message.body;
      expected.received += received;
      expected.sent += rows;
      expected.skipped += total(skipped);
      expected.deadLettered += total(dead);
      expected.duplicates += duplicates;
      yield message;
    }
  }
  return { messages: messages(), produced };
}

/** The size of an event in a Standard namespace, less what AMQP adds. */
const maxMessageBytes = 1_048_576 - 1024;
/** Rows share events of this size, about as many as in Defender's own. */
const rowsTogether = 200_000;

/**
 * The messages of a file, or of standard input for `-`.
 * @throws UsageError at once when its start cannot be read, while iterating when a later part cannot.
 */
export async function fileSource(file: string, options: InputOptions): Promise<Source> {
  const produced: Produced = { messages: 0, records: undefined, expected: undefined, first: undefined };
  async function* messages(): AsyncGenerator<FeedMessage> {
    try {
      for await (const { body, line } of fitting(messagesOf(fileBytes(file), options))) {
        if (body.length > maxMessageBytes) {
          throw new InputError(
            `line ${line}: ${body.length} bytes; one event takes at most ${maxMessageBytes}. Split the message.`,
          );
        }
        if (body.length === 0) throw new InputError('it is empty.');
        produced.messages++;
        produced.first ??= body;
        yield { body };
      }
    } catch (error) {
      throw aboutFile(file, error);
    }
  }
  // Read the first message now, so that a wrong file is reported before anything is started.
  const events = messages();
  const first = await events.next();
  async function* all(): AsyncGenerator<FeedMessage> {
    if (first.done !== true) yield first.value;
    yield* events;
  }
  return { messages: all(), produced };
}

/** A message of the file is one event; rows share events, and a document that is too large for one event is split. */
async function* fitting(
  messages: AsyncIterable<InputMessage>,
): AsyncGenerator<{ readonly body: Buffer; readonly line: string | number }, void, undefined> {
  let rows: InputMessage[] = [];
  let size = 0;
  for await (const message of messages) {
    const { body, isRow, sequenceNumber: line } = message;
    if (isRow) {
      rows.push(message);
      size += body.length;
      if (size < rowsTogether) continue;
    }
    yield* pack(rows);
    rows = [];
    size = 0;
    if (isRow) continue;
    if (body.length <= maxMessageBytes) yield { body, line };
    else yield* pack([message]);
  }
  yield* pack(rows);
}
