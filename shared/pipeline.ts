import { Books, type Tally } from './books';
import { readMessage } from './defender/envelope';
import type { DeadLetter, DeadLetters } from './delivery/deadLetters';
import type { Sender } from './delivery/sender';
import { type Json, stringifyJson } from './json';
import { bytesAlone, type Chunk, maxChunkBytes, packChunks } from './sessions/chunks';
import type { TransformSettings } from './transform/settings';
import { transform } from './transform/transform';

/** What one invocation of the trigger brings: messages of one partition, in their order. */
export interface Batch {
  readonly hub: string;
  readonly partition: string;
  readonly messages: readonly Message[];
}

export interface Message {
  readonly sequenceNumber: string;
  /** The body as it came, normally bytes. */
  readonly body: unknown;
}

/** Where a batch goes. */
export interface Destinations {
  readonly sender: Sender;
  /** The rule for this batch's partition. */
  readonly ruleId: string;
  readonly deadLetters: DeadLetters;
  /** Runs a task when the instance has room for one more chunk in flight. */
  readonly limit: <T>(task: () => Promise<T>) => Promise<T>;
}

/**
 * The way of a batch: envelope, transform, chunks, delivery, books. It ends only when every record is settled.
 * @throws when anything could not be delivered: the whole batch is then to be given again.
 */
export async function settle(batch: Batch, settings: TransformSettings, destinations: Destinations): Promise<Tally> {
  const books = new Books();
  const { rows, letters } = transformBatch(batch, settings, books);
  await deliver([...packChunks(rows)], destinations, books);
  await destinations.deadLetters.write(letters);
  for (const letter of letters) books.deadLettered(letter.reason);
  return books.tally();
}

export interface TransformedBatch {
  /** One JSON text a row. */
  readonly rows: readonly string[];
  readonly letters: readonly DeadLetter[];
}

/** The pure half: bytes to rows. Counts what it settles: skipped records and duplicates. */
export function transformBatch(
  batch: Batch,
  settings: TransformSettings,
  books: Books,
  table?: string,
): TransformedBatch {
  const rows: string[] = [];
  const letters: DeadLetter[] = [];
  const seen = new Set<string>();
  for (const { body, sequenceNumber } of batch.messages) {
    const bytes = bytesOf(body);
    books.message(bytes.length);
    for (const part of readMessage(body, { table })) {
      books.received();
      const reject = (reason: string, step: string, error: string, content: Json | undefined): void => {
        const id = `${batch.hub}/${batch.partition}/${sequenceNumber}/${part.index}`;
        const from = part.kind === 'record' ? part.table : undefined;
        letters.push({ id, reason, step, error, table: from, ...contentOf(content, bytes) });
      };
      if (part.kind === 'unreadable') {
        reject(part.reason, 'envelope', part.error, part.part);
        continue;
      }
      try {
        const result = transform(part, settings);
        if (result.kind === 'skipped') books.skipped(result.key);
        else if (result.kind === 'dead') reject(result.reason, 'transform', result.error, part.original);
        else {
          for (const name of result.news) books.newInSchema(name);
          const uid = result.row.EventUid ?? '';
          const row = stringifyJson(result.row);
          if (seen.has(uid)) books.duplicate();
          else if (bytesAlone(row) > maxChunkBytes)
            reject('RowTooLarge', 'chunks', `The row takes ${bytesAlone(row)} bytes.`, part.original);
          else {
            seen.add(uid);
            rows.push(row);
          }
        }
      } catch (error) {
        // A fault of ours must not stop the partition: this record is set aside, the others go on.
        reject(
          'InternalError',
          'transform',
          error instanceof Error ? (error.stack ?? error.message) : String(error),
          part.original,
        );
      }
    }
  }
  return { rows, letters };
}

async function deliver(chunks: readonly Chunk[], { sender, ruleId, limit }: Destinations, books: Books): Promise<void> {
  const results = await Promise.allSettled(
    chunks.map((chunk) =>
      limit(async () => {
        const { bytesSent } = await sender.send(chunk, ruleId);
        books.sent(chunk.rows, chunk.body.length, bytesSent);
      }),
    ),
  );
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (errors.length > 0) {
    throw new AggregateError(
      errors,
      `${errors.length} of ${chunks.length} chunks were not accepted. First: ${String(errors[0])}`,
    );
  }
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  if (body === null || body === undefined) return Buffer.alloc(0);
  return Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
}

/** The record alone where it can be written down again, else the whole message. */
function contentOf(content: Json | undefined, message: Uint8Array): Pick<DeadLetter, 'scope' | 'body'> {
  if (content === undefined) return { scope: 'message', body: message };
  try {
    const text = typeof content === 'string' ? content : stringifyJson({ content }).slice('{"content":'.length, -1);
    return { scope: 'record', body: Buffer.from(text) };
  } catch {
    return { scope: 'message', body: message };
  }
}
