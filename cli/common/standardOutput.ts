import fs from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Standard output stays open for what is said after a failure: a stream that is destroyed would close it. */
const neverClosing = { ...fs, close: (_: number, done?: (error: null) => void): void => done?.(null) };

/**
 * Writes much to standard output. Node's own stream takes a short write to a file (its disk is full) for a whole one, and the
 * rest is lost without a word.
 * @throws the system's error, such as ENOSPC
 */
export async function print(lines: Iterable<string | Buffer> | AsyncIterable<string>): Promise<void> {
  const { fd } = process.stdout;
  const out: Writable = fs.fstatSync(fd).isFile() ? fs.createWriteStream('', { fd, fs: neverClosing }) : process.stdout;
  await pipeline(Readable.from(lines), out, { end: out !== process.stdout });
}
