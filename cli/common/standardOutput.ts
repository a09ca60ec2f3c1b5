import fs from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Keeps standard output open for messages after a failure: a destroyed stream would close it. */
const neverClosing = { ...fs, close: (_: number, done?: (error: null) => void): void => done?.(null) };

/**
 * Writes lines to standard output. When standard output is a file and its disk is full, Node's own stream takes a short
 * write for a whole one and loses the rest silently; this reports it.
 * @throws the system's error, such as ENOSPC
 */
export async function print(lines: Iterable<string | Buffer> | AsyncIterable<string>): Promise<void> {
  const { fd } = process.stdout;
  const out: Writable = fs.fstatSync(fd).isFile() ? fs.createWriteStream('', { fd, fs: neverClosing }) : process.stdout;
  await pipeline(Readable.from(lines), out, { end: out !== process.stdout });
}
