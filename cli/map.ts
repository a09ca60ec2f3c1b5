import { basename } from 'node:path';
import { Books } from '../shared/books';
import { readTransformSettings } from '../shared/config';
import type { DeadLetter } from '../shared/delivery/deadLetters';
import { inputArguments, readArguments } from './common/arguments';
import { exitCodes, run, UsageError } from './common/exit';
import { print } from './common/standardOutput';
import { columnsOf } from './common/terminal';
import { hints } from './input/hints';
import { aboutFile, fileBytes } from './input/inputFile';
import { messagesOf } from './input/inputMessages';
import { inputOptions } from './input/inputOptions';
import { dryRun } from './map/dryRun';
import { booksText } from './map/dryRunBooks';

const usage = `Usage: npm run map -- FILE|- [options]
  A dry run: what the records in a file become. Rows go to standard output, one
  JSON a line; the tally to standard error. The file (- is standard input) holds
  JSON, a document or one a line, as the streaming API sends it or as a query
  answers; or the CSV export of the portal.
  --explain      instead of rows, which source and which rule filled each
                 column, or why it is absent
  --table T      the table of rows that do not name theirs: DeviceNetworkEvents
                 or DeviceEvents
  --dates ORDER  day-first or month-first: what 05/12/2026 means in a CSV export
  --json         make the last line of standard output the tally as one JSON
                 object
Settings that change rows are read from the environment: ADDITIONAL_FIELDS,
URL_REDACTION, PROXY_ADDRESSES, KNOWN_NEWS.
Exit codes: 0 every record is a row or skipped; 1 a record became a dead letter;
2 could not start.`;

async function main(): Promise<number> {
  const { values, positionals } = readArguments(
    {
      explain: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      ...inputArguments,
    },
    usage,
    true,
  );
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('Name one file, or - for standard input.', { usage });
  const options = inputOptions(values);
  const settings = readTransformSettings(process.env);
  const { isTTY } = process.stdout;
  const books = new Books();
  const letters = new LetterLines();
  const lines = dryRun(
    messagesOf(fileBytes(file), { ...options, note: (line) => console.error(line) }),
    {
      file: file === '-' ? 'stdin' : basename(file),
      settings,
      table: options.table,
      explain: values.explain ? { width: columnsOf(process.stdout), ascii: !isTTY } : undefined,
      onDeadLetter: (letter) => values.explain || letters.tell(letter),
    },
    books,
  );
  await print(lines).catch((error: unknown) => {
    throw aboutFile(file, error);
  });
  const tally = books.tally();
  if (values.json) await print([`${JSON.stringify(tally)}\n`]);
  else console.error(booksText(tally, settings.additionalFields));
  for (const hint of hints(tally)) console.error(hint);
  return tally.deadLettered === 0 ? exitCodes.well : exitCodes.wrong;
}

/** Tells the first dead letters as they come; the tally counts the others. */
class LetterLines {
  #told = 0;
  static readonly most = 20;

  tell({ id, reason, error }: DeadLetter): void {
    this.#told++;
    if (this.#told <= LetterLines.most) console.error(`${id}: ${reason}: ${error.split('\n', 1)[0]}`);
    if (this.#told === LetterLines.most + 1) console.error('Further dead letters are only counted.');
  }
}

void run(main);
