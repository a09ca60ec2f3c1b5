import type { Books } from '../../shared/books';
import { readMessage } from '../../shared/defender/envelope';
import type { DeadLetter } from '../../shared/delivery/deadLetters';
import type { TransformSettings } from '../../shared/transform/settings';
import { type Message, transformBatch } from '../../shared/transformBatch';
import { batched } from './batchMessages';
import { type Drawing, explanation } from './explanation';

export interface DryRun {
  /** What dead letters are named after. */
  readonly file: string;
  readonly settings: TransformSettings;
  /** The table of bare rows. */
  readonly table: string | undefined;
  /** Explanations instead of rows, and how they are drawn. */
  readonly explain: Drawing | undefined;
  readonly onDeadLetter: (letter: DeadLetter) => void;
}

/** Everything but delivery: yields a JSON line for each row, or the explanations; fills the books, with a row as `sent`. */
export async function* dryRun(
  messages: AsyncIterable<Message>,
  { file, settings, table, explain, onDeadLetter }: DryRun,
  books: Books,
): AsyncGenerator<string, void, undefined> {
  for await (const batch of batched(messages)) {
    const { rows, letters } = await transformBatch({ hub: file, partition: 'line', messages: batch }, settings, books, {
      table,
    });
    const lines = rows.map(({ text }) => `${text}\n`);
    books.sent(
      rows.length,
      lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0),
      0,
    );
    for (const letter of letters) {
      books.deadLettered(letter.reason, letter.records);
      onDeadLetter(letter);
    }
    if (explain === undefined) {
      if (lines.length > 0) yield lines.join('');
    } else yield* batch.flatMap((message) => explanations(message, settings, table, explain));
  }
}

function explanations(
  { sequenceNumber, body }: Message,
  settings: TransformSettings,
  table: string | undefined,
  drawing: Drawing,
): string[] {
  return readMessage(body, { table }).map(
    (part) => `${explanation(`Line ${sequenceNumber}, record ${part.index}`, part, settings, drawing)}\n`,
  );
}
