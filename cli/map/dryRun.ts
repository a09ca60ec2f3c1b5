import type { Batch, Message } from '../../shared/batch';
import type { Books } from '../../shared/books';
import { readMessage } from '../../shared/defender/readMessage';
import type { DeadLetter } from '../../shared/delivery/deadLetters';
import { isObject, parseJson } from '../../shared/json';
import type { Row } from '../../shared/sessions/row';
import type { RowRules, Ruling } from '../../shared/transform/ruling';
import type { TransformSettings } from '../../shared/transform/transformSettings';
import { countSent, transformBatch } from '../../shared/transformBatch';
import { batched } from './batchMessages';
import { type Drawing, explanation } from './explanation';
import { rulingText } from './rulingText';

export interface DryRun {
  /** The ids of dead letters begin with it. */
  readonly file: string;
  readonly settings: TransformSettings;
  readonly rules?: RowRules | undefined;
  /** Called for each record on which a rule says something. */
  readonly onRuling?: (position: string, ruling: Ruling) => void;
  /** The table to assume for records without a table name. */
  readonly table: string | undefined;
  /** How to draw explanations; undefined for rows. */
  readonly explain: Drawing | undefined;
  readonly onDeadLetter: (letter: DeadLetter) => void;
}

/** One batch of a dry run: what it holds, and what became of it. */
export interface DryBatch extends Batch {
  readonly rows: readonly Row[];
  readonly letters: readonly DeadLetter[];
  /** What rules say, by position. */
  readonly rulings: ReadonlyMap<string, Ruling>;
}

/** Everything but delivery. In the books each row counts as `sent`. */
export async function* dryBatches(
  messages: AsyncIterable<Message>,
  { file, settings, rules, onRuling = () => undefined, table, onDeadLetter }: Omit<DryRun, 'explain'>,
  books: Books,
): AsyncGenerator<DryBatch, void, undefined> {
  for await (const batch of batched(messages)) {
    const named = { hub: file, partition: 'line', messages: batch };
    const rulings = new Map<string, Ruling>();
    const note = (position: string, ruling: Ruling): void => {
      rulings.set(position, ruling);
      onRuling(position, ruling);
    };
    const options = { table, rules, onRuling: note, measuredOneIn: 1 };
    const { rows, letters } = await transformBatch(named, settings, books, options);
    countSent(books, rows);
    books.chunks(
      rows.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0),
      0,
    );
    for (const letter of letters) {
      books.count('deadLettered', letter);
      onDeadLetter(letter);
    }
    yield { ...named, rows, letters, rulings };
  }
}

/** Yields the rows of a dry run as JSON lines, or explanations. */
export async function* dryRun(
  messages: AsyncIterable<Message>,
  run: DryRun,
  books: Books,
): AsyncGenerator<string, void, undefined> {
  const { settings, table, explain } = run;
  for await (const batch of dryBatches(messages, run, books)) {
    if (explain === undefined) {
      if (batch.rows.length > 0) yield batch.rows.map(({ text }) => `${text}\n`).join('');
    } else {
      const shared = sharedRows(batch.rows);
      yield* batch.messages.flatMap((message) =>
        explanations(message, settings, table, explain, (index) => notesOn(batch, shared, message, index)),
      );
    }
  }
}

/** What there is to say of a record besides its columns. `shared` is what {@link sharedRows} gives. */
export function notesOn(
  { hub, partition, rulings }: Pick<DryBatch, 'hub' | 'partition' | 'rulings'>,
  shared: ReadonlyMap<string, string>,
  { sequenceNumber }: Pick<Message, 'sequenceNumber'>,
  index: number,
): string[] {
  const ruling = rulings.get(`${hub}/${partition}/${sequenceNumber}/${index}`);
  const note = shared.get(`${sequenceNumber}/${index}`);
  return [...(ruling === undefined ? [] : [`Rules: ${rulingText(ruling)}`]), ...(note === undefined ? [] : [note])];
}

function explanations(
  { sequenceNumber, body }: Message,
  settings: TransformSettings,
  table: string | undefined,
  drawing: Drawing,
  notesOf: (index: number) => readonly string[],
): string[] {
  return readMessage(body, { table }).map((part) => {
    const name = `Line ${sequenceNumber}, record ${part.index}`;
    return `${explanation(name, part, settings, drawing, notesOf(part.index))}\n`;
  });
}

/** What to say of each record that shares a row (MERGE_FLOWS), by line and index. */
export function sharedRows(rows: readonly Row[]): ReadonlyMap<string, string> {
  const notes = new Map<string, string>();
  for (const { position, members = [], text } of rows) {
    const [first, ...others] = members;
    if (first === undefined) continue;
    const [line] = position.split('/').slice(-2);
    const row = parseJson(text);
    const count = isObject(row) ? Number(row['EventCount']) : members.length;
    const withOthers = `${others.length === 1 ? 'record' : 'records'} ${others.join(', ')} (MERGE_FLOWS)`;
    notes.set(
      `${line}/${first}`,
      `Shares its row with ${withOthers}: EventCount ${count}. What follows is the row that it would have alone.`,
    );
    for (const index of others) {
      notes.set(
        `${line}/${index}`,
        `Is part of the row of record ${first} (MERGE_FLOWS). What follows is the row that it would have alone.`,
      );
    }
  }
  return notes;
}
