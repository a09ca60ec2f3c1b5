import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StreamFile } from '../../src/ingestion/streamFile';

jest.mock('node:fs/promises', () => {
  const real = jest.requireActual<typeof fs>('node:fs/promises');
  return { ...real, open: jest.fn(real.open) };
});

/** The next file to be opened writes half of what its second append is given, and then has no room left. */
function fillDiskAtSecondAppend(truncates: boolean): void {
  const { open } = jest.requireActual<typeof fs>('node:fs/promises');
  jest.mocked(fs.open).mockImplementationOnce(async (...call) => {
    const file = await open(...call);
    const append = file.appendFile.bind(file);
    jest
      .spyOn(file, 'appendFile')
      .mockImplementationOnce(append)
      .mockImplementationOnce(async (bytes) => {
        await append(bytes.slice(0, 10));
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      });
    if (!truncates) jest.spyOn(file, 'truncate').mockRejectedValueOnce(new Error('EIO: i/o error, ftruncate'));
    return file;
  });
}

let directory: string;
let file: StreamFile;

beforeEach(async () => {
  directory = await fs.mkdtemp(join(tmpdir(), 'torn-'));
  file = new StreamFile(directory, 'rows.ndjson');
});

afterEach(async () => {
  await file.close();
  await fs.rm(directory, { recursive: true, force: true });
});

async function lines(): Promise<string[]> {
  const found: string[] = [];
  for await (const { text } of file.lines()) found.push(text);
  return found;
}

test('what a failed write left is removed, and the next write continues', async () => {
  fillDiskAtSecondAppend(true);
  await file.append(['{"Small":1}']);
  await expect(file.append(['{"Small":2}', '{"Small":3}'])).rejects.toThrow('ENOSPC');
  await file.append(['{"Small":4}']);
  expect(await lines()).toEqual(['{"Small":1}', '{"Small":4}']);
  expect(await fs.readFile(join(directory, 'rows.ndjson'), 'utf8')).toBe('{"Small":1}\n{"Small":4}\n');
});

test('if it cannot be removed, nothing more is written and whole lines can still be read', async () => {
  fillDiskAtSecondAppend(false);
  await file.append(['{"Small":1}']);
  await expect(file.append(['{"Small":2}'])).rejects.toThrow('ENOSPC');
  await expect(file.append(['{"Small":3}'])).rejects.toThrow('could not be removed');
  expect(await lines()).toEqual(['{"Small":1}']);
});

test('after close nothing is written', async () => {
  await file.append(['{"Small":1}']);
  await file.close();
  await expect(file.append(['{"Small":2}'])).rejects.toThrow('is closed');
  expect(await lines()).toEqual(['{"Small":1}']);
});
