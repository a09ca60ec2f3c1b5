import { type FileHandle, open } from 'node:fs/promises';
import { isObject, type JsonObject } from '../../shared/json';
import { codeOf, reasonOf } from '../azure/hubError';
import { UsageError } from './exit';

export interface CheckpointOptions {
  readonly path: string;
  /** What the entries are about, in words: nobody shall go on with the checkpoint of something else. */
  readonly subject: string;
  /** Called for each entry that is there. */
  readonly onEntry: (entry: JsonObject) => void;
  /** Only look: `append` is not to be called. */
  readonly isReadOnly: boolean;
}

/**
 * What a command has done, so that the next run does not do it again: JSON lines, only ever added to. The first line
 * names the subject. A line that is torn (power failure) is passed over: what it told is then done once more.
 */
export class CheckpointFile {
  private constructor(
    private readonly path: string,
    private readonly file: FileHandle | undefined,
  ) {}

  /** Makes the file where there is none. @throws UsageError for one that is no checkpoint or that of another subject. */
  static async open(options: CheckpointOptions): Promise<CheckpointFile> {
    const { path, isReadOnly } = options;
    const before = await readEntries(options);
    if (isReadOnly) return new CheckpointFile(path, undefined);
    try {
      const file = await open(path, 'a', 0o600);
      await file.appendFile(before);
      return new CheckpointFile(path, file);
    } catch (error) {
      const advice = 'Make room, or name another file with --checkpoint.';
      throw new UsageError(`The checkpoint ${path} cannot be written (${reasonOf(error)}). ${advice}`);
    }
  }

  /**
   * Resolves when the entries are on the disk. Not to be called again before that.
   * @throws with the system's code when they cannot be written.
   */
  async append(entries: readonly JsonObject[]): Promise<void> {
    if (this.file === undefined || entries.length === 0) return;
    try {
      await this.file.appendFile(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      await this.file.sync();
    } catch (error) {
      const advice = 'What was sent last is not noted and is sent once more by the next run.';
      const message = `The checkpoint ${this.path} cannot be written (${reasonOf(error)}). ${advice}`;
      throw Object.assign(new Error(message, { cause: error }), { code: codeOf(error) });
    }
  }

  async close(): Promise<void> {
    await this.file?.close();
  }
}

/** Gives what must stand before the next entry: the first line of a new file, the end of a torn line, or nothing. */
async function readEntries({ path, subject, onEntry }: CheckpointOptions): Promise<string> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unreadable(path, error);
  });
  const heading = `${JSON.stringify({ checkpoint: subject })}\n`;
  if (file === undefined) return heading;
  try {
    const { size } = await file.stat();
    if (size === 0) return heading;
    const last = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    let isFirst = true;
    for await (const line of file.readLines({ start: 0, autoClose: false })) {
      const entry = entryOf(line);
      if (isFirst) refuseOther(path, subject, entry?.['checkpoint']);
      else if (entry !== undefined) onEntry(entry);
      isFirst = false;
    }
    return last.buffer.toString() === '\n' ? '' : '\n';
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(path, error);
  } finally {
    await file.close();
  }
}

function unreadable(path: string, error: unknown): UsageError {
  return new UsageError(
    `The checkpoint ${path} cannot be read (${reasonOf(error)}). Name another file with --checkpoint.`,
  );
}

function refuseOther(path: string, subject: string, found: unknown): void {
  if (found === subject) return;
  const what = typeof found === 'string' ? `the checkpoint of "${found}", not of "${subject}"` : 'no checkpoint';
  throw new UsageError(`${path} is ${what}. Name another file with --checkpoint, or remove this one.`);
}

function entryOf(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
