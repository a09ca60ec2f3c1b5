import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { reasonOf } from '../azure/hubError';
import { UsageError } from '../common/exit';
import { fileBytes, standardInput } from '../input/inputFile';
import { type ArchiveFile, inOrder, isArchiveName } from './archiveFile';

/** The files of a folder and those below it, by their names; a file that is named itself is taken whatever it is called. */
export async function folderArchive(path: string): Promise<ArchiveFile[]> {
  if (path === standardInput) return [stdin()];
  const found = await stat(path).catch((error: unknown) => {
    throw new UsageError(`${path} cannot be read (${reasonOf(error)}). Name a folder, a file or a container's URL.`);
  });
  if (!found.isDirectory()) return [await fileOf(basename(path), path)];
  const names = (await readdir(path, { recursive: true })).filter(isArchiveName);
  const files: ArchiveFile[] = [];
  for (const name of names) {
    const file = join(path, name);
    if ((await stat(file)).isFile()) files.push(await fileOf(name.split(sep).join('/'), file));
  }
  return inOrder(files);
}

/** Nobody can go on in the middle of it: each time it is another file. */
function stdin(): ArchiveFile {
  return { name: 'standard input', size: 0, version: randomUUID(), bytes: () => fileBytes(standardInput) };
}

async function fileOf(name: string, path: string): Promise<ArchiveFile> {
  const { size, mtimeMs } = await stat(path);
  return { name, size, version: `${size}/${mtimeMs}`, bytes: () => createReadStream(path) };
}
