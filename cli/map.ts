import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Books } from '../shared/books';
import { readTransformSettings } from '../shared/config';
import type { DeadLetter } from '../shared/delivery/deadLetters';
import { readArguments } from './arguments';
import { exitCodes, run, UsageError } from './exit';
import { booksText } from './map/books';
import { dryRun } from './map/dryRun';
import { messagesOf } from './map/messages';

const usage = `Usage: npm run map -- FILE|- [options]
  A dry run: what the records in a file become. Rows go to standard output, one JSON a line; the tally to standard error.
  The file holds a record, an envelope with "records", an array of either, or one of these a line; - is standard input.
  --explain    instead of rows, for each column which source and which rule filled it, or why it is absent
  --table T    the table of bare rows, as the hunting API gives them, for instance DeviceNetworkEvents
  --json       make the last line of standard output the tally as one JSON object
Settings that change rows are read from the environment: ADDITIONAL_FIELDS, URL_REDACTION, PROXY_ADDRESSES.
Exit codes: 0 every record is a row or skipped; 1 a record became a dead letter; 2 could not start.`;

async function main(): Promise<number> {
  const { values, positionals } = readArguments(
    {
      explain: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      table: { type: 'string' },
    },
    usage,
    true,
  );
  if (values.help) {
    console.log(usage);
    return exitCodes.well;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError(`Name one file, or - for standard input.\n${usage}`);
  const settings = readTransformSettings(process.env);
  const { isTTY, columns } = process.stdout;
  const books = new Books();
  const letters = new LetterLines();
  const lines = dryRun(
    messagesOf(bytesOf(file)),
    {
      file: file === '-' ? 'stdin' : basename(file),
      settings,
      table: values.table,
      explain: values.explain ? { width: isTTY ? columns : 160, ascii: !isTTY } : undefined,
      onDeadLetter: (letter) => values.explain || letters.tell(letter),
    },
    books,
  );
  await print(lines);
  const tally = books.tally();
  if (values.json) await print([`${JSON.stringify(tally)}\n`]);
  else console.error(booksText(tally));
  return tally.deadLettered === 0 ? exitCodes.well : exitCodes.wrong;
}

async function* bytesOf(file: string): AsyncGenerator<Uint8Array, void, undefined> {
  const stream: AsyncIterable<Uint8Array> = file === '-' ? process.stdin : createReadStream(file);
  try {
    yield* stream;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} cannot be read (${reason}). Name a file, or - for standard input.`);
  }
}

async function print(lines: Iterable<string> | AsyncIterable<string>): Promise<void> {
  await pipeline(Readable.from(lines), process.stdout, { end: false });
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
