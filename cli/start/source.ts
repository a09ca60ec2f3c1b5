import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { FeedMessage } from '../../local/feed';
import { generateStream } from '../../local/stream';
import { UsageError } from '../exit';

/** What the source knows about its messages before the app has seen them. */
export interface Produced {
  messages: number;
  /** What the books must say; undefined where only the app can tell. */
  expected: Expected | undefined;
  /** The first message, for the picture of before and after. */
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

/** Generated events: what becomes of each is known from how it was made. */
export function generatedSource(records: number, seed: number, end: Date): Source {
  const expected: Expected = { received: 0, sent: 0, skipped: 0, deadLettered: 0, duplicates: 0 };
  const produced: Produced = { messages: 0, expected, first: undefined };
  function* messages(): Generator<FeedMessage> {
    for (const message of generateStream({ records, seed, end })) {
      produced.messages++;
      produced.first ??= message.body;
      expected.received += message.expected.received;
      expected.sent += message.expected.rows;
      expected.skipped += sum(message.expected.skipped);
      expected.deadLettered += sum(message.expected.dead);
      expected.duplicates += message.expected.duplicates;
      yield message;
    }
  }
  return { messages: messages(), produced };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** The most that one event takes in a Standard namespace, less what AMQP puts around it. */
const maxMessageBytes = 1_048_576 - 1024;

/** A file with one message a line. @throws UsageError when it cannot be read. */
export async function fileSource(file: string): Promise<Source> {
  const { size } = await stat(file).catch((error: unknown) => {
    throw new UsageError(
      `--input ${file}: cannot be read (${error instanceof Error ? error.message : String(error)}). Name a file with one message a line.`,
    );
  });
  if (size === 0) throw new UsageError(`--input ${file}: the file is empty. It should hold one message a line.`);
  const produced: Produced = { messages: 0, expected: undefined, first: undefined };
  async function* messages(): AsyncGenerator<FeedMessage> {
    let line = 0;
    for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      line++;
      if (text.trim() === '') continue;
      const body = Buffer.from(text);
      if (body.length > maxMessageBytes) {
        throw new UsageError(
          `--input ${file}, line ${line}: ${body.length} bytes; one event takes at most ${maxMessageBytes}. Split the message.`,
        );
      }
      produced.messages++;
      produced.first ??= body;
      yield { body };
    }
  }
  return { messages: messages(), produced };
}
