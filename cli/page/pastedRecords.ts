import { promisify } from 'node:util';
import { gunzip as gunzipCallback } from 'node:zlib';
import { Books, type Tally } from '../../shared/books';
import type { RowRules } from '../../shared/transform/ruling';
import type { TransformSettings } from '../../shared/transform/transformSettings';
import { errorCode } from '../common/errorText';
import { hints } from '../input/hints';
import { InputError } from '../input/inputFile';
import { type InputMessage, messagesOf } from '../input/inputMessages';
import { inputOptions } from '../input/inputOptions';
import { dryBatches } from '../map/dryRun';
import { type RecordLine, type RecordView, RecordViews } from './recordView';

const gunzip = promisify(gunzipCallback);

/** The most bytes that are taken. `npm run map` takes any file. */
export const mostPastedBytes = 4 * 1024 * 1024;
/** What they may unpack to, and what the messages may take that a CSV export becomes. */
const mostPlainBytes = 4 * mostPastedBytes;
/** The size of an event. A megabyte can hold half a million records that are only numbers, and all are in memory at a time. */
const mostOfDocument = 1_048_576;
/** Records that are listed; the tally counts all. */
const mostListed = 200;

export interface PastedResult {
  readonly records: readonly RecordLine[];
  readonly tally: Tally;
  readonly notes: readonly string[];
}

/** How rows are made: the settings and rules of the command. */
export interface RowSettings {
  readonly settings: TransformSettings;
  readonly rules: RowRules | undefined;
}

/** What the user pasted last; it is mapped as `npm run map` does, and reaches neither the hub nor the app. */
export class PastedRecords {
  #count = 0;
  #views: readonly RecordViews[] = [];

  constructor(private readonly rowSettings: RowSettings) {}

  /** @throws InputError or UsageError for what cannot be read as records. */
  async map(body: Buffer, options: { readonly table?: string; readonly dates?: string }): Promise<PastedResult> {
    const { table, dates } = inputOptions(options);
    const notes: string[] = [];
    const plain = await unpacked(body);
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield plain;
    }
    const messages = messagesOf(bytes(), { table, dates, note: (line) => notes.push(line), limit: mostOfDocument });
    const file = `pasted-${++this.#count}`;
    const books = new Books();
    const run = { ...this.rowSettings, file, table, onDeadLetter: () => undefined };
    const views: RecordViews[] = [];
    for await (const batch of dryBatches(bounded(messages), run, books)) {
      views.push(new RecordViews(batch, this.rowSettings.settings, table));
    }
    this.#views = views;
    const tally = books.tally();
    return { records: [...firstLines(views)], tally, notes: [...notes, ...hints(tally)] };
  }

  /** Undefined if it is not of the last paste. */
  view(position: string): RecordView | undefined {
    for (const one of this.#views) {
      const view = one.view(position);
      if (view !== undefined) return view;
    }
    return undefined;
  }
}

function* firstLines(views: readonly RecordViews[]): Generator<RecordLine, void, undefined> {
  let listed = 0;
  for (const one of views) {
    for (const line of one.lines()) {
      if (listed++ >= mostListed) return;
      yield line;
    }
  }
}

/** @throws InputError */
async function unpacked(body: Buffer): Promise<Buffer> {
  if (!isGzip(body)) return body;
  let plain: Buffer;
  try {
    plain = await gunzip(body, { maxOutputLength: mostPlainBytes });
  } catch (error) {
    const isTooLarge = errorCode(error) === 'ERR_BUFFER_TOO_LARGE';
    const why = isTooLarge ? `it unpacks to more than ${mostPlainBytes} bytes` : 'it cannot be unpacked';
    throw new InputError(`this is gzip, and ${why}. Map the file with npm run map.`, { cause: error });
  }
  if (isGzip(plain)) throw new InputError('this is packed with gzip twice. Unpack it once.');
  return plain;
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Rows of a CSV export become larger messages than their lines. @throws InputError */
async function* bounded(messages: AsyncIterable<InputMessage>): AsyncGenerator<InputMessage, void, undefined> {
  let size = 0;
  for await (const message of messages) {
    size += message.body.length;
    if (size > mostPlainBytes)
      throw new InputError(`its records take more than ${mostPlainBytes} bytes. Map the file with npm run map.`);
    yield message;
  }
}
