import * as fc from 'fast-check';
import { readMessage } from '../../../shared/defender/envelope';
import { salvage } from '../../../shared/defender/salvage';

function recordText(id: number, more = ''): string {
  const properties = `{"Timestamp":"2026-11-20T09:00:41Z","DeviceId":"d","ReportId":${id},"RemoteUrl":"a{b}[c],\\"${more}"}`;
  return `{"time":"t","tenantId":"u","category":"AdvancedHunting-DeviceNetworkEvents","properties":${properties},"Tenant":"DefaultTenant"}`;
}

function messageOf(...records: readonly string[]): string {
  return `{"records":[${records.join(',')}]}`;
}

/** ReportIds of the records, and the bytes of each damaged stretch. */
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
      messageOf(one, two.replace('":2', ':2'), three),
      [1, two.replace('":2', ':2'), 3],
    ],
    [
      'a record with a quote too many',
      messageOf(one, two.replace('"u"', '"u""'), three),
      [1, two.replace('"u"', '"u""'), 3],
    ],
    ['a record cut off before the next', messageOf(one, cut, three), [1, cut, 3]],
    ['the end cut off', messageOf(one, two, three).slice(0, -20), [1, 2, three.slice(0, -18)]],
    ['the closing brackets missing', messageOf(one, two).slice(0, -2), [1, 2]],
    ['the beginning cut off', messageOf(one, two).slice(40), [messageOf(one).slice(40, -2), 2]],
    ['a comma missing', messageOf(`${one}${two}`, three), [1, 2, 3]],
    ['a stray word', messageOf(one, 'x', two), [1, 'x', 2]],
    ['two damaged records side by side', messageOf(cut, cut, three), [`${cut},${cut}`, 3]],
    ['two messages in one', messageOf(one) + messageOf(two), [1, 2]],
    ['a line of lines', `${one}\n${cut}\n${three}\n`, [1, cut, 3]],
    [
      'a brace that closes properties early',
      messageOf(one, two.replace('"DeviceId"', '"x":1},"DeviceId"')),
      [1, expect.any(String)],
    ],
  ])('each whole record is read, each stretch kept: %s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
    expect(read(Buffer.from(text))).toEqual(expected);
  });

  test('the bytes of a stretch are the bytes that came', () => {
    const broken = Buffer.concat([Buffer.from(cut), Buffer.from([0xff, 0xc3, 0x28])]);
    const body = Buffer.concat([Buffer.from(`{"records":[${one},`), broken, Buffer.from(`,${three}]}`)]);
    const stretch = readMessage(body)[1];
    expect(stretch?.kind === 'unreadable' && Buffer.from(stretch.bytes?.() ?? []).equals(broken)).toBe(true);
  });

  test('raw control characters in texts are repaired, and only that record is called repaired', () => {
    const parts = readMessage(messageOf(one, recordText(2, '\n\t\u0001'), three));
    expect(parts.map((part) => part.kind === 'record' && part.isRepaired)).toEqual([false, true, false]);
    expect(parts[1]?.kind === 'record' && parts[1].properties['RemoteUrl']).toBe('a{b}[c],"\n\t\u0001');
  });

  test('a part of a damaged record is no record', () => {
    const nested = `{"time":"t","category":"AdvancedHunting-DeviceEvents","properties":{"Inner":{"category":"x","properties":{"ReportId":9}},"b":`;
    expect(read(messageOf(one, nested, three))).toEqual([1, nested, 3]);
    const row = '{"Timestamp":"2026-11-20T09:00:41Z","ReportId":1,"More":{"Timestamp":"x","ReportId":9},"b":';
    expect(read(`[${row},${row.replace('"b":', '"b":1}')}]`, 'DeviceNetworkEvents')).toEqual([row, 1]);
  });
});

test('the error says where in the message the stretch is, also behind other lines', () => {
  const text = `${one}\n${two}\n${cut}\n${three.slice(0, 50)},${three}\n`;
  const start = Buffer.byteLength(`${one}\n${two}\n`);
  const end = text.lastIndexOf(`,${three}`);
  expect(readMessage(text)[2]).toMatchObject({
    error: `No valid JSON between byte ${start} and byte ${end} of the message.`,
  });
});

const damages = fc.array(
  fc.record({ record: fc.nat(7), at: fc.nat(400), bytes: fc.uint8Array({ maxLength: 3 }), cutOff: fc.nat(3) }),
  {
    minLength: 1,
    maxLength: 3,
  },
);

test('whatever bytes are put into or taken out of some records: the others are read, and none is invented', () => {
  fc.assert(
    fc.property(damages, (plan) => {
      const records = Array.from({ length: 8 }, (_, id) => Buffer.from(recordText(id + 100)));
      for (const { record, at, bytes, cutOff } of plan) {
        const sound = records[record] ?? Buffer.alloc(0);
        const place = 1 + (at % (sound.length - 2));
        records[record] = Buffer.concat([
          sound.subarray(0, place),
          bytes,
          sound.subarray(Math.min(place + cutOff, sound.length)),
        ]);
      }
      const harmed = new Set(plan.map(({ record }) => record + 100));
      const body = Buffer.concat([
        Buffer.from('{"records":['),
        ...records.flatMap((record, i) => [Buffer.from(i === 0 ? '' : ','), record]),
        Buffer.from(']}'),
      ]);
      const found = read(body).filter((part) => typeof part === 'number');
      const sound = [100, 101, 102, 103, 104, 105, 106, 107].filter((id) => !harmed.has(id));
      expect(found).toEqual(expect.arrayContaining(sound));
      expect(new Set(found).size).toBe(found.length);
    }),
    { numRuns: 1000 },
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

test.each(patterns)('no byte is looked at more than twice, in text made of %s', (pattern) => {
  const bytes = Buffer.from(pattern.repeat(20_000));
  expect(salvage(bytes, () => false).looked).toBeLessThanOrEqual(2 * bytes.length);
  expect(salvage(bytes, () => true).looked).toBeLessThanOrEqual(2 * bytes.length);
});

test('no byte is looked at more than twice, in any text', () => {
  const text = fc.array(fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', '1', ' ', '"a"'), { maxLength: 200 });
  fc.assert(
    fc.property(text, fc.boolean(), (tokens, takes) => {
      const bytes = Buffer.from(tokens.join(''));
      expect(salvage(bytes, () => takes).looked).toBeLessThanOrEqual(2 * bytes.length);
    }),
    { numRuns: 2000 },
  );
});
