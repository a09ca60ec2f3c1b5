import * as fc from 'fast-check';
import { maxMessageBytes, type Packed, pack } from '../../../cli/backfill/packMessages';
import { messagesOf } from '../../../cli/input/inputMessages';
import { readMessage } from '../../../shared/defender/readMessage';

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function packed(text: string, after = 0, maxBytes = maxMessageBytes): Promise<Packed[]> {
  const all: Packed[] = [];
  for await (const one of pack(messagesOf(bytesOf(text)), after, maxBytes)) all.push(one);
  return all;
}

function bodies(all: readonly Packed[]): string[] {
  return all.map(({ body }) => body.toString());
}

test('records of the storage export share an envelope, byte for byte', async () => {
  const text = '{"category":"A","n":12345678901234567890}\r\n\n{ "Category" : "B" }\n';
  const all = await packed(text);
  expect(bodies(all)).toEqual(['{"records":[{"category":"A","n":12345678901234567890}\r,{ "Category" : "B" }]}']);
  expect(all).toMatchObject([{ records: 2, line: 3, isNoJson: false }]);
});

test('any other line is a message of its own, in order and unchanged', async () => {
  const lines = [
    '{"category":"A"}',
    '{"records":[{"category":"B"},{"category":"C"}]}',
    '{"category":"D"',
    '[{"category":"E"}]',
    '42',
    '{"category":"F"}',
  ];
  const all = await packed(lines.join('\n'));
  expect(bodies(all)).toEqual([
    '{"records":[{"category":"A"}]}',
    ...lines.slice(1, 5),
    '{"records":[{"category":"F"}]}',
  ]);
  expect(all.map(({ records, line, isNoJson }) => [records, line, isNoJson])).toEqual([
    [1, 1, false],
    [2, 2, false],
    [1, 3, true],
    [1, 4, false],
    [1, 5, false],
    [1, 6, false],
  ]);
});

test('a document on many lines is one message; one that is too large is split, without rounding a number', async () => {
  const document =
    '{\n  "records": [\n    {"category": "A", "n": 12345678901234567890},\n    {"category": "B"}\n  ]\n}\n';
  expect(bodies(await packed(document))).toEqual([document]);
  const apart = await packed(document, 0, 50);
  expect(bodies(apart)).toEqual([
    '{"records":[{"category":"A","n":12345678901234567890}]}',
    '{"records":[{"category":"B"}]}',
  ]);
  // Only with the last of them is the document done.
  expect(apart.map(({ line }) => line)).toEqual([0, 1]);
});

test('an empty file is no message', async () => {
  expect(await packed('')).toEqual([]);
  expect(await packed('\n \n')).toEqual([]);
});

const record = fc
  .record({
    category: fc.constantFrom('DeviceEvents', 'DeviceInfo'),
    properties: fc.dictionary(fc.string(), fc.integer()),
  })
  .map((value) => JSON.stringify(value));
const line = fc.oneof({ weight: 4, arbitrary: record }, { weight: 1, arbitrary: fc.constantFrom('{"cut', '[]', 'x') });
/** The first line is a record, so that the file is read line by line. */
const file = fc.tuple(record, fc.array(line, { maxLength: 20 })).map(([first, more]) => [first].concat(more));

test('the app reads the records of the file in their order', async () => {
  await fc.assert(
    fc.asyncProperty(file, fc.integer({ min: 30, max: 400 }), async (lines, maxBytes) => {
      const all = await packed(lines.join('\n'), 0, maxBytes);
      const read = all.flatMap(({ body }) => readMessage(body));
      const expected = lines.flatMap((one) => readMessage(Buffer.from(one)));
      expect(read.map(({ kind }) => kind)).toEqual(expected.map(({ kind }) => kind));
      expect(read.map((one) => (one.kind === 'record' ? one.original() : one.reason))).toEqual(
        expected.map((one) => (one.kind === 'record' ? one.original() : one.reason)),
      );
    }),
  );
});

test('no message exceeds the limit, unless a single record does', async () => {
  await fc.assert(
    fc.asyncProperty(file, fc.integer({ min: 30, max: 400 }), async (lines, maxBytes) => {
      const frame = '{"records":[]}'.length;
      for (const { body, records } of await packed(lines.join('\n'), 0, maxBytes)) {
        if (records > 1) expect(body.length).toBeLessThanOrEqual(maxBytes + frame);
      }
    }),
  );
});

test('continuing after the line of any message gives the remaining messages', async () => {
  await fc.assert(
    fc.asyncProperty(file, fc.nat(), async (lines, pick) => {
      const text = lines.join('\n');
      const all = await packed(text, 0, 200);
      const done = pick % all.length;
      const rest = await packed(text, all[done]?.line, 200);
      expect(bodies(rest)).toEqual(bodies(all.slice(done + 1)));
    }),
  );
});
