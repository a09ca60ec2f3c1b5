import * as fc from 'fast-check';
import { readMessage } from '../../../shared/defender/readMessage';
import { salvage } from '../../../shared/defender/salvage';

function recordText(id: number, more = ''): string {
  const properties = `{"Timestamp":"2026-11-20T09:00:41Z","DeviceId":"d","ReportId":${id},"RemoteUrl":"a{b}[c],\\"${more}"}`;
  return `{"time":"t","tenantId":"u","category":"AdvancedHunting-DeviceNetworkEvents","properties":${properties},"Tenant":"DefaultTenant"}`;
}

function messageWith(...records: readonly string[]): string {
  return `{"records":[${records.join(',')}]}`;
}

/** ReportIds of the records, and the bytes of each damaged part. */
function read(body: string | Uint8Array, table?: string): unknown[] {
  return readMessage(body, { table }).map((part) =>
    part.kind === 'record' ? part.properties['ReportId'] : Buffer.from(part.bytes?.() ?? []).toString(),
  );
}

const [one, two, three] = [recordText(1), recordText(2), recordText(3)];
const cut = two.slice(0, 150);

describe('of a damaged message', () => {
  test.each<[string, string, unknown[]]>([
    [
      'a record with a quote too few',
      messageWith(one, two.replace('":2', ':2'), three),
      [1, two.replace('":2', ':2'), 3],
    ],
    [
      'a record with a quote too many',
      messageWith(one, two.replace('"u"', '"u""'), three),
      [1, two.replace('"u"', '"u""'), 3],
    ],
    ['a record cut off before the next', messageWith(one, cut, three), [1, cut, 3]],
    ['the end cut off', messageWith(one, two, three).slice(0, -20), [1, 2, three.slice(0, -18)]],
    ['the closing brackets missing', messageWith(one, two).slice(0, -2), [1, 2]],
    ['the beginning cut off', messageWith(one, two).slice(40), [messageWith(one).slice(40, -2), 2]],
    ['a comma missing', messageWith(`${one}${two}`, three), [1, 2, 3]],
    ['a stray word', messageWith(one, 'x', two), [1, 'x', 2]],
    ['two damaged records side by side', messageWith(cut, cut, three), [`${cut},${cut}`, 3]],
    ['two messages in one', messageWith(one) + messageWith(two), [1, 2]],
    [
      'a wrong byte in the key of the list',
      messageWith(one, two).replace('rec', 'rec\u0001'),
      ['{"rec\u0001ords":[', 1, 2],
    ],
    [
      'a wrong escape before the list',
      messageWith(one, two).replace('{', '{"a\\q":1,'),
      ['{"a\\q":1,"records":[', 1, 2],
    ],
    ['a wrapper in a damaged wrapper', `{"a\\q":{"b":{"c":[${one}]}}}`, ['{"a\\q":{"b":{"c":[', 1]],
    ['a sound field before the list', messageWith(one, 'x', two).replace('{', '{"a":{"b":[1]},'), [1, 'x', 2]],
    ['a sound field behind the list', `${messageWith(one, 'x', two).slice(0, -1)},"a":{"b":[1]}}`, [1, 'x', 2]],
    ['sound fields in a body', `[{"body":{"a":1,${messageWith(one, 'x', two).slice(1)}}]`, [1, 'x', 2]],
    ['a sound field before a key cut off', `{"a":1,"records":[${cut},${three}]}`, [`{"a":1,"records":[${cut}`, 3]],
    ['a line of lines', `${one}\n${cut}\n${three}\n`, [1, cut, 3]],
    [
      'a brace that closes properties early',
      messageWith(one, two.replace('"DeviceId"', '"x":1},"DeviceId"')),
      [1, expect.any(String)],
    ],
  ])('each intact record is read, each damaged part kept: %s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
    expect(read(Buffer.from(text))).toEqual(expected);
  });

  test('the bytes of a damaged range are those received', () => {
    const broken = Buffer.concat([Buffer.from(cut), Buffer.from([0xff, 0xc3, 0x28])]);
    const body = Buffer.concat([Buffer.from(`{"records":[${one},`), broken, Buffer.from(`,${three}]}`)]);
    const stretch = readMessage(body)[1];
    expect(stretch?.kind === 'unreadable' && Buffer.from(stretch.bytes?.() ?? []).equals(broken)).toBe(true);
  });

  test('raw control characters in strings are escaped, and only their record counts as repaired', () => {
    const parts = readMessage(messageWith(one, recordText(2, '\n\t\u0001'), three));
    expect(parts.map((part) => part.kind === 'record' && part.isRepaired)).toEqual([false, true, false]);
    expect(parts[1]?.kind === 'record' && parts[1].properties['RemoteUrl']).toBe('a{b}[c],"\n\t\u0001');
  });

  test('a part of a damaged record is not a record', () => {
    const nested = `{"time":"t","category":"AdvancedHunting-DeviceEvents","properties":{"Inner":{"category":"x","properties":{"ReportId":9}},"b":`;
    expect(read(messageWith(one, nested, three))).toEqual([1, nested, 3]);
    const row = '{"Timestamp":"2026-11-20T09:00:41Z","ReportId":1,"More":{"Timestamp":"x","ReportId":9},"b":';
    expect(read(`[${row},${row.replace('"b":', '"b":1}')}]`, 'DeviceNetworkEvents')).toEqual([row, 1]);
  });
});

test('the error says where in the message the damaged range is, also after other lines', () => {
  const text = `${one}\n${two}\n${cut}\n${three.slice(0, 50)},${three}\n`;
  const start = Buffer.byteLength(`${one}\n${two}\n`);
  const end = text.lastIndexOf(`,${three}`);
  expect(readMessage(text)[2]).toMatchObject({
    error: `No valid JSON between byte ${start} and byte ${end} of the message.`,
  });
});

/** Ids so far apart that no damage here makes one of another. */
const idOf = (place: number): number => Number(String(place + 1).repeat(9));

interface Place {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** A message of four records, and where each stands. Of the bytes only ASCII is used, so that places in the text are places in the bytes. */
function placed(first: number, head: string): { readonly text: string; readonly places: readonly Place[] } {
  const records = [0, 1, 2, 3].map((i) => recordText(idOf(first + i)));
  const places: Place[] = [];
  let start = head.length;
  for (const [i, record] of records.entries()) {
    places.push({ id: idOf(first + i), start, end: start + record.length });
    start += record.length + 1;
  }
  return { text: `${head}${records.join(',')}]}`, places };
}

const heads = fc.constantFrom('{"records":[', '{"version":1,"records":[', '{"tenantId":"u","a":{"b":[1]},"records":[');

/** Each record that is whole is found once; what else is found is at most what was harmed. */
function expectWhole(body: Uint8Array, whole: readonly number[], harmed: number): void {
  const found = readMessage(body).flatMap((part) => (part.kind === 'record' ? [part.properties['ReportId']] : []));
  expect(whole.map((id) => found.filter((other) => other === id).length)).toEqual(whole.map(() => 1));
  expect(found.length - whole.length).toBeLessThanOrEqual(harmed);
}

const edits = fc.array(
  fc.record({ at: fc.nat(), bytes: fc.oneof(fc.uint8Array({ maxLength: 3 }), structure()), cutOff: fc.nat(3) }),
  { minLength: 1, maxLength: 4 },
);

function structure(): fc.Arbitrary<Uint8Array> {
  return fc
    .array(fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\'), { maxLength: 3 })
    .map((tokens) => Buffer.from(tokens.join('')));
}

test('with any bytes inserted or removed anywhere, the intact records are read, and none is invented', () => {
  fc.assert(
    fc.property(heads, edits, fc.boolean(), (head, plan, isInWrapper) => {
      const { text, places } = placed(0, head);
      const size = isInWrapper ? head.length : text.length;
      const sites = plan
        .map(({ at, bytes, cutOff }) => ({ from: at % size, to: Math.min((at % size) + cutOff, text.length), bytes }))
        .toSorted((a, b) => a.from - b.from);
      const pieces: Uint8Array[] = [];
      let kept = 0;
      for (const { from, to, bytes } of sites) {
        pieces.push(Buffer.from(text.slice(kept, from)), bytes);
        kept = Math.max(kept, to);
      }
      const body = Buffer.concat([...pieces, Buffer.from(text.slice(kept))]);
      const isWhole = ({ start, end }: Place): boolean => sites.every(({ from, to }) => to <= start || from >= end);
      const whole = places.filter(isWhole).map(({ id }) => id);
      expectWhole(body, whole, places.length - whole.length);
    }),
    { numRuns: 500 },
  );
});

test('wherever a message is truncated and another continues, the intact records of both are read, and none is invented', () => {
  fc.assert(
    fc.property(heads, heads, fc.nat(), fc.nat(), (head, otherHead, cutAt, goesOnAt) => {
      const before = placed(0, head);
      const behind = placed(4, otherHead);
      const end = cutAt % before.text.length;
      const start = goesOnAt % behind.text.length;
      const whole = [
        ...before.places.filter((place) => place.end <= end),
        ...behind.places.filter((place) => place.start >= start),
      ];
      expectWhole(
        Buffer.from(before.text.slice(0, end) + behind.text.slice(start)),
        whole.map(({ id }) => id),
        // What is cut off and what goes on may make one record, or two where the cut is at its very end.
        2,
      );
    }),
    { numRuns: 500 },
  );
});

const patterns = [
  '{',
  '{"a":',
  '[',
  '[{',
  '{"',
  '"{',
  '{"a":[{"b":"',
  '\\"{',
  '}{',
  '{"a":{}}',
  '","{"',
  '{"records":[',
];

test.each(patterns)('no byte is read more than twice, in text made of %s', (pattern) => {
  const bytes = Buffer.from(pattern.repeat(20_000));
  expect(salvage(bytes, () => false).looked).toBeLessThanOrEqual(2 * bytes.length);
  expect(salvage(bytes, () => true).looked).toBeLessThanOrEqual(2 * bytes.length);
});

/** Unknown fields of the records, and why each damaged part was rejected. */
function fieldsOf(text: string): unknown[] {
  return readMessage(text).map((part) => (part.kind === 'record' ? part.unknownFields : part.reason));
}

test('unknown fields go to the records of their own message, long ones only to the first', () => {
  const first = `{"v":1,"records":[${one},${two},${cut}]}`;
  expect(fieldsOf(`${first}{"v":2,"records":[${three}]}`)).toEqual([{ v: 1 }, { v: 1 }, 'InvalidJson', {}]);
  expect(fieldsOf(`{"v":1,"records":[${one}]}{"v":2,"records":[${two},${cut},${three}]}`)).toEqual([
    { v: 1 },
    { v: 2 },
    'InvalidJson',
    { v: 2 },
  ]);
  const long = 'x'.repeat(2000);
  expect(fieldsOf(`{"v":"${long}","records":[${one},x,${two}]}`)).toEqual([{ v: long }, 'InvalidJson', {}]);
});

test.each([...patterns, '{"a":[{"a":', '{"a\\q":[', '{"x":{}},'])(
  'no byte is offered more than ten times, in text made of %s',
  (pattern) => {
    const closers = pattern.replaceAll(/[^{[]/g, '').replaceAll('{', '}').replaceAll('[', ']');
    const closing = closers.split('').toReversed().join('');
    const bytes = Buffer.from(`${pattern.repeat(2000)}1${closing.repeat(2000)}`);
    let offered = 0;
    salvage(bytes, ({ start, end }) => {
      offered += end - start;
      return false;
    });
    expect(offered).toBeLessThanOrEqual(10 * bytes.length);
  },
);

test('no byte is read more than twice, in any text', () => {
  const text = fc.array(fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', '1', ' ', '"a"'), { maxLength: 200 });
  fc.assert(
    fc.property(text, fc.boolean(), (tokens, takes) => {
      const bytes = Buffer.from(tokens.join(''));
      expect(salvage(bytes, () => takes).looked).toBeLessThanOrEqual(2 * bytes.length);
    }),
    { numRuns: 2000 },
  );
});
