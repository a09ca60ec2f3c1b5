import type { Message } from '../../shared/batch';
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

/** Everything but delivery: yields the rows as JSON lines, or explanations. In the books each row counts as `sent`. */
export async function* dryRun(
  messages: AsyncIterable<Message>,
  { file, settings, rules, onRuling = () => undefined, table, explain, onDeadLetter }: DryRun,
  books: Books,
): AsyncGenerator<string, void, undefined> {
  for await (const batch of batched(messages)) {
    const named = { hub: file, partition: 'line', messages: batch };
    const rulings = new Map<string, Ruling>();
    const note = (position: string, ruling: Ruling): void => {
      rulings.set(position, ruling);
      onRuling(position, ruling);
    };
    const options = { table, rules, onRuling: note, measuredOneIn: 1 };
    const { rows, letters } = await transformBatch(named, settings, books, options);
    const lines = rows.map(({ text }) => `${text}\n`);
    const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
    countSent(books, rows);
    books.chunks(bytes, 0);
    for (const letter of letters) {
      books.count('deadLettered', letter);
      onDeadLetter(letter);
    }
    if (explain === undefined) {
      if (lines.length > 0) yield lines.join('');
    } else {
      const shared = sharedRows(rows);
      const notesOn = ({ sequenceNumber }: Message, index: number): string[] => {
        const ruling = rulings.get(`${file}/line/${sequenceNumber}/${index}`);
        const sharing = shared.get(`${sequenceNumber}/${index}`);
        return [
          ...(ruling === undefined ? [] : [`Rules: ${rulingText(ruling)}`]),
          ...(sharing === undefined ? [] : [sharing]),
        ];
      };
      yield* batch.flatMap((message) =>
        explanations(message, settings, table, explain, (index) => notesOn(message, index)),
      );
    }
  }
}

function explanations(
  { sequenceNumber, body }: Message,
  settings: TransformSettings,
  table: string | undefined,
  drawing: Drawing,
  notesOn: (index: number) => readonly string[],
): string[] {
  return readMessage(body, { table }).map((part) => {
    const name = `Line ${sequenceNumber}, record ${part.index}`;
    return `${explanation(name, part, settings, drawing, notesOn(part.index))}\n`;
  });
}

/** What to say of each record that shares a row (MERGE_FLOWS), by line and index. */
function sharedRows(rows: readonly Row[]): ReadonlyMap<string, string> {
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
