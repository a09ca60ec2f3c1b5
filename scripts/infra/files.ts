import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of a file of the repository at `root`, with the line ends of the repository. */
export function read(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n');
}

/** Paths of the files below a folder with one of these endings, in order, with slashes. */
export function filesIn(root: string, folder: string, ...endings: string[]): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .toSorted();
}
