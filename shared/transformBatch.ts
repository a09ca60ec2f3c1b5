import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Batch, Message } from './batch';
import type { Books } from './books';
import type { DefenderRecord, Unreadable } from './defender/messageParts';
import { mapMessage, readMessage } from './defender/readMessage';
import type { DeadLetter } from './delivery/deadLetters';
import { bytesAlone, maxChunkBytes } from './sessions/chunks';
import type { Row } from './sessions/row';
import { Plans } from './transform/plans';
import type { RowRules, Ruling } from './transform/ruling';
import { slimRow } from './transform/slimRow';
import { type MappedRow, transformToText } from './transform/transform';
import type { TransformSettings } from './transform/transformSettings';

/** Why a record is dead-lettered. */
export interface Why {
  readonly reason: string;
  readonly step: string;
  readonly error: string;
}

export interface TransformedBatch {
  readonly rows: readonly Row[];
  readonly letters: readonly DeadLetter[];
}

export interface TransformBatchOptions {
  /** The table of rows that have no envelope. */
  readonly table?: string | undefined;
  /** Pass the same object for every batch: it saves time. */
  readonly plans?: Plans;
  /** The position of the record whose row was accepted earlier under this EventUid; undefined if there is none. */
  readonly acceptedAt?: (uid: string) => string | undefined;
  readonly rules?: RowRules | undefined;
  /** Called for each record on which a rule says something. */
  readonly onRuling?: (position: string, ruling: Ruling) => void;
}

/** A record that becomes a dead letter. */
interface Dead {
  readonly part: DefenderRecord | Unreadable;
  readonly why: Why;
}

/**
 * If more records of one message than this cannot become rows, the whole message becomes one dead letter: a megabyte can hold
 * half a million elements that are only numbers.
 */
const maxLettersOfMessage = 1000;

/**
 * Turns the bytes of a batch into rows and dead letters, without network calls. Counts the received, skipped and dropped
 * records and the duplicates. Lets other work run between two messages.
 */
export async function transformBatch(
  batch: Batch,
  settings: TransformSettings,
  books: Books,
  { table, plans = new Plans(), acceptedAt = () => undefined, rules, onRuling }: TransformBatchOptions = {},
): Promise<TransformedBatch> {
  const rows: Row[] = [];
  const letters: DeadLetter[] = [];
  const seen = new Set<string>();
  const map = (part: DefenderRecord | Unreadable): Mapped => ({
    index: part.index,
    isRepaired: part.kind === 'record' && part.isRepaired,
    table: tableOf(part),
    fate: part.kind === 'record' ? fateOf(part, settings, plans, rules) : deadOf(part),
  });
  for (const message of batch.messages) {
    await nextTurn();
    const dead: Dead[] = [];
    // The rows share this text, because their positions stay in memory long after the message.
    const prefix = positionOf(batch, message);
    books.message(bytesOf(message.body).length);
    for (const { index, isRepaired, table: of, fate } of mapMessage(message.body, map, { table })) {
      books.received();
      if (isRepaired) books.repaired();
      for (const one of fate.news ?? []) books.newInSchema(one);
      for (const column of fate.unreadable ?? []) books.unreadable(column);
      if (fate.ruling !== undefined) {
        books.ruled(fate.ruling);
        onRuling?.(`${prefix}${index}`, fate.ruling);
      }
      if (fate.kind === 'skipped') books.count('skipped', { table: of, reason: fate.key === of ? '' : fate.key });
      else if (fate.kind === 'dead') dead.push(fate);
      else if (fate.kind === 'dropped') books.count('dropped', { table: of, reason: fate.rule });
      else {
        const { text, uid, time } = fate;
        const position = `${prefix}${index}`;
        const earlier = acceptedAt(uid);
        if (seen.has(uid) || (earlier !== undefined && earlier !== position)) {
          books.count('duplicates', { table: of });
          continue;
        }
        seen.add(uid);
        rows.push({ text, uid, time, position, table: of ?? '' });
      }
    }
    letters.push(...lettersOf(batch, message, dead));
  }
  return { rows, letters };
}

/** One letter for each dead record, or a single one for the whole message if there are too many. */
function lettersOf(batch: Batch, message: Message, dead: readonly Dead[]): DeadLetter[] {
  const [first] = dead;
  if (first === undefined || dead.length <= maxLettersOfMessage) {
    return dead.map(({ part, why }) => letterOf(batch, message, part, why));
  }
  const { part, why } = first;
  const error = `${dead.length} records of this message cannot become rows. The first: ${why.error}`;
  const body = bytesOf(message.body);
  const table = tableOf(part);
  const id = positionOf(batch, message, part);
  return [{ ...why, id, error, table, scope: 'message', body, records: dead.length }];
}

/**
 * The dead letters of rows that the service rejects. Reads their messages again, so that no parsed record stays in memory
 * while its row is being sent.
 */
export function rejectedLetters(batch: Batch, rejected: ReadonlyMap<Row, Why>): DeadLetter[] {
  const whys = new Map(Array.from(rejected, ([{ position }, why]) => [position, why]));
  const messages = new Set(Array.from(whys.keys(), (position) => position.slice(0, position.lastIndexOf('/') + 1)));
  return batch.messages
    .filter((message) => messages.has(positionOf(batch, message)))
    .flatMap((message) =>
      readMessage(message.body).flatMap((part) => {
        const why = whys.get(positionOf(batch, message, part));
        return why === undefined ? [] : [letterOf(batch, message, part, why)];
      }),
    );
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

/** The position of a record. It identifies the row or dead letter at every attempt. Without `part`, the prefix of a message. */
function positionOf({ hub, partition }: Batch, { sequenceNumber }: Message, part?: { readonly index: number }): string {
  return `${hub}/${partition}/${sequenceNumber}/${part?.index ?? ''}`;
}

/** What the books and the delivery need of a part of a message. Holds the part itself only if it becomes a dead letter. */
interface Mapped {
  readonly index: number;
  readonly isRepaired: boolean;
  readonly table: string | undefined;
  readonly fate: Fate;
}

type Fate = Partial<Pick<MappedRow, 'news' | 'unreadable'>> & { readonly ruling?: Ruling | undefined } & (
    | ({ readonly kind: 'row' } & Pick<Row, 'text' | 'uid' | 'time'>)
    | { readonly kind: 'skipped'; readonly key: string }
    /** `text` is the row that it would have been. */
    | { readonly kind: 'dropped'; readonly rule: string; readonly text: string }
    | ({ readonly kind: 'dead' } & Dead)
  );

const notRuled: Partial<Ruling> = {};

function fateOf(part: DefenderRecord, settings: TransformSettings, plans: Plans, rules: RowRules | undefined): Fate {
  try {
    const transformed = transformToText(part, settings, plans, rules);
    if (transformed.kind === 'dead') return { kind: 'dead', part, why: { ...transformed, step: 'transform' } };
    if (transformed.kind === 'skipped') return transformed;
    const { droppedBy } = transformed.ruling ?? notRuled;
    if (droppedBy !== undefined) return { ...transformed, kind: 'dropped', rule: droppedBy };
    if (fitsIntoCall(transformed.text)) return transformed;
    const text = slimRow(transformed.text, maxChunkBytes - 2);
    if (fitsIntoCall(text)) return { ...transformed, text };
    const error = `The row takes ${bytesAlone(text)} bytes; one call takes at most ${maxChunkBytes}.`;
    const { news, unreadable, ruling } = transformed;
    return { kind: 'dead', part, why: { reason: 'RowTooLarge', step: 'chunks', error }, news, unreadable, ruling };
  } catch (error) {
    // A bug of this app must not stop the partition: only this record is dead-lettered.
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: 'dead', part, why: { reason: 'InternalError', step: 'transform', error: stack } };
  }
}

function fitsIntoCall(row: string): boolean {
  // A UTF-16 unit takes at most three bytes, so most rows need no exact measurement.
  return row.length * 3 + 2 <= maxChunkBytes || bytesAlone(row) <= maxChunkBytes;
}

function deadOf(part: Unreadable): Fate {
  const { reason, error } = part;
  return { kind: 'dead', part, why: { reason, step: 'envelope', error } };
}

/** The body's bytes; empty for a parsed body that JSON cannot express. */
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

/** The record or damaged range alone, with numbers as the source wrote them; the whole message if that fails. */
function contentOf(part: DefenderRecord | Unreadable, message: Uint8Array): Pick<DeadLetter, 'scope' | 'body'> {
  try {
    const body = part.kind === 'record' ? Buffer.from(part.original()) : part.bytes?.();
    if (body !== undefined) return { scope: 'record', body };
  } catch {
    // Keep the message as received.
  }
  return { scope: 'message', body: message };
}
