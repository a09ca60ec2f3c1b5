import { type FileHandle, open } from 'node:fs/promises';
import { isObject, type JsonObject } from '../../shared/json';
import { errorCode, reasonOf } from './errorText';
import { UsageError } from './exit';

export interface CheckpointOptions {
  readonly path: string;
  /** What the entries are about: a run rejects the checkpoint of another subject. */
  readonly subject: string;
  /** Called for each entry in the file. */
  readonly onEntry: (entry: JsonObject) => void;
  /** Do not create or change the file; `append` must not be called. */
  readonly isReadOnly: boolean;
}

/**
 * What a command has done, so that the next run does not repeat it: JSON lines that are only appended. The first line names
 * the subject. A line that a power failure cut off is ignored, and its work is repeated.
 */
export class CheckpointFile {
  private constructor(
    private readonly path: string,
    private readonly file: FileHandle | undefined,
  ) {}

  /** Creates the file if there is none. @throws UsageError for a file that is not a checkpoint, or belongs to another subject. */
  static async open(options: CheckpointOptions): Promise<CheckpointFile> {
    const { path, isReadOnly } = options;
    const before = await readEntries(options);
    if (isReadOnly) return new CheckpointFile(path, undefined);
    try {
      const file = await open(path, 'a', 0o600);
      await file.appendFile(before);
      return new CheckpointFile(path, file);
    } catch (error) {
      const advice = 'Free disk space, or name another file with --checkpoint.';
      throw new UsageError(`The checkpoint ${path} cannot be written (${reasonOf(error)}). ${advice}`);
    }
  }

  /**
   * Resolves when the entries are on the disk; call it again only after that.
   * @throws with the system's code when they cannot be written.
   */
  async append(entries: readonly JsonObject[]): Promise<void> {
    if (this.file === undefined || entries.length === 0) return;
    try {
      await this.file.appendFile(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      await this.file.sync();
    } catch (error) {
      const advice = 'The next run sends again what was sent last.';
      const message = `The checkpoint ${this.path} cannot be written (${reasonOf(error)}). ${advice}`;
      throw Object.assign(new Error(message, { cause: error }), { code: errorCode(error) });
    }
  }

  async close(): Promise<void> {
    await this.file?.close();
  }
}

/** Returns what to write before the next entry: the first line of a new file, the end of a cut-off line, or nothing. */
async function readEntries({ path, subject, onEntry }: CheckpointOptions): Promise<string> {
  const heading = `${JSON.stringify({ checkpoint: subject })}\n`;
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { size } = await file.stat();
    if (size === 0) return heading;
    const last = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    let isFirst = true;
    for await (const line of file.readLines({ start: 0, autoClose: false })) {
      const entry = entryOf(line);
      if (isFirst) rejectOther(path, subject, entry?.['checkpoint']);
      else if (entry !== undefined) onEntry(entry);
      isFirst = false;
    }
    return last.buffer.toString() === '\n' ? '' : '\n';
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (file === undefined && errorCode(error) === 'ENOENT') return heading;
    const message = `The checkpoint ${path} cannot be read (${reasonOf(error)}). Name another file with --checkpoint.`;
    throw new UsageError(message);
  } finally {
    await file?.close();
  }
}

function rejectOther(path: string, subject: string, found: unknown): void {
  if (found === subject) return;
  const what = typeof found === 'string' ? `the checkpoint of "${found}", not of "${subject}"` : 'no checkpoint';
  throw new UsageError(`${path} is ${what}. Name another file with --checkpoint, or delete this one.`);
}

function entryOf(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
