import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A file of an archive, wherever it lies. */
export interface ArchiveFile {
  /** Inside the archive, with `/` between folders. */
  readonly name: string;
  /** In bytes, as stored. */
  readonly size: number;
  /** Another value when the content is another. */
  readonly version: string;
  /** The bytes as stored. */
  readonly bytes: () => AsyncIterable<Uint8Array>;
}

/** Files that are taken from a folder or container: JSON, a document or one a line, gzip or not. */
export function isArchiveName(name: string): boolean {
  return /\.(?:json|ndjson|jsonl|log)(?:\.gz)?$/i.test(name);
}

export function inOrder(files: readonly ArchiveFile[]): ArchiveFile[] {
  return files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const gzipMark = Buffer.from([0x1f, 0x8b]);

/** Unpacks what begins as gzip does, whatever it is called, and takes a byte order mark away. */
export async function* plainBytes(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const outer = await startOf(stored);
  const isCompressed = outer.start.subarray(0, 2).equals(gzipMark);
  const { start, all } = isCompressed ? await startOf(unpacked(outer.all)) : outer;
  let skip = start.equals(byteOrderMark) ? byteOrderMark.length : 0;
  for await (const chunk of all) {
    yield chunk.subarray(skip);
    skip = 0;
  }
}

/** An error of the source ends the result too, and the other way round: whoever iterates hears of it. */
function unpacked(compressed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return pipeline(Readable.from(compressed), createGunzip(), () => undefined);
}

interface Started {
  /** The first three bytes, or what there is. */
  readonly start: Buffer;
  readonly all: AsyncIterable<Uint8Array>;
}

async function startOf(bytes: AsyncIterable<Uint8Array>): Promise<Started> {
  const rest = bytes[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < byteOrderMark.length) {
    const next = await rest.next();
    if (next.done === true) break;
    start = Buffer.concat([start, next.value]);
  }
  async function* all(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield start;
      for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
    } finally {
      await rest.return?.();
    }
  }
  return { start: start.subarray(0, byteOrderMark.length), all: all() };
}
