import * as fc from 'fast-check';
import { readCases } from '../../../scripts/cases/caseFiles';
import { readMessage } from '../../../shared/defender/readMessage';
import type { Json, JsonObject } from '../../../shared/json';
import { isMapped } from '../../../shared/transform/actions';
import { NetworkEvent } from '../../../shared/transform/event';
import { defaultTransformSettings } from '../../../shared/transform/transformSettings';
import { unreadable } from '../../../shared/transform/unreadable';
import { properties } from '../kit/recordKit';
import { writeJson } from '../kit/valueKit';

function unreadableOf(message: Buffer): string[] {
  return readMessage(message, { table: 'DeviceNetworkEvents' }).flatMap((part) => {
    if (part.kind !== 'record' || !isMapped(part.table)) return [];
    const event = new NetworkEvent(part, part.table, defaultTransformSettings);
    return unreadable(event);
  });
}

const good: JsonObject = {
  DeviceId: 'd1',
  DeviceName: 'ws01',
  Timestamp: '2026-11-20T09:14:33.4821907Z',
  ReportId: 7,
  ActionType: 'HttpConnectionInspected',
  LocalIP: '10.0.0.1',
  LocalPort: 50123,
  RemoteIP: '203.0.113.80',
  RemotePort: 443,
  Protocol: 'Tcp',
  RemoteUrl: 'www.example.com',
  AdditionalFields: '{"direction":"Out"}',
};

function of(change: Readonly<Record<string, Json>>): string[] {
  const record = { category: 'DeviceNetworkEvents', properties: { ...good, ...change } };
  return unreadableOf(Buffer.from(writeJson(record)));
}

function count(value: Json) {
  return { AdditionalFields: { uniqueEventsAggregated: value } };
}

describe('columns with a value that cannot be read', () => {
  const nothing: Json[] = [null, '', '-', ' - ', 'null'];

  test.each<[string, readonly Json[], readonly Json[]]>([
    [
      'LocalIP',
      ['fe80::1%eth0', '10.0.0.1:443', '[2001:db8::9]:443', ...nothing],
      ['host', '10.0.0.300', 7, {}, ['10.0.0.1'], true],
    ],
    ['RemoteIP', ['::ffff:10.0.0.1', '[::1]', ...nothing], ['10.0.0.1:99999', '10.0.0.0/8', '10.0.0.1 ,', [], false]],
    ['LocalPort', ['443', 0, '0', ...nothing], [70_000, -1, 1.5, '0x1bb', 'https', { port: 443 }, [443]]],
    ['RemotePort', [65_535, ' 1 '], ['1e3', true, {}]],
    ['Protocol', ['Tcp', 6, 'Unknown', 'anything', ...nothing], [{}, [], true]],
    ['DeviceName', ['ws01', 7, ...nothing], [{}, ['ws01'], false]],
    ['DeviceId', ['d1', ...nothing], [{}]],
    ['ReportId', ['abc', 0, 12, ...nothing], [{ a: 1 }, true]],
    ['ActionType', ['Anything', ...nothing], [['ConnectionSuccess']]],
    ['RemoteUrl', ['C:\\x.lnk', 'www.example.com', ...nothing], [{ host: 'x' }, ['x']]],
    [
      'Timestamp',
      ['2026-11-20T09:14:33+02:00', '2026-11-20 09:14:33'],
      ['20.11.2026', '2026-02-30T00:00:00Z', 1_700_000_000, {}],
    ],
    [
      'AdditionalFields',
      ['{}', '[]', [], {}, '[{"a":1}]', '"{\\"a\\":1}"', ' { } ', ...nothing],
      ['{"direction":"Out","ho', 'text', '[1,2]', [{}, {}], '"text"', 7, true, '{"a":}'],
    ],
    [
      'AdditionalFields.direction',
      [{ direction: 'in' }, { Direction: 'OUTBOUND' }, { direction: null }, { direction: '' }],
      [{ direction: 'Sideways' }, { direction: 1 }, { DIRECTION: ['In'] }, { direction: {} }],
    ],
    [
      'AdditionalFields.ts',
      [{ ts: '134080820700000000' }, { ts: '-' }, { ts: null }],
      [{ ts: '2026-11-20' }, { ts: '12' }, { ts: {} }],
    ],
  ])('%s', (name, readable, not) => {
    const column = name.split('.', 1)[0] ?? '';
    for (const value of readable) expect([value, of({ [column]: value })]).toEqual([value, []]);
    for (const value of not) expect([value, of({ [column]: value })]).toEqual([value, [name]]);
  });

  test('the number of events is checked on aggregated reports, `ts` on inspections', () => {
    const report = { ActionType: 'ConnectionSuccessAggregatedReport' };
    expect(of({ ...report, ...count('37') })).toEqual([]);
    expect(of({ ...report, ...count(null) })).toEqual([]);
    for (const value of ['many', -3, 2.5, 2 ** 31, {}, [37]]) {
      expect(of({ ...report, ...count(value) })).toEqual(['AdditionalFields.uniqueEventsAggregated']);
    }
    expect(of({ ActionType: 'ConnectionSuccess', ...count('many') })).toEqual([]);
    expect(of({ ActionType: 'ConnectionSuccess', AdditionalFields: { ts: 'x' } })).toEqual([]);
  });

  test('each of several is named once', () => {
    expect(of({ LocalIP: 'x', RemotePort: {}, AdditionalFields: '{' })).toEqual([
      'LocalIP',
      'RemotePort',
      'AdditionalFields',
    ]);
  });

  test('a captured event has none', () => {
    for (const { name, message } of readCases()) {
      if (name.includes('/captured/')) expect([name, unreadableOf(Buffer.from(message))]).toEqual([name, []]);
    }
  });

  test('are found without an exception in any JSON', () => {
    fc.assert(
      fc.property(properties, (held) => {
        const found = unreadableOf(Buffer.from(writeJson({ category: 'DeviceNetworkEvents', properties: held })));
        expect(new Set(found).size).toBe(found.length);
      }),
    );
  });
});
