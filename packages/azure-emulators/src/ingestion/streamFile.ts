import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../fields';

const newline = 0x0a;

export interface Line {
  readonly text: string;
  /** Where it ends in the file, in bytes. */
  readonly end: number;
}

/** Appends lines to a file; the lines of one call are written together or not at all. */
export class StreamFile {
  readonly #path: string;
  /** Everything that touches the file, in order. Never rejects. */
  #last: Promise<void> = Promise.resolve();
  #file: FileHandle | undefined;
  #size = 0;
  #unsynced = false;
  #unusable: Error | undefined;

  constructor(
    private readonly directory: string,
    name: string,
  ) {
    this.#path = join(directory, name);
  }

  /**
   * Resolves when the operating system has the lines; rejects when none of them is in the file.
   *
   * @param onWritten called with the size of the file, before any reader sees the lines
   */
  append(lines: readonly string[], onWritten?: (end: number) => void): Promise<void> {
    if (lines.length === 0) return Promise.resolve();
    return this.enqueue(async () => {
      await this.write(Buffer.from(`${lines.join('\n')}\n`));
      onWritten?.(this.#size);
    });
  }

  /** The lines that are in the file when the reading begins. */
  async *lines(): AsyncGenerator<Line> {
    const size = await this.enqueue(() => this.currentSize());
    if (size === 0) return;
    let rest = Buffer.alloc(0);
    let end = 0;
    // Not node:readline, which also breaks lines at U+2028, and that may stand inside a JSON string.
    for await (const chunk of createReadStream(this.#path, { end: size - 1 })) {
      const bytes = Buffer.concat([rest, Buffer.from(chunk)]);
      let start = 0;
      for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, start)) {
        end += at + 1 - start;
        yield { text: bytes.toString('utf8', start, at), end };
        start = at + 1;
      }
      rest = bytes.subarray(start);
    }
  }

  /** Continues in an empty file. The old file becomes `NAME.previous` and replaces an older one. */
  startOver(): Promise<void> {
    return this.enqueue(async () => {
      if (this.#file === undefined) return;
      await rename(this.#path, `${this.#path}.previous`);
      const before = this.#file;
      this.#file = undefined;
      await before.close();
    });
  }

  /** Resolves when every line is on disk, rejects if that fails. Later appends reject. */
  close(): Promise<void> {
    return this.enqueue(async () => {
      this.#unusable ??= new Error(`${this.#path} is closed.`);
      const file = this.#file;
      this.#file = undefined;
      if (file === undefined) return;
      try {
        if (this.#unsynced) await file.sync();
      } finally {
        await file.close();
      }
    });
  }

  private enqueue<Result>(step: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(step);
    this.#last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  private async write(bytes: Buffer): Promise<void> {
    if (this.#unusable !== undefined) throw this.#unusable;
    const file = this.#file ?? (await this.open());
    try {
      await file.appendFile(bytes);
      this.#size += bytes.length;
      this.#unsynced = true;
    } catch (error) {
      await this.takeBack(file, error);
      throw error;
    }
  }

  /** Removes the bytes that a failed write left in the file. */
  private async takeBack(file: FileHandle, cause: unknown): Promise<void> {
    try {
      await file.truncate(this.#size);
    } catch {
      this.#unusable = new Error(`${this.#path}: a write failed and what it left could not be removed.`, { cause });
    }
  }

  private async open(): Promise<FileHandle> {
    // Rows contain user names and command lines: only the owner may read them.
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const file = await open(this.#path, 'a+', 0o600);
    this.#size = await cutTornLine(file);
    this.#file = file;
    return file;
  }

  private async currentSize(): Promise<number> {
    if (this.#file !== undefined) return this.#size;
    try {
      return (await stat(this.#path)).size;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return 0;
      throw error;
    }
  }
}

/** Removes the incomplete line of a process that died while writing; its call got no 204. Returns the new size. */
async function cutTornLine(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const block = Buffer.alloc(64 * 1024);
  for (let end = size; end > 0; end -= block.length) {
    const start = Math.max(0, end - block.length);
    const { bytesRead } = await file.read(block, 0, end - start, start);
    const found = block.subarray(0, bytesRead).lastIndexOf(newline);
    if (found >= 0) {
      const whole = start + found + 1;
      if (whole < size) await file.truncate(whole);
      return whole;
    }
  }
  if (size > 0) await file.truncate(0);
  return 0;
}
