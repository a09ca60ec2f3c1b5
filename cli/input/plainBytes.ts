import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

type Bytes = AsyncIterable<Uint8Array>;

const gzipMark = Buffer.from([0x1f, 0x8b]);
const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);
const utf16Marks = [
  { mark: Buffer.from([0xff, 0xfe]), encoding: 'utf-16le' },
  { mark: Buffer.from([0xfe, 0xff]), encoding: 'utf-16be' },
] as const;

/**
 * The content of a file as UTF-8 without a byte order mark. Unpacks gzip by its first bytes, whatever the file is called, and
 * decodes UTF-16 with a mark (Windows PowerShell writes it with ">"). All other bytes stay unchanged.
 */
export async function* plainBytes(stored: Bytes): AsyncGenerator<Uint8Array, void, undefined> {
  const hasMark = (start: Buffer): boolean => start.length >= utf8Mark.length;
  const outer = await peek(stored, hasMark);
  const { start, all } = beginsWith(outer.start, gzipMark) ? await peek(unpacked(outer.all), hasMark) : outer;
  const utf16 = utf16Marks.find(({ mark }) => beginsWith(start, mark));
  if (utf16 !== undefined) {
    const decoder = new TextDecoder(utf16.encoding);
    for await (const chunk of all) yield Buffer.from(decoder.decode(chunk, { stream: true }));
    yield Buffer.from(decoder.decode());
    return;
  }
  let skip = beginsWith(start, utf8Mark) ? utf8Mark.length : 0;
  for await (const chunk of all) {
    yield chunk.subarray(skip);
    skip = 0;
  }
}

function beginsWith(start: Buffer, mark: Buffer): boolean {
  return start.subarray(0, mark.length).equals(mark);
}

/** An error on either side ends both streams, and the caller's iteration throws it. */
function unpacked(compressed: Bytes): Bytes {
  return pipeline(Readable.from(compressed), createGunzip(), () => undefined);
}

export interface Peeked {
  /** The first chunks, joined. */
  readonly start: Buffer;
  /** All bytes, including `start`. */
  readonly all: Bytes;
}

/** Reads ahead until `isEnough` accepts the start, or the bytes end. */
export async function peek(bytes: Bytes, isEnough: (start: Buffer) => boolean): Promise<Peeked> {
  const rest = bytes[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (!isEnough(start)) {
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
  return { start, all: all() };
}
