import { StreamFile } from './streamFile';

/** A row, and its times; undefined for a row that an earlier process has stored in the same folder. */
export interface StoredRow {
  /** JSON on one line. */
  readonly text: string;
  /** When its call was received. */
  readonly receivedAt: Date | undefined;
  readonly storedAt: Date | undefined;
}

/** Stored rows by stream. */
export interface RowStore {
  /** Stores all rows of a call that was received then (in milliseconds since 1970), or rejects and stores none. */
  append(stream: string, rows: readonly string[], receivedMs: number): Promise<void>;
  /** The rows stored when the reading begins, in the order of storing. */
  rows(stream: string): AsyncIterable<StoredRow>;
  /** Resolves when everything appended is on disk. Rows can still be read. */
  close(): Promise<void>;
}

export function openStore(directory: string | undefined, now: () => number): RowStore {
  return directory === undefined ? storeInMemory(now) : storeInFiles(directory, now);
}

function storeInMemory(now: () => number): RowStore {
  const streams = new Map<string, StoredRow[]>();
  return {
    async append(stream, rows, receivedMs) {
      const stored = streams.get(stream) ?? [];
      const times = { receivedAt: new Date(receivedMs), storedAt: new Date(now()) };
      for (const row of rows) stored.push({ text: oneLine(row), ...times });
      streams.set(stream, stored);
    },
    async *rows(stream) {
      yield* (streams.get(stream) ?? []).slice();
    },
    async close() {},
  };
}

function storeInFiles(directory: string, now: () => number): RowStore {
  const files = new Map<string, TimedFile>();
  const fileOf = (stream: string): TimedFile => {
    const file = files.get(stream) ?? new TimedFile(new StreamFile(directory, `${stream}.ndjson`), now);
    files.set(stream, file);
    return file;
  };
  return {
    append: (stream, rows, receivedMs) => fileOf(stream).append(rows.map(oneLine), receivedMs),
    rows: (stream) => fileOf(stream).rows(),
    async close() {
      await Promise.all([...files.values()].map(({ file }) => file.close()));
    },
  };
}

/** Remembers the times of what it appends, by where it is in the file. */
class TimedFile {
  readonly #calls: {
    readonly start: number;
    readonly end: number;
    readonly receivedAt: Date;
    readonly storedAt: Date;
  }[] = [];

  constructor(
    readonly file: StreamFile,
    private readonly now: () => number,
  ) {}

  append(rows: readonly string[], receivedMs: number): Promise<void> {
    const bytes = rows.reduce((sum, row) => sum + Buffer.byteLength(row) + 1, 0);
    return this.file.append(rows, (end) => {
      this.#calls.push({
        start: end - bytes,
        end,
        receivedAt: new Date(receivedMs),
        storedAt: new Date(this.now()),
      });
    });
  }

  async *rows(): AsyncGenerator<StoredRow> {
    let next = 0;
    for await (const { text, end } of this.file.lines()) {
      while ((this.#calls[next]?.end ?? Number.POSITIVE_INFINITY) < end) next++;
      const call = this.#calls[next];
      const isOf = call !== undefined && end > call.start;
      yield { text, receivedAt: isOf ? call.receivedAt : undefined, storedAt: isOf ? call.storedAt : undefined };
    }
  }
}

/** JSON strings hold no raw line breaks, so one between tokens can become a space without changing the row. */
function oneLine(row: string): string {
  return row.replaceAll(/[\r\n]/g, ' ');
}
