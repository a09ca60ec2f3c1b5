import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { folderArchive } from '../../../cli/backfill/folderArchive';
import { plainBytes } from '../../../cli/input/plainBytes';

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function plain(bytes: Buffer, size = 1000): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of plainBytes(inChunks(bytes, size))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('gzip is unpacked and a byte order mark removed, whatever the chunks', async () => {
  const content = fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.concat([Buffer.from('{'), bytes]));
  await fc.assert(
    fc.asyncProperty(content, fc.integer({ min: 1, max: 9 }), fc.boolean(), async (bytes, size, isMarked) => {
      const marked = isMarked ? Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]) : bytes;
      expect(await plain(marked, size)).toEqual(bytes);
      expect(await plain(gzipSync(marked), size)).toEqual(bytes);
      // Append blobs may hold one gzip after the other.
      expect(await plain(Buffer.concat([gzipSync(marked), gzipSync(bytes)]), size)).toEqual(
        Buffer.concat([bytes, bytes]),
      );
    }),
  );
});

test('an empty file stays empty', async () => {
  expect(await plain(Buffer.alloc(0))).toEqual(Buffer.alloc(0));
  expect(await plain(gzipSync(''))).toEqual(Buffer.alloc(0));
});

test('gzip that ends too early is an error, and so is an error of the source', async () => {
  await expect(plain(gzipSync('abcdef'.repeat(1000)).subarray(0, -9))).rejects.toThrow('unexpected end of file');
  await expect(drain(plainBytes(broken()))).rejects.toThrow('The disk is gone.');
});

async function* broken(): AsyncGenerator<Uint8Array> {
  yield gzipSync('abcdef');
  throw new Error('The disk is gone.');
}

async function drain(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of bytes);
}

describe('a folder', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'archive-'));
    await mkdir(join(folder, 'h=10', 'm=00'), { recursive: true });
    await mkdir(join(folder, 'folder.json'));
    for (const name of ['b.json', 'a.NDJSON', 'c.jsonl.gz', 'd.log', 'notes.txt', 'e.json.bak']) {
      await writeFile(join(folder, name), name);
    }
    await writeFile(join(folder, 'h=10', 'm=00', 'PT1H.json'), '{}');
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('lists the files of the storage export in it and its subfolders, sorted by name, with slashes', async () => {
    const files = await folderArchive(folder);
    expect(files.map(({ name, size }) => [name, size])).toEqual([
      ['a.NDJSON', 8],
      ['b.json', 6],
      ['c.jsonl.gz', 10],
      ['d.log', 5],
      ['h=10/m=00/PT1H.json', 2],
    ]);
  });

  test('a file that is named itself is read whatever its name', async () => {
    expect(await folderArchive(join(folder, 'notes.txt'))).toMatchObject([{ name: 'notes.txt', size: 9 }]);
  });

  test('the version changes with the content', async () => {
    const path = join(folder, 'b.json');
    const before = await folderArchive(path);
    await writeFile(path, 'longer than before');
    const after = await folderArchive(path);
    expect(after[0]?.version).not.toBe(before[0]?.version);
  });

  test('a path that does not exist is an error that names it', async () => {
    await expect(folderArchive(join(folder, 'nowhere'))).rejects.toThrow(/nowhere cannot be read \(ENOENT/);
  });
});
