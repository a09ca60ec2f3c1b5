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
 * The content of a file as UTF-8 without a byte order mark: unpacks what begins as gzip does, whatever it is called, and
 * decodes UTF-16 that begins with its mark (Windows PowerShell writes it with ">"). All other bytes stay as they are.
 */
export async function* plainBytes(stored: Bytes): AsyncGenerator<Uint8Array, void, undefined> {
  const outer = await peek(stored, hasMark);
  const isCompressed = outer.start.subarray(0, gzipMark.length).equals(gzipMark);
  const { start, all } = isCompressed ? await peek(unpacked(outer.all), hasMark) : outer;
  const utf16 = utf16Marks.find(({ mark }) => start.subarray(0, mark.length).equals(mark));
  if (utf16 !== undefined) {
    yield* utf8Of(all, utf16.encoding);
    return;
  }
  let skip = start.subarray(0, utf8Mark.length).equals(utf8Mark) ? utf8Mark.length : 0;
  for await (const chunk of all) {
    yield chunk.subarray(skip);
    skip = 0;
  }
}

function hasMark(start: Buffer): boolean {
  return start.length >= utf8Mark.length;
}

/** An error of the source ends the result too, and the other way round: whoever iterates hears of it. */
function unpacked(compressed: Bytes): Bytes {
  return pipeline(Readable.from(compressed), createGunzip(), () => undefined);
}

async function* utf8Of(bytes: Bytes, encoding: 'utf-16le' | 'utf-16be'): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of bytes) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

export interface Peeked {
  /** The first chunks, joined. */
  readonly start: Buffer;
  /** Everything, `start` included. */
  readonly all: Bytes;
}

/** Reads ahead until `isEnough` is content with the start, or the bytes end. */
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
