import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointFile } from '../../../cli/common/checkpointFile';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-'));
  path = join(folder, 'checkpoint.ndjson');
});
afterEach(() => rm(folder, { recursive: true }));

/** Opens the file, adds entries, closes it; gives what was there before. */
async function visit(add: readonly number[], subject = 'this', isReadOnly = false): Promise<unknown[]> {
  const found: unknown[] = [];
  const file = await CheckpointFile.open({ path, subject, isReadOnly, onEntry: ({ n }) => found.push(n) });
  await file.append(add.map((n) => ({ n })));
  await file.close();
  return found;
}

test('one run reads what the run before wrote', async () => {
  expect(await visit([1, 2])).toEqual([]);
  expect(await visit([3])).toEqual([1, 2]);
  expect(await visit([])).toEqual([1, 2, 3]);
  expect(await readFile(path, 'utf8')).toBe('{"checkpoint":"this"}\n{"n":1}\n{"n":2}\n{"n":3}\n');
});

test('a cut-off line is ignored, and the next entry gets its own line', async () => {
  await visit([1, 2]);
  await appendFile(path, '{"n":');
  expect(await visit([4])).toEqual([1, 2]);
  expect(await visit([])).toEqual([1, 2, 4]);
});

test('an empty file counts as a new one', async () => {
  await writeFile(path, '');
  expect(await visit([1])).toEqual([]);
  expect(await visit([])).toEqual([1]);
});

test('read-only creates no file', async () => {
  expect(await visit([], 'this', true)).toEqual([]);
  await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a checkpoint of another subject, or another file, is rejected and not changed', async () => {
  await visit([1]);
  await expect(visit([2], 'that')).rejects.toThrow(
    `${path} is the checkpoint of "this", not of "that". Name another file with --checkpoint, or delete this one.`,
  );
  expect(await visit([])).toEqual([1]);
  await writeFile(path, '{"n":1}\n');
  await expect(visit([2])).rejects.toThrow(`${path} is no checkpoint.`);
  await writeFile(path, 'rows\n');
  await expect(visit([2])).rejects.toThrow(`${path} is no checkpoint.`);
  expect(await readFile(path, 'utf8')).toBe('rows\n');
});

test('a missing folder, or a folder in place of the file, is an error that names it', async () => {
  path = join(folder, 'nowhere', 'checkpoint.ndjson');
  await expect(visit([1])).rejects.toThrow(`The checkpoint ${path} cannot be written (ENOENT`);
  path = folder;
  await expect(visit([1])).rejects.toThrow(`The checkpoint ${path} cannot be read (EISDIR`);
});

test('an entry that cannot be written is an error with the file, the consequence and the code of the system', async () => {
  const file = await CheckpointFile.open({ path, subject: 'this', isReadOnly: false, onEntry: () => undefined });
  await file.close();
  await expect(file.append([{ n: 1 }])).rejects.toMatchObject({
    code: 'EBADF',
    message: expect.stringMatching(/^The checkpoint .*checkpoint\.ndjson cannot be written .*sends again/) as unknown,
  });
});
