import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { reasonOf } from '../common/errorText';
import { UsageError } from '../common/exit';
import { fileBytes, standardInput } from '../input/inputFile';
import { type ArchiveFile, inOrder, isArchiveName } from './archiveFile';

/** The files of a folder and its subfolders, sorted by name; or the one file that is named, whatever its name. */
export async function folderArchive(path: string): Promise<ArchiveFile[]> {
  // A new version each time: standard input cannot be continued in the middle.
  if (path === standardInput)
    return [{ name: 'standard input', size: 0, version: randomUUID(), bytes: () => fileBytes(standardInput) }];
  const found = await stat(path).catch((error: unknown) => {
    throw new UsageError(`${path} cannot be read (${reasonOf(error)}). Name a folder, a file or a container's URL.`);
  });
  if (!found.isDirectory()) return [await fileOf(basename(path), path)];
  const files: ArchiveFile[] = [];
  for (const name of (await readdir(path, { recursive: true })).filter(isArchiveName)) {
    const file = join(path, name);
    if ((await stat(file)).isFile()) files.push(await fileOf(name.split(sep).join('/'), file));
  }
  return inOrder(files);
}

async function fileOf(name: string, path: string): Promise<ArchiveFile> {
  const { size, mtimeMs } = await stat(path);
  return { name, size, version: `${size}/${mtimeMs}`, bytes: () => createReadStream(path) };
}
