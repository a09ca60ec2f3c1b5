import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import type { DefenderRecord, Unreadable } from '../../../shared/defender/messageParts';
import { readMessage } from '../../../shared/defender/readMessage';
import { anyBody, mutatedMessage } from '../kit/envelopes';
import { record, tenantId } from '../kit/recordKit';
import { anyJson, writeJson } from '../kit/valueKit';

const reasons = ['InvalidJson', 'EmptyMessage', 'NotARecord', 'NoCategory', 'NoProperties'];

/** Everything about a part but its position and its functions. */
function contentOf(part: DefenderRecord | Unreadable): unknown {
  const { index: _, ...rest } =
    part.kind === 'record'
      ? { ...part, source: undefined, original: part.original() }
      : { ...part, bytes: part.bytes?.() };
  return rest;
}

function kinds(body: unknown, table?: string): string[] {
  return readMessage(body, { table }).map((part) => (part.kind === 'record' ? part.table : part.reason));
}

const one = `{"time":"t","tenantId":"${tenantId}","category":"AdvancedHunting-DeviceNetworkEvents","properties":{"ReportId":1}}`;

/** Whether a message may hold no part at all: only empty lists, perhaps wrapped. */
function isEmptyList(text: string): boolean {
  return /\[\s*\]/.test(text);
}

describe('any body', () => {
  test('is split without an error into parts numbered from 0, each a record or a reason', () => {
    fc.assert(
      fc.property(anyBody, (body) => {
        const parts = readMessage(body);
        expect(parts.map(({ index }) => index)).toEqual(parts.map((_, i) => i));
        for (const part of parts) {
          if (part.kind === 'record') {
            expect(typeof part.table).toBe('string');
            expect(typeof part.properties).toBe('object');
          } else {
            expect(reasons).toContain(part.reason);
            expect(part.error).toMatch(/\.$/);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('has at least one part, unless it is an empty list', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), mutatedMessage), (body) => {
        if (readMessage(body).length === 0) expect(isEmptyList(Buffer.from(body).toString())).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect([kinds('{"records":[]}'), kinds('[]'), kinds('{"body":{"Records":[]}}')]).toEqual([[], [], []]);
  });

  test('is never quoted in an error', () => {
    const secret = 'SECRETpayload';
    const put = fc.tuple(
      mutatedMessage,
      fc.nat(),
      fc.constantFrom(secret, `"${secret}"`, `{"${secret}":`, `,${secret}\n`),
    );
    const bodies = put.map(([bytes, position, text]) => {
      const at = position % (bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(text), bytes.subarray(at)]);
    });
    fc.assert(
      fc.property(bodies, (body) => {
        const errors = readMessage(body).map((part) => (part.kind === 'unreadable' ? part.error : ''));
        expect(errors.join('\n')).not.toContain('SECRET');
      }),
      { numRuns: 500 },
    );
  });

  const depth = 200_000;
  test.each([
    ['arrays', '['.repeat(depth) + ']'.repeat(depth), ['NotARecord']],
    ['arrays, cut off', '['.repeat(depth), ['InvalidJson']],
    ['objects', '{"a":'.repeat(depth) + '1' + '}'.repeat(depth), ['NoCategory']],
    ['bodies', '{"body":'.repeat(depth) + '1' + '}'.repeat(depth), ['NoCategory']],
    ['records', '{"records":['.repeat(depth) + ']}'.repeat(depth), ['NotARecord']],
    [
      'a column, beside a good record with a long number',
      `{"records":[{"category":"DeviceEvents","properties":{"x":${'['.repeat(depth)}${']'.repeat(depth)}}},{"category":"DeviceEvents","properties":{"ReportId":639199916335081329}}]}`,
      ['DeviceEvents', 'DeviceEvents'],
    ],
  ])('may be nested 200,000 levels deep: %s', (_, text, expected) => {
    expect(kinds(text)).toEqual(expected);
  });

  test('with invalid UTF-8 is read with U+FFFD instead', () => {
    const bytes = Buffer.concat([
      Buffer.from('{"category":"DeviceEvents","properties":{"a":"'),
      Buffer.from([0xff]),
      Buffer.from('"}}'),
    ]);
    const [part] = readMessage(bytes);
    expect(part?.kind === 'record' && part.properties).toEqual({ a: '\ufffd' });
  });

  test('with __proto__ changes no prototype', () => {
    readMessage(`{"__proto__":{"records":[${one}]},"polluted":1}`);
    readMessage(`{"records":[{"__proto__":{"category":"DeviceEvents","properties":{}}}]}`);
    expect(kinds('{"records":[{"__proto__":{"category":"DeviceEvents","properties":{}}}]}')).toEqual(['NoCategory']);
    expect(Reflect.get({}, 'records')).toBeUndefined();
  });
});

describe('records of one message', () => {
  test('are the same as each in a message of its own, whatever is beside them', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(record, anyJson), { minLength: 1, maxLength: 5 }), (ones) => {
        const together = readMessage(Buffer.from(writeJson({ records: ones }))).map(contentOf);
        const alone = ones.map((value) =>
          contentOf(readMessage(Buffer.from(writeJson({ records: [value] })))[0] ?? fail()),
        );
        expect(together.length).toBeGreaterThanOrEqual(ones.length);
        if (together.length === ones.length) expect(isDeepStrictEqual(together, alone)).toBe(true);
      }),
    );
  });

  test('each keep their numbers as written', () => {
    const text = `{"records":[${one},{"category":"DeviceEvents","properties":{"x":1.50,"y":1e2}}]}`;
    const sources = readMessage(text).map((part) => (part.kind === 'record' ? writeSource(part) : part.reason));
    expect(sources).toEqual(['{"ReportId":1}', '{"x":1.50,"y":1e2}']);
  });

  test('are kept with half a surrogate pair as the escape that it was: two such keys stay two', () => {
    const text = String.raw`{"category":"DeviceEvents","properties":{"\ud800":"\udc00","\ud801":1}}`;
    const [part] = readMessage(`{"records":[${text}]}`);
    expect(part?.kind === 'record' && part.original()).toBe(text);
    const [rejected] = readMessage(String.raw`{"records":["a\ud800"]}`);
    expect(rejected?.kind === 'unreadable' && String(rejected.bytes?.())).toBe(String.raw`"a\ud800"`);
  });
});

function fail(): never {
  throw new Error('The test meant a part.');
}

function writeSource({ source }: DefenderRecord): string {
  return JSON.stringify(source()).replace(/\{"text":"([^"]*)"\}/g, '$1');
}

describe('a message', () => {
  const network = 'DeviceNetworkEvents';
  test.each([
    ['an object with records', `{"records":[${one},${one}]}`, [network, network]],
    ['a record', one, [network]],
    ['an array of records', `[${one},${one}]`, [network, network]],
    ['an array of messages', `[{"records":[${one}]},${one}]`, [network, network]],
    ['JSON lines', `${one}\n${one}`, [network, network]],
    ['JSON lines with CRLF and empty ones', `\r\n${one}\r\n\r\n${one}\r\n`, [network, network]],
    ['JSON lines of messages', `{"records":[${one}]}\n{"records":[${one},${one}]}`, [network, network, network]],
    ['a body around it', `{"body":${one}}`, [network]],
    ['a body as text', `{"body":${JSON.stringify(`{"records":[${one}]}`)}}`, [network]],
    ['keys in any case', one.replace('category', 'CATEGORY').replace('properties', 'Properties'), [network]],
    ['RECORDS', `{"RECORDS":[${one}]}`, [network]],
    ['properties as text', '{"category":"DeviceEvents","properties":"{\\"a\\":1}"}', ['DeviceEvents']],
    ['a byte order mark', `\ufeff${one}`, [network]],
    ['a good and a broken line', `${one}\n{"records":[`, [network, 'InvalidJson']],
    ['broken lines only', '{"records":[\n{"a":', ['InvalidJson']],
    ['a record cut off', one.slice(0, -5), ['InvalidJson']],
    ['nothing', '', ['EmptyMessage']],
    ['white space', ' \r\n\t', ['EmptyMessage']],
    ['null', 'null', ['NotARecord']],
    ['a number', '42', ['NotARecord']],
    ['a text', '"abc"', ['NotARecord']],
    ['records that are no list', '{"records":{}}', ['NoCategory']],
    [
      'items that are no records',
      '{"records":[null,1,"a",[],{}]}',
      ['NotARecord', 'NotARecord', 'NotARecord', 'NotARecord', 'NoCategory'],
    ],
    ['a category that is no text', '{"category":5,"properties":{}}', ['NoCategory']],
    ['an empty category', '{"category":" ","properties":{}}', ['NoCategory']],
    ['no properties', '{"category":"DeviceEvents"}', ['NoProperties']],
    ['properties of null', '{"category":"DeviceEvents","properties":null}', ['NoProperties']],
    ['properties of a list', '{"category":"DeviceEvents","properties":[]}', ['NoProperties']],
    ['properties of broken text', '{"category":"DeviceEvents","properties":"{"}', ['NoProperties']],
  ])('of %s is understood', (_, text, expected) => {
    expect(kinds(text)).toEqual(expected);
    expect(kinds(Buffer.from(text))).toEqual(expected);
  });

  test('with a bare row needs the name of its table', () => {
    const row = '{"Timestamp":"2026-01-01T00:00:00Z","ActionType":"ConnectionSuccess"}';
    expect([kinds(row), kinds(row, 'DeviceNetworkEvents'), kinds(`[${row},${row}]`, 'devicenetworkevents')]).toEqual([
      ['NoCategory'],
      [network],
      [network, network],
    ]);
  });

  test('that is already parsed is read the same', () => {
    expect(kinds(JSON.parse(`{"records":[${one}]}`))).toEqual([network]);
    expect([kinds(null), kinds(undefined), kinds(5n), kinds(() => 1)]).toEqual(
      Array.from({ length: 4 }, () => ['EmptyMessage']),
    );
  });

  test('returns the fields of the envelope as sent, and the record as it was', () => {
    const [part] = readMessage(
      `{"records":[{"Time":"a","TENANTID":" B ","_timereceivedbysvc":5,"category":"x","properties":{"n":null}}]}`,
    );
    expect(part).toMatchObject({
      kind: 'record',
      index: 0,
      table: 'x',
      time: 'a',
      tenantId: ' B ',
      received: 5,
      properties: { n: null },
    });
  });

  test('reports envelopes that are nested too deeply', () => {
    const text = `${'{"records":['.repeat(6)}${one}${']}'.repeat(6)}`;
    expect(readMessage(text)).toMatchObject([
      { reason: 'NotARecord', error: 'More than 4 envelopes lie inside each other.' },
    ]);
  });
});
