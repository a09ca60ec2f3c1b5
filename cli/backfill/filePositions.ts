import type { JsonObject } from '../../shared/json';
import type { ArchiveFile } from './archiveFile';

/** How far a file was published. */
interface Position {
  readonly version: string;
  /** All lines up to this one. */
  readonly line: number;
  readonly isDone: boolean;
}

/** How far each file of an archive has been published, from a checkpoint. */
export class Positions {
  readonly #positions = new Map<string, Position>();

  /** Reads one entry of the checkpoint; a later one replaces an earlier one. */
  read({ file, version, line, done }: JsonObject): void {
    if (typeof file !== 'string' || typeof version !== 'string') return;
    if (typeof line !== 'number' || typeof done !== 'boolean') return;
    this.#positions.set(file, { version, line, isDone: done });
  }

  /** A changed file begins again: it may have changed before this line, and records that come twice do no harm. */
  of({ name, version }: ArchiveFile): Pick<Position, 'line' | 'isDone'> {
    const position = this.#positions.get(name);
    return position?.version === version ? position : { line: 0, isDone: false };
  }
}

/** The entry that `Positions` reads. */
export function positionEntry(
  { name, version }: Pick<ArchiveFile, 'name' | 'version'>,
  line: number,
  done: boolean,
): JsonObject {
  return { file: name, version, line, done };
}
