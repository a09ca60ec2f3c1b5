import * as fc from 'fast-check';
import type { DefenderRecord, Unreadable } from '../../../shared/defender/messageParts';
import { mapMessage, readMessage } from '../../../shared/defender/readMessage';
import { record } from '../kit/recordKit';
import { writeJson } from '../kit/valueKit';

type Part = DefenderRecord | Unreadable;

/** All that a part says, with what it makes when asked. */
function contentOf(part: Part): unknown {
  if (part.kind === 'unreadable') return { ...part, bytes: part.bytes && Buffer.from(part.bytes()).toString('hex') };
  return { ...part, source: part.source(), original: part.original() };
}

function expectNoDifference(body: Uint8Array, table?: string): void {
  expect(mapMessage(body, contentOf, { table })).toEqual(readMessage(body, { table }).map(contentOf));
}

/** The message as Defender writes it: no white space, nothing but the list. */
function messageOf(...records: readonly string[]): string {
  return `{"records":[${records.join(',')}]}`;
}
function recordOf(columns: string, rest = ''): string {
  return `{"time":"2026-11-20T09:14:33Z","category":"AdvancedHunting-DeviceNetworkEvents","properties":{${columns}}${rest}}`;
}
const a = recordOf('"ReportId":1');
const b = recordOf('"ReportId":2');
const c = recordOf('"ReportId":3');

/** The longest text that is parsed while a message is read record by record. */
function longestParsed(body: string): number {
  const parse = jest.spyOn(JSON, 'parse');
  mapMessage(Buffer.from(body), ({ kind }) => kind);
  const longest = Math.max(...parse.mock.calls.map(([text]) => text.length));
  parse.mockRestore();
  return longest;
}

describe('a message as Defender sends it', () => {
  test('is parsed record by record, never as a whole', () => {
    expect(longestParsed(messageOf(a, b, c))).toBe(a.length);
  });

  test('gives one record after the other: the first is mapped before the second is parsed', () => {
    const parse = jest.spyOn(JSON, 'parse');
    const parsed = mapMessage(Buffer.from(messageOf(a, b)), () => parse.mock.calls.length);
    parse.mockRestore();
    expect(parsed).toEqual([1, 2]);
  });

  test('counts records from 0', () => {
    expect(mapMessage(Buffer.from(messageOf(a, b, c)), ({ index }) => index)).toEqual([0, 1, 2]);
  });

  test('is read as a whole if a later record is damaged, and each record is given once', () => {
    const body = Buffer.from(messageOf(a, b, '{"time":"2026-11-20T09:14:33Z","category":'));
    const parts = mapMessage(body, (part) => (part.kind === 'record' ? part.properties['ReportId'] : part.reason));
    expect(parts).toEqual([1, 2, 'InvalidJson']);
  });
});

describe('a message read record by record gives what it gives as a whole', () => {
  const start = '{"time":"2026-11-20T09:14:33Z"';
  test.each<[string, string]>([
    ['one record', messageOf(a)],
    ['three records', messageOf(a, b, c)],
    ['no record', messageOf()],
    ['an empty element', messageOf(a, '', b)],
    ['a comma at the end', messageOf(a, '')],
    ['an element that is no object', messageOf(a, '5', b)],
    ['an array between records', messageOf(a, '[1]', b)],
    ['white space between records', messageOf(a, ` ${b}`, `\n${c}`)],
    ['a line break at the end', `${messageOf(a, b)}\n`],
    ['a byte order mark', `\ufeff${messageOf(a, b)}`],
    ['two messages as lines', `${messageOf(a)}\n${messageOf(b)}`],
    ['two messages without a line break', `${messageOf(a)}${messageOf(b)}`],
    ['a second list', `{"records":[${a}],"records":[${b}]}`],
    ['a second list in an element', messageOf(a, `{"time":1,"records":[${b}],"records":[${c}]}`)],
    ['a field after the list', `{"records":[${a},${b}],"more":1}`],
    ['a field after the list that ends like one', `{"records":[${a}],"more":[1]}`],
    ['the beginning of a record inside of a record', messageOf(recordOf(`"A":[{"x":1},${start}}]`), b)],
    ['the beginning of a record in a text', messageOf(recordOf(String.raw`"A":"},{\"time\":"`), b)],
    ['a record in another order', messageOf(a, '{"category":"DeviceInfo","time":"x","properties":{}}', b)],
    ['a record that has no properties', messageOf(a, '{"time":"x","category":"DeviceInfo"}', b)],
    ['a record without a category', messageOf(a, '{"time":"x","properties":{}}', b)],
    ['properties as text', messageOf(a, '{"time":"x","category":"DeviceInfo","properties":"{\\"A\\":1}"}')],
    ['long numbers', messageOf(recordOf('"ReportId":12345678901234567890,"B":1e400,"C":1.50'), b)],
    ['a key twice', messageOf(recordOf('"ReportId":12345678901234567890,"ReportId":1'), b)],
    ['the key __proto__', messageOf(recordOf('"__proto__":{"a":1}', ',"__proto__":1'), b)],
    ['characters beyond ASCII', messageOf(recordOf('"A":"Zürich € 😀"'), b)],
    ['raw control characters', messageOf(recordOf('"A":"x\ty"'), b)],
    ['envelopes in each other', messageOf(`{"time":1,"records":[${a},{"time":2,"records":[${b}]}]}`, c)],
    ['a body', messageOf(`{"time":1,"body":${JSON.stringify(a)}}`, b)],
    ['unknown fields', messageOf(recordOf('"A":1', ',"New":{"a":1}'), b)],
    ['the end missing', messageOf(a, b).slice(0, -1)],
    ['the last record cut', messageOf(a, b).slice(0, -10)],
    ['a first key that is long', messageOf(`{"${'k'.repeat(100)}":1}`, a)],
    ['a first key with an escape', messageOf('{"\\u0074ime":1}', a)],
  ])('with %s', (_, text) => {
    expectNoDifference(Buffer.from(text));
    expectNoDifference(Buffer.from(text), 'DeviceNetworkEvents');
  });

  test('with bytes that are no UTF-8, also beside the ends of a record', () => {
    const text = Buffer.from(messageOf(recordOf('"A":"#"'), recordOf('"B":"#"'), '#'), 'latin1');
    for (const wrong of [[0xff], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xed, 0xa0, 0x80]]) {
      const bytes = [...text].flatMap((byte) => (byte === 0x23 ? wrong : [byte]));
      expectNoDifference(Uint8Array.from(bytes));
    }
  });

  test('for any records', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 5 }), (records) => {
        expectNoDifference(Buffer.from(writeJson({ records })));
      }),
      { numRuns: 300 },
    );
  });

  test('with any piece of a message cut out, doubled or written over', () => {
    const usual = Buffer.from(messageOf(a, recordOf('"A":"Zürich","B":[{"time":1},{"time":2}]'), b, c));
    const piece = fc
      .tuple(fc.nat(usual.length), fc.nat(40))
      .map(([from, length]) => ({ start: from, end: from + length }));
    const written = fc.constantFrom('', '"', '\\', '},{"time":', ']}', '{"records":[', '\n', '\xff');
    fc.assert(
      fc.property(piece, fc.oneof(written, piece), (cut, other) => {
        const inserted =
          typeof other === 'string' ? Buffer.from(other, 'latin1') : usual.subarray(other.start, other.end);
        expectNoDifference(Buffer.concat([usual.subarray(0, cut.start), inserted, usual.subarray(cut.end)]));
      }),
      { numRuns: 2000 },
    );
  });
});
