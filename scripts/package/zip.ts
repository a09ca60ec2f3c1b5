import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';

export interface Packed {
  readonly zip: Uint8Array;
  /** Bytes of each file before it is compressed, by its path in the zip. */
  readonly files: ReadonlyMap<string, number>;
}

/** An ordinary file that everybody may read, on Unix (3 in a zip). */
const attributes = { os: 3, attrs: 0o100_644 * 0x1_00_00 };

/** Packs a folder. The same files give the same bytes, on every system and at any time. */
export function zipOf(folder: string): Packed {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .toSorted();
  const files = Object.fromEntries(
    paths.map((path) => [path.replaceAll('\\', '/'), new Uint8Array(readFileSync(join(folder, path)))]),
  );
  // A zip holds local time. This is the first that it can hold, wherever we are.
  const zip = zipSync(files, { level: 9, mtime: new Date(1980, 0, 1), ...attributes });
  return { zip, files: new Map(Object.entries(files).map(([path, { length }]) => [path, length])) };
}
