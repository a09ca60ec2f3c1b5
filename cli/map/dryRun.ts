import type { Message } from '../../shared/batch';
import type { Books } from '../../shared/books';
import { readMessage } from '../../shared/defender/readMessage';
import type { DeadLetter } from '../../shared/delivery/deadLetters';
import type { RowRules, Ruling } from '../../shared/transform/ruling';
import type { TransformSettings } from '../../shared/transform/transformSettings';
import { transformBatch } from '../../shared/transformBatch';
import { batched } from './batchMessages';
import { type Drawing, explanation } from './explanation';

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
    const { rows, letters } = await transformBatch(named, settings, books, { table, rules, onRuling: note });
    const lines = rows.map(({ text }) => `${text}\n`);
    const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
    books.count('sent', { records: rows.length });
    books.chunks(bytes, 0);
    for (const letter of letters) {
      books.count('deadLettered', letter);
      onDeadLetter(letter);
    }
    if (explain === undefined) {
      if (lines.length > 0) yield lines.join('');
    } else {
      const rulingOn = ({ sequenceNumber }: Message, index: number): Ruling | undefined =>
        rulings.get(`${file}/line/${sequenceNumber}/${index}`);
      yield* batch.flatMap((message) =>
        explanations(message, settings, table, explain, (index) => rulingOn(message, index)),
      );
    }
  }
}

function explanations(
  { sequenceNumber, body }: Message,
  settings: TransformSettings,
  table: string | undefined,
  drawing: Drawing,
  rulingOn: (index: number) => Ruling | undefined,
): string[] {
  return readMessage(body, { table }).map((part) => {
    const name = `Line ${sequenceNumber}, record ${part.index}`;
    return `${explanation(name, part, settings, drawing, rulingOn(part.index))}\n`;
  });
}
