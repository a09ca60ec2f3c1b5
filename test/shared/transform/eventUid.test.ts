import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import type { Json } from '../../../shared/json';
import { device, firstColumns as first, firstName, firstUid, networkRecord, uidOf, vectors } from '../kit/eventUids';
import { categories, properties, tenantId } from '../kit/recordKit';
import { objectOf, writeJson } from '../kit/valueKit';

/** RFC 9562, version 5, by the letter. */
function uuidV5(name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from('9d0c0f2e4f534a559a0e2f7a3c1d5b60', 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes[6] = 0x50 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return bytes.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}

describe('EventUid', () => {
  test.each(vectors)('is what the contract says for its example: $what', ({ message, name, uid }) => {
    expect(uidOf(message)).toBe(uid);
    expect(uuidV5(name)).toBe(uid);
  });

  test.each([
    ['digits of the fraction padded', first.replace('18835Z', '1883500Z')],
    ['more than seven digits', first.replace('18835Z', '18835009Z')],
    ['another zone', first.replace('08:15:28.18835Z', '10:15:28.18835+02:00')],
    ['no zone', first.replace('18835Z', '18835')],
    ['device in upper case, with spaces', first.replace(device, ` ${device.toUpperCase()} `)],
    ['ReportId as text', first.replace('6213', '"6213"')],
    ['a port as text', first.replace(':443', ':" 443"')],
    ['spaces around action, address and URL', first.replace(/"(Connection\w+|203[\d.]+|www[^"]+)"/g, '" $1 "')],
    ['other columns', `${first},"Protocol":"Tcp","InitiatingProcessId":7`],
    ['legacy columns', first.replace('DeviceId', 'MachineId').replace('Timestamp', 'EventTime')],
  ])('is the same with %s', (_, columns) => {
    expect(uidOf(networkRecord(columns))).toBe(firstUid);
  });

  // The parts of the name as sent, written by hand: never cleaned, never taken from AdditionalFields.
  test.each([
    ['null', 'null', ''],
    ['empty text', '""', ''],
    ['a dash', '"-"', '-'],
    ['other case and mapping', '"::FFFF:10.20.30.41"', '::FFFF:10.20.30.41'],
    ['no address', '" 1.2.3.4:5 "', '1.2.3.4:5'],
    ['a number', '7', '7'],
    ['digits past 2^53', '12345678901234567890', '12345678901234567890'],
    ['a boolean', 'true', 'true'],
    ['a list', '[ 2, {"b":1.50,"a":null} ]', '[2,{"a":null,"b":1.50}]'],
  ])('takes a local address as sent: %s', (_, sent, part) => {
    const name = `${firstName}|ConnectionSuccess|${part}|50123|203.0.113.80|443|www.example.com/a?b=1`;
    const columns = `${first.replace('"10.20.30.41"', sent)},"AdditionalFields":{"LocalAddress":"10.20.30.41"}`;
    expect(uidOf(networkRecord(columns))).toBe(uuidV5(name));
  });

  test('uses RemoteUrl with what redaction removes from the row', () => {
    const name = `${firstName}|ConnectionSuccess|10.20.30.41|50123|203.0.113.80|443|https://u:p@www.example.com/?t=1`;
    const columns = first.replace('www.example.com/a?b=1', 'https://u:p@www.example.com/?t=1');
    expect(uidOf(networkRecord(columns))).toBe(uuidV5(name));
  });

  test('is the same for the legacy table and any spelling of the tenant', () => {
    const legacy = first.replace('DeviceId', 'MachineId').replace('Timestamp', 'EventTime');
    expect(uidOf(networkRecord(legacy, 'AdvancedHunting-NetworkCommunicationEvents'))).toBe(firstUid);
    expect(uidOf(networkRecord(first, 'devicenetworkevents', ` ${tenantId.toUpperCase()} `))).toBe(firstUid);
  });

  test.each([
    ['tenant', networkRecord(first, undefined, '00000000-2222-3333-4444-555555555555')],
    ['device', networkRecord(first.replace(device, `${device}8`))],
    ['100 ns', networkRecord(first.replace('18835Z', '1883501Z'))],
    ['ReportId', networkRecord(first.replace('6213', '6214'))],
    ['action type', networkRecord(first.replace('ConnectionSuccess', 'ConnectionFailed'))],
    ['local address', networkRecord(first.replace('30.41', '30.42'))],
    ['local port', networkRecord(first.replace('50123', '50124'))],
    ['remote address', networkRecord(first.replace('113.80', '113.81'))],
    ['remote port', networkRecord(first.replace('443', '444'))],
    ['URL', networkRecord(first.replace('b=1', 'b=2'))],
    ['letter case of the URL', networkRecord(first.replace('www', 'WWW'))],
  ])('is another one for another %s', (_, message) => {
    expect(uidOf(message)).not.toBe(firstUid);
  });

  // The names of the recipe for records without a proper key, written by hand.
  test.each([
    [
      'legacy columns get their modern names',
      '"EventTime":"2026-01-01T00:00:00Z","MachineId":"d","ComputerName":"c"',
      '{"DeviceId":"d","DeviceName":"c","Timestamp":"2026-01-01T00:00:00Z"}',
    ],
    [
      'sorted at every level, arrays in their order',
      '"Timestamp":"2026-01-01T00:00:00Z","AdditionalFields":{"b":[{"z":1,"a":2},3],"a":{}}',
      '{"AdditionalFields":{"a":{},"b":[{"a":2,"z":1},3]},"Timestamp":"2026-01-01T00:00:00Z"}',
    ],
    [
      'lone surrogates become U+FFFD, other characters stand for themselves',
      '"Timestamp":"2026-01-01T00:00:00Z","DeviceName":"\\ud800\\u00e9\\u0001\\/","x\\udc00":true',
      '{"DeviceName":"\ufffdé\\u0001/","Timestamp":"2026-01-01T00:00:00Z","x\ufffd":true}',
    ],
    [
      'a ReportId that is no whole number is missing',
      '"Timestamp":"2026-01-01T00:00:00Z","DeviceId":"d","ReportId":1.5',
      '{"DeviceId":"d","ReportId":1.5,"Timestamp":"2026-01-01T00:00:00Z"}',
    ],
    [
      '__proto__ is a key like any other',
      '"Timestamp":"2026-01-01T00:00:00Z","__proto__":{"b":1,"a":1}',
      '{"Timestamp":"2026-01-01T00:00:00Z","__proto__":{"a":1,"b":1}}',
    ],
  ])('without a proper key comes from the whole record: %s', (_, columns, canonical) => {
    expect(uidOf(networkRecord(columns))).toBe(uuidV5(`${tenantId}|DeviceNetworkEvents|${canonical}`));
  });

  test('differs between tables', () => {
    const columns = first.replace('ConnectionSuccess', 'FirewallOutboundConnectionBlocked');
    expect(uidOf(networkRecord(columns, 'DeviceEvents'))).not.toBe(uidOf(networkRecord(columns)));
  });

  test('comes from the whole record however deeply it is nested', () => {
    const deep = `${'[{"a":'.repeat(50_000)}[1,"x"]${'}]'.repeat(50_000)}`;
    const columns = `"Timestamp":"2026-01-01T00:00:00Z","Deep":${deep}`;
    const canonical = `{"Deep":${deep},"Timestamp":"2026-01-01T00:00:00Z"}`;
    expect(uidOf(networkRecord(columns))).toBe(uuidV5(`${tenantId}|DeviceNetworkEvents|${canonical}`));
  });

  test('does not depend on the order of the old and the new name of a column', () => {
    const columns = [
      '"Timestamp":"2026-01-01T00:00:00Z"',
      '"EventTime":"2026-01-02T00:00:00Z"',
      '"MachineId":"d"',
      '"DeviceId":null',
    ];
    expect(uidOf(networkRecord(columns.toReversed().join(',')))).toBe(uidOf(networkRecord(columns.join(','))));
  });
});

/** One record in every way in which messages arrive. */
function variants(category: string, columns: Json): string[] {
  const row = writeJson(columns);
  const [head, tail] = [
    `"time":"2026-01-01T00:00:00Z","tenantId":"${tenantId}"`,
    `"category":${JSON.stringify(category)}`,
  ];
  const plain = `{${head},${tail},"properties":${row}}`;
  return [
    plain,
    `[${plain}]`,
    `{"records":[${plain}]}`,
    `{"RECORDS":[${plain}]}`,
    `{"body":${plain}}`,
    `{"body":{"records":[${plain}]}}`,
    `{"Body":${JSON.stringify(plain)}}`,
    `[{"records":[${plain}]}]`,
    `\ufeff${plain}`,
    `{${tail},"Properties":${row},${head}}`,
    `{${head},${tail},"properties":${JSON.stringify(row)}}`,
    `{"TENANTID":"${tenantId}","Time":"2026-01-01T00:00:00Z","Category":${JSON.stringify(category.toUpperCase())},"PROPERTIES":${row}}`,
    `${plain}\r\n${plain}\r\n`,
    ` \n${plain}\n `,
  ];
}

test('the format of the message and the order of keys do not change the EventUid', () => {
  fc.assert(
    fc.property(categories, properties, (category, columns) => {
      fc.pre(!category.includes('Process'));
      const uids = variants(category, columns).flatMap((text) => [uidOf(text), uidOf(Buffer.from(text))]);
      const reversed = objectOf(Object.entries(columns).toReversed());
      expect(new Set([...uids, ...variants(category, reversed).map((text) => uidOf(text))]).size).toBe(1);
    }),
    { numRuns: 75 },
  );
});
