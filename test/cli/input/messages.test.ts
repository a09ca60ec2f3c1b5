import * as fc from 'fast-check';
import { messagesOf } from '../../../cli/input/inputMessages';
import { batched } from '../../../cli/map/batchMessages';

/** Number and text of each message that the file holds, given in these chunks. */
async function read(chunks: readonly (string | Uint8Array)[], limit?: number): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const { sequenceNumber, body } of messagesOf(bytesOf(chunks), limit === undefined ? {} : { limit })) {
    found.push([sequenceNumber, Buffer.from(body instanceof Uint8Array ? body : []).toString('utf8')]);
  }
  return found;
}

async function* bytesOf(chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (let i = 0; ; i++) yield Buffer.from(`{"i":${i}}\n`);
}

async function* five(): AsyncGenerator<{ sequenceNumber: string; body: Uint8Array }> {
  for (const sequenceNumber of ['1', '2', '3', '4', '5']) yield { sequenceNumber, body: Buffer.alloc(10) };
}

async function sizes(most: number, mostBytes: number): Promise<number[]> {
  const found: number[] = [];
  for await (const batch of batched(five(), most, mostBytes)) found.push(batch.length);
  return found;
}

describe('the messages of a file', () => {
  test('if the first line is JSON, each line is a message; blank lines are skipped, line numbers are those of an editor', async () => {
    expect(await read(['{"a":1}\n\n  \n{"b":2}\r\n{"c":3}'])).toEqual([
      ['1', '{"a":1}'],
      ['4', '{"b":2}\r'],
      ['5', '{"c":3}'],
    ]);
  });

  test('a broken later line is a message of its own', async () => {
    expect(await read(['{"a":1}\n{"b":\n{"c":3}\n'])).toEqual([
      ['1', '{"a":1}'],
      ['2', '{"b":'],
      ['3', '{"c":3}'],
    ]);
  });

  test('a pretty-printed document is one message', async () => {
    const text = '\n{\n  "records": [\n    {}\n  ]\n}\n';
    const messages = await read([text]);
    expect(messages).toHaveLength(1);
    expect(messages[0]?.[0]).toBe('2');
    expect(JSON.parse(messages[0]?.[1] ?? '')).toEqual({ records: [{}] });
  });

  test('a broken first line before readable ones: one message per line', async () => {
    expect(await read(['{"a":\n{"b":2}\n'])).toEqual([
      ['1', '{"a":'],
      ['2', '{"b":2}'],
    ]);
  });

  test('a document that is cut off is one message, not one per line', async () => {
    expect(await read(['{\n  "records": [\n    {\n      "time": "x"\n'])).toHaveLength(1);
  });

  test('an empty file is one empty message', async () => {
    expect(await read([])).toEqual([['1', '']]);
    expect(await read([' \n\t\r\n'])).toEqual([['1', '']]);
  });

  test('a byte order mark does not hide that the first line is JSON', async () => {
    expect(await read(['\ufeff{"a":1}\n{"b":2}'])).toHaveLength(2);
  });

  test('only line feeds end a line: JSON text may hold U+2028', async () => {
    expect(await read(['{"a":"x\u2028y"}\n{"b":"\u0085"}'])).toEqual([
      ['1', '{"a":"x\u2028y"}'],
      ['2', '{"b":"\u0085"}'],
    ]);
  });

  test('a line or a document above the limit is an error; it does not fill the memory', async () => {
    await expect(read(['{"a":"', 'xxxxxxxxxx', 'xxxxxxxxxx'], 20)).rejects.toThrow(/^line 1 is longer than 20 bytes/);
    await expect(read(['{\n', '"a":1,\n'.repeat(10)], 20)).rejects.toThrow(/larger than 20 bytes/);
  });

  test('the chunks of the file do not matter', async () => {
    const line = fc.constantFrom('{"a":1}', '{"ü":"€\u2028"}', '', ' ', '{"cut":', '[1,2]', '{', '}');
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat(60)), async (lines, cuts) => {
        const bytes = Buffer.from(lines.join('\n'));
        const ends = [...cuts.filter((cut) => cut < bytes.length), bytes.length].toSorted((a, b) => a - b);
        const chunks = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
        expect(await read(chunks)).toEqual(await read([bytes]));
      }),
    );
  });

  test('lines are read one by one, so an endless file can be read', async () => {
    const lines = messagesOf(endless());
    await lines.next();
    expect((await lines.next()).value).toMatchObject({ sequenceNumber: '2' });
    await lines.return();
  });
});

test('batches are limited in messages and in bytes', async () => {
  expect(await sizes(2, 1000)).toEqual([2, 2, 1]);
  expect(await sizes(100, 30)).toEqual([3, 2]);
});
