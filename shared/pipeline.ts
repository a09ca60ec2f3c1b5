import { Books, type Tally } from './books';
import { type DefenderRecord, readMessage, type Unreadable } from './defender/envelope';
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
  /** Milliseconds for all chunks of the batch; past that it is given up, to come again. */
  readonly budgetMs: number;
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

/**
 * The pure half: bytes to rows and dead letters. Counts what came in and what is settled here: skipped records and
 * duplicates. `table` names the table of bare rows.
 */
export function transformBatch(
  batch: Batch,
  settings: TransformSettings,
  books: Books,
  table?: string,
): TransformedBatch {
  const rows: string[] = [];
  const letters: DeadLetter[] = [];
  const seen = new Set<string>();
  for (const message of batch.messages) {
    const bytes = bytesOf(message.body);
    books.message(bytes.length);
    for (const part of readMessage(message.body, { table })) {
      books.received();
      const fate = part.kind === 'record' ? fateOf(part, settings, books) : deadOf(part);
      if (fate.kind === 'skipped') books.skipped(fate.key);
      else if (fate.kind === 'dead') {
        const id = `${batch.hub}/${batch.partition}/${message.sequenceNumber}/${part.index}`;
        const from = part.kind === 'record' ? part.table : undefined;
        letters.push({
          id,
          reason: fate.reason,
          step: fate.step,
          error: fate.error,
          table: from,
          ...contentOf(part, bytes),
        });
      } else if (seen.has(fate.uid)) books.duplicate();
      else {
        seen.add(fate.uid);
        rows.push(fate.row);
      }
    }
  }
  return { rows, letters };
}

type Fate =
  | { readonly kind: 'row'; readonly row: string; readonly uid: string }
  | { readonly kind: 'skipped'; readonly key: string }
  | { readonly kind: 'dead'; readonly reason: string; readonly step: string; readonly error: string };

function fateOf(record: DefenderRecord, settings: TransformSettings, books: Books): Fate {
  try {
    const transformed = transform(record, settings);
    if (transformed.kind === 'dead') return { ...transformed, step: 'transform' };
    if (transformed.kind === 'skipped') return transformed;
    for (const name of transformed.news) books.newInSchema(name);
    const row = stringifyJson(transformed.row);
    const bytes = bytesAlone(row);
    if (bytes <= maxChunkBytes) return { kind: 'row', row, uid: transformed.row.EventUid ?? row };
    const error = `The row takes ${bytes} bytes; one call takes at most ${maxChunkBytes}.`;
    return { kind: 'dead', reason: 'RowTooLarge', step: 'chunks', error };
  } catch (error) {
    // A fault of ours must not stop the partition: this record is set aside, the others go on.
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: 'dead', reason: 'InternalError', step: 'transform', error: text };
  }
}

function deadOf({ reason, error }: Unreadable): Fate {
  return { kind: 'dead', reason, step: 'envelope', error };
}

async function deliver(
  chunks: readonly Chunk[],
  { sender, ruleId, limit, budgetMs }: Destinations,
  books: Books,
): Promise<void> {
  const signal = AbortSignal.timeout(budgetMs);
  const results = await Promise.allSettled(
    chunks.map((chunk) =>
      limit(async () => {
        const { bytesSent } = await sender.send(chunk, ruleId, signal);
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
function contentOf(part: DefenderRecord | Unreadable, message: Uint8Array): Pick<DeadLetter, 'scope' | 'body'> {
  const content: Json | undefined = part.kind === 'record' ? part.original : part.part;
  if (content === undefined) return { scope: 'message', body: message };
  try {
    const text = typeof content === 'string' ? content : stringifyJson({ content }).slice('{"content":'.length, -1);
    return { scope: 'record', body: Buffer.from(text) };
  } catch {
    return { scope: 'message', body: message };
  }
}
