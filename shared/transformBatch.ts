import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Batch, Message } from './batch';
import type { Books } from './books';
import type { DefenderRecord, Unreadable } from './defender/messageParts';
import { mapMessage, readMessage } from './defender/readMessage';
import type { DeadLetter } from './delivery/deadLetters';
import { groupBy } from './groupBy';
import { type Dead, deadOf, type Fate, fateOf, fitted, type Why } from './recordFate';
import type { Row } from './sessions/row';
import { rowsPerMeasured } from './transform/columnSavings';
import { type FlowRow, mergeFlows } from './transform/mergeFlows';
import { Plans } from './transform/plans';
import type { RowRules, Ruling } from './transform/ruling';
import type { TransformSettings } from './transform/transformSettings';

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
  /** One row of how many shows what the settings about columns save; 1 is exact, and takes several times as long. */
  readonly measuredOneIn?: number;
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
  {
    table,
    plans = new Plans(),
    acceptedAt = () => undefined,
    measuredOneIn = rowsPerMeasured,
    rules,
    onRuling,
  }: TransformBatchOptions = {},
): Promise<TransformedBatch> {
  const rows: Row[] = [];
  const letters: DeadLetter[] = [];
  const seen = new Set<string>();
  const dropped = new Set<string>();
  const map = (part: DefenderRecord | Unreadable): Mapped => ({
    index: part.index,
    isRepaired: part.kind === 'record' && part.isRepaired,
    table: tableOf(part),
    fate: part.kind === 'record' ? fateOf(part, settings, { plans, rules, measuredOneIn }) : deadOf(part),
  });
  for (const message of batch.messages) {
    await nextTurn();
    const dead: Dead[] = [];
    const mapped: (FlowRow & Pick<Row, 'table'>)[] = [];
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
      else if (fate.kind === 'dropped') {
        books.count('dropped', { table: of, reason: fate.rule });
        // A copy saves nothing: it would have been a duplicate.
        if (!dropped.has(fate.uid)) for (const saving of fate.saved) books.saved(saving);
        dropped.add(fate.uid);
      } else {
        const { text, uid, time, flow, saved } = fate;
        mapped.push({ index, text, uid, time, flow, saved, table: of ?? '' });
      }
    }
    for (const row of settings.mergeFlows === 'off' ? mapped : mergeFlows(firstOfEach(mapped, books))) {
      const { index, uid, time, table: of, members, saved } = row;
      const position = `${prefix}${index}`;
      const earlier = acceptedAt(uid);
      if (seen.has(uid) || (earlier !== undefined && earlier !== position)) {
        books.count('duplicates', { table: of });
        if (members !== undefined) books.count('merged', { table: of, records: members.length - 1 });
        continue;
      }
      seen.add(uid);
      rows.push({ text: fitted(row.text), uid, time, position, members, table: of, saved });
    }
    letters.push(...lettersOf(batch, message, dead));
  }
  return { rows, letters };
}

/** The rows without those whose EventUid came earlier in the message, which count as duplicates. */
function firstOfEach<R extends Pick<Row, 'uid' | 'table'>>(rows: readonly R[], books: Books): R[] {
  const seen = new Set<string>();
  return rows.filter(({ uid, table }) => {
    const isFirst = !seen.has(uid);
    if (!isFirst) books.count('duplicates', { table });
    seen.add(uid);
    return isFirst;
  });
}

/** Counts rows as sent, the other records of each as merged, and what was saved to make them. */
export function countSent(books: Books, sent: readonly Row[]): void {
  for (const [table, rows] of groupBy(sent, (row) => row.table)) {
    books.count('sent', { table, records: rows.length });
    const records = rows.reduce((sum, { members }) => sum + (members?.length ?? 1), 0);
    if (records > rows.length) books.count('merged', { table, records: records - rows.length });
  }
  for (const { saved } of sent) for (const saving of saved) books.saved(saving);
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
 * The dead letters of rows that the service rejects, each with all records of the row. Reads their messages again, so that no
 * parsed record stays in memory while its row is being sent.
 */
export function rejectedLetters(batch: Batch, rejected: ReadonlyMap<Row, Why>): DeadLetter[] {
  const whys = new Map(Array.from(rejected, ([row, why]) => [row.position, { row, why }]));
  const messages = new Set(Array.from(whys.keys(), (position) => position.slice(0, position.lastIndexOf('/') + 1)));
  return batch.messages
    .filter((message) => messages.has(positionOf(batch, message)))
    .flatMap((message) => {
      const parts = readMessage(message.body);
      return parts.flatMap((part) => {
        const found = whys.get(positionOf(batch, message, part));
        if (found === undefined) return [];
        const letter = letterOf(batch, message, part, found.why);
        const { members } = found.row;
        return members === undefined ? [letter] : [{ ...letter, ...membersOf(parts, members, message) }];
      });
    });
}

/** A message of these records alone: sent again, it becomes the same row with the same EventUid. */
function membersOf(
  parts: readonly (DefenderRecord | Unreadable)[],
  members: readonly number[],
  message: Message,
): Pick<DeadLetter, 'scope' | 'body' | 'records'> {
  const wanted = new Set(members);
  const records = { records: members.length };
  try {
    const texts = parts.flatMap((part) => (part.kind === 'record' && wanted.has(part.index) ? [part.original()] : []));
    return { scope: 'message', body: Buffer.from(`{"records":[${texts.join(',')}]}`), ...records };
  } catch {
    // Keep the message as received.
    return { scope: 'message', body: bytesOf(message.body), ...records };
  }
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
