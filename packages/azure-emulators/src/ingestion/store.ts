import { StreamFile } from './streamFile';

/** Stored rows by stream, each as one line of JSON text. */
export interface RowStore {
  /** Stores all rows of a call, or rejects and stores none. */
  append(stream: string, rows: readonly string[]): Promise<void>;
  /** The rows stored when the reading begins, in the order of storing. */
  rows(stream: string): AsyncIterable<string>;
  /** Resolves when everything appended is on disk. Rows can still be read. */
  close(): Promise<void>;
}

export function openStore(directory: string | undefined): RowStore {
  return directory === undefined ? storeInMemory() : storeInFiles(directory);
}

function storeInMemory(): RowStore {
  const streams = new Map<string, string[]>();
  return {
    async append(stream, rows) {
      const stored = streams.get(stream) ?? [];
      for (const row of rows) stored.push(oneLine(row));
      streams.set(stream, stored);
    },
    async *rows(stream) {
      yield* (streams.get(stream) ?? []).slice();
    },
    async close() {},
  };
}

function storeInFiles(directory: string): RowStore {
  const files = new Map<string, StreamFile>();
  const fileOf = (stream: string): StreamFile => {
    const file = files.get(stream) ?? new StreamFile(directory, `${stream}.ndjson`);
    files.set(stream, file);
    return file;
  };
  return {
    append: (stream, rows) => fileOf(stream).append(rows.map(oneLine)),
    rows: (stream) => fileOf(stream).lines(),
    async close() {
      await Promise.all([...files.values()].map((file) => file.close()));
    },
  };
}

/** JSON strings hold no raw line breaks, so one between tokens can become a space without changing the row. */
function oneLine(row: string): string {
  return row.replaceAll(/[\r\n]/g, ' ');
}
