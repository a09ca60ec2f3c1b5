import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Batch, Message } from './batch';
import type { Books } from './books';
import { readMessage } from './defender/envelope';
import type { DefenderRecord, Unreadable } from './defender/parts';
import type { DeadLetter } from './delivery/deadLetters';
import { stringifyJson } from './json';
import { bytesAlone, maxChunkBytes } from './sessions/chunks';
import type { TransformSettings } from './transform/settings';
import { slimRow } from './transform/slimRow';
import { transform } from './transform/transform';

/** A row ready to be sent. */
export interface TransformedRow {
  /** JSON text. */
  readonly text: string;
  readonly uid: string;
  /** `hub/partition/sequence number/record index` of its record. */
  readonly position: string;
  /** Where its record stands. */
  readonly message: Message;
  readonly index: number;
  /** The table of its record. */
  readonly table: string;
}

/** Why a record is set aside. */
export interface Why {
  readonly reason: string;
  readonly step: string;
  readonly error: string;
}

export interface TransformedBatch {
  readonly rows: readonly TransformedRow[];
  readonly letters: readonly DeadLetter[];
}

export interface TransformBatchOptions {
  /** The table of bare rows. */
  readonly table?: string | undefined;
  /** The position of the record whose row was accepted under this EventUid before; undefined when there is none. */
  readonly acceptedAt?: (uid: string) => string | undefined;
}

/** A record that becomes a dead letter. */
interface Dead {
  readonly part: DefenderRecord | Unreadable;
  readonly why: Why;
}

/** More dead records of one message than this have one dead letter, the message: a megabyte holds half a million numbers. */
const maxLettersOfMessage = 1000;

/**
 * The pure half of the pipeline: bytes to rows and dead letters. Counts what came in and what is settled here: skipped
 * records and duplicates. Other work gets its turn between two messages.
 */
export async function transformBatch(
  batch: Batch,
  settings: TransformSettings,
  books: Books,
  { table, acceptedAt = () => undefined }: TransformBatchOptions = {},
): Promise<TransformedBatch> {
  const rows: TransformedRow[] = [];
  const letters: DeadLetter[] = [];
  const seen = new Set<string>();
  for (const message of batch.messages) {
    await nextTurn();
    const dead: Dead[] = [];
    books.message(bytesOf(message.body).length);
    for (const part of readMessage(message.body, { table })) {
      books.received();
      if (part.kind === 'record' && part.isRepaired) books.repaired();
      const fate = part.kind === 'record' ? fateOf(part, settings, books) : deadOf(part);
      if (fate.kind === 'skipped') {
        books.count('skipped', { table: tableOf(part), reason: fate.key === tableOf(part) ? '' : fate.key });
      } else if (fate.kind === 'dead') dead.push({ part, why: fate });
      else {
        const position = positionOf(batch, message, part);
        const earlier = acceptedAt(fate.uid);
        if (seen.has(fate.uid) || (earlier !== undefined && earlier !== position)) {
          books.count('duplicates', { table: tableOf(part) });
          continue;
        }
        seen.add(fate.uid);
        rows.push({ text: fate.text, uid: fate.uid, position, message, index: part.index, table: tableOf(part) ?? '' });
      }
    }
    letters.push(...lettersOf(batch, message, dead));
  }
  return { rows, letters };
}

/** A letter for each, or one for all. */
function lettersOf(batch: Batch, message: Message, dead: readonly Dead[]): DeadLetter[] {
  const [first] = dead;
  if (first === undefined || dead.length <= maxLettersOfMessage) {
    return dead.map(({ part, why }) => letterOf(batch, message, part, why));
  }
  const { part, why } = first;
  const error = `${dead.length} records of this message are no rows. The first: ${why.error}`;
  const body = bytesOf(message.body);
  const table = tableOf(part);
  const id = positionOf(batch, message, part);
  return [{ ...why, id, error, table, scope: 'message', body, records: dead.length }];
}

/**
 * The dead letters of rows that were refused. Each message is read again, once, so that no parsed record stays in memory
 * while its row is on the way.
 */
export function refusedLetters(batch: Batch, refused: ReadonlyMap<TransformedRow, Why>): DeadLetter[] {
  const byMessage = new Map<Message, Map<number, Why>>();
  for (const [{ message, index }, why] of refused) {
    const known = byMessage.get(message);
    if (known === undefined) byMessage.set(message, new Map([[index, why]]));
    else known.set(index, why);
  }
  return Array.from(byMessage, ([message, whys]) =>
    readMessage(message.body).flatMap((part) => {
      const why = whys.get(part.index);
      return why === undefined ? [] : [letterOf(batch, message, part, why)];
    }),
  ).flat();
}

function letterOf(
  batch: Batch,
  message: Message,
  part: DefenderRecord | Unreadable,
  { reason, step, error }: Why,
): DeadLetter {
  return {
    id: positionOf(batch, message, part),
    reason,
    step,
    error,
    table: tableOf(part),
    ...contentOf(part, bytesOf(message.body)),
  };
}

function tableOf(part: DefenderRecord | Unreadable): string | undefined {
  return part.kind === 'record' ? part.table : undefined;
}

/** The same for every attempt: dead letters are known by it, and rows that were accepted before. */
function positionOf(
  { hub, partition }: Batch,
  { sequenceNumber }: Message,
  { index }: { readonly index: number },
): string {
  return `${hub}/${partition}/${sequenceNumber}/${index}`;
}

type Fate =
  | { readonly kind: 'row'; readonly text: string; readonly uid: string }
  | { readonly kind: 'skipped'; readonly key: string }
  | ({ readonly kind: 'dead' } & Why);

function fateOf(record: DefenderRecord, settings: TransformSettings, books: Books): Fate {
  try {
    const transformed = transform(record, settings);
    if (transformed.kind === 'dead') return { ...transformed, step: 'transform' };
    if (transformed.kind === 'skipped') return transformed;
    for (const name of transformed.news) books.newInSchema(name);
    for (const column of transformed.unreadable) books.unreadable(column);
    const whole = stringifyJson(transformed.row);
    const text = bytesAlone(whole) <= maxChunkBytes ? whole : slimRow(whole, maxChunkBytes - 2);
    if (bytesAlone(text) <= maxChunkBytes) return { kind: 'row', text, uid: transformed.row.EventUid ?? text };
    const error = `The row takes ${bytesAlone(text)} bytes; one call takes at most ${maxChunkBytes}.`;
    return { kind: 'dead', reason: 'RowTooLarge', step: 'chunks', error };
  } catch (error) {
    // A fault of ours must not stop the partition: this record is set aside, the others go on.
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: 'dead', reason: 'InternalError', step: 'transform', error: stack };
  }
}

function deadOf({ reason, error }: Unreadable): Fate {
  return { kind: 'dead', reason, step: 'envelope', error };
}

/** The body's bytes. Somebody may have parsed it on the way, into something that no text can say. */
function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  if (body === null || body === undefined) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  try {
    return Buffer.from(JSON.stringify(body) ?? '');
  } catch {
    return Buffer.alloc(0);
  }
}

/** The record or the stretch alone, with numbers as the source spelt them; the whole message where that is not possible. */
function contentOf(part: DefenderRecord | Unreadable, message: Uint8Array): Pick<DeadLetter, 'scope' | 'body'> {
  try {
    const body = part.kind === 'record' ? Buffer.from(part.original()) : part.bytes?.();
    if (body !== undefined) return { scope: 'record', body };
  } catch {
    // What cannot be written down again is kept as it came.
  }
  return { scope: 'message', body: message };
}
