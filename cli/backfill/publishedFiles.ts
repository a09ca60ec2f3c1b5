import type { JsonObject } from '../../shared/json';
import type { ArchiveFile } from './archiveFile';

/** How far a file was published. */
interface Progress {
  readonly version: string;
  /** All lines up to this one. */
  readonly line: number;
  readonly isDone: boolean;
}

/** How far each file of an archive has been published, from a checkpoint. */
export class PublishedFiles {
  readonly #progress = new Map<string, Progress>();

  /** Reads one entry of the checkpoint; a later one replaces an earlier one. */
  read({ file, version, line, done }: JsonObject): void {
    if (typeof file !== 'string' || typeof version !== 'string') return;
    if (typeof line !== 'number' || typeof done !== 'boolean') return;
    this.#progress.set(file, { version, line, isDone: done });
  }

  /** A changed file begins again: it may have changed before this line, and records that come twice do no harm. */
  of({ name, version }: ArchiveFile): Pick<Progress, 'line' | 'isDone'> {
    const progress = this.#progress.get(name);
    return progress?.version === version ? progress : { line: 0, isDone: false };
  }
}

/** The entry that `PublishedFiles` reads. */
export function progressEntry(
  { name, version }: Pick<ArchiveFile, 'name' | 'version'>,
  line: number,
  done: boolean,
): JsonObject {
  return { file: name, version, line, done };
}
