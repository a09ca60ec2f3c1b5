import { readMessage } from '../../../shared/defender/readMessage';
import type { JsonObject } from '../../../shared/json';
import { type ExplainedRow, explain } from '../../../cli/map/explain';
import { mapping } from '../../../shared/transform/mapping';
import { defaultTransformSettings } from '../../../shared/transform/transformSettings';
import { whySkipped } from '../../../cli/map/skipped';
import { writeJson } from '../kit/values';

const good: JsonObject = {
  DeviceId: 'd1',
  DeviceName: 'ws01.corp.example',
  Timestamp: '2026-11-20T09:14:33.4821907Z',
  ReportId: 7,
  ActionType: 'ConnectionSuccess',
  LocalIP: '10.0.0.1',
  LocalPort: 50123,
  RemoteIP: '203.0.113.80',
  RemotePort: 443,
  Protocol: 'Tcp',
  RemoteUrl: '-',
  InitiatingProcessAccountName: null,
  InitiatingProcessAccountUpn: '',
};

function explained(change: JsonObject = {}, table = 'DeviceNetworkEvents') {
  const message = writeJson({ category: `AdvancedHunting-${table}`, properties: { ...good, ...change } });
  const [part] = readMessage(Buffer.from(message), {});
  if (part?.kind !== 'record') throw new Error('The test meant a record.');
  return explain(part, defaultTransformSettings);
}

function rowOf(change: JsonObject = {}): ExplainedRow {
  const found = explained(change);
  if (found.kind !== 'row') throw new Error(`The test meant a row, not ${found.kind}.`);
  return found;
}

const filled = (row: ExplainedRow, name: string) => row.filled.find(({ column }) => column === name);
const absent = (row: ExplainedRow, name: string) => row.absent.find(({ column }) => column === name);

test('a row is explained with its action type and its orientation', () => {
  expect(rowOf()).toMatchObject({
    kind: 'row',
    actionType: 'ConnectionSuccess',
    orientation: { src: 'Local', dst: 'Remote', device: 'Src', direction: 'Outbound', basis: 'action' },
  });
});

test('a filled column names its value, its rule and the sources that held something, each with its value', () => {
  expect(filled(rowOf(), 'DstIpAddr')).toEqual({
    column: 'DstIpAddr',
    value: '203.0.113.80',
    from: [
      { name: 'orientation', value: 'Local to Remote (action)' },
      { name: 'RemoteIP', value: '203.0.113.80' },
    ],
    rule: mapping.DstIpAddr.rule,
  });
  expect(filled(rowOf(), 'EventProduct')).toMatchObject({ value: 'M365 Defender for Endpoint', from: [] });
});

test('a filled column leaves out the sources that were read and are empty', () => {
  const row = rowOf({ RemoteIP: '', AdditionalFields: '{"RemoteAddress":"203.0.113.9"}' });
  expect(filled(row, 'DstIpAddr')?.from).toEqual([
    { name: 'orientation', value: 'Local to Remote (action)' },
    { name: 'AdditionalFields.RemoteIP', value: '203.0.113.9' },
  ]);
});

test.each([
  ['null', 'SrcUserName', {}, 'InitiatingProcessAccountName'],
  ['an empty text', 'SrcUserUpn', {}, 'InitiatingProcessAccountUpn'],
  ['missing', 'SrcUserDomain', {}, 'InitiatingProcessAccountDomain'],
  ['a dash', 'UrlOriginal', {}, 'RemoteUrl, AdditionalFields.RemoteUrl'],
])('a column whose source is %s is absent because the source is empty', (_, column, change, detail) => {
  expect(absent(rowOf(change), column)).toEqual({ column, cause: 'empty', detail });
});

test.each([
  ['SrcIpAddr', { LocalIP: 'no address' }],
  ['NetworkProtocol', { Protocol: 'Unknown' }],
] as const)('%s is absent because its rule gives nothing for what the source holds', (column, change) => {
  expect(absent(rowOf(change), column)).toEqual({ column, cause: 'rule', detail: mapping[column].rule });
});

test('a column whose rule is about other action types is absent by its rule, though only the action type was read', () => {
  expect(absent(rowOf(), 'HttpRequestMethod')).toEqual({
    column: 'HttpRequestMethod',
    cause: 'rule',
    detail: mapping.HttpRequestMethod.rule,
  });
});

test('a column that Defender cannot fill, or that the platform fills, is absent for its reason', () => {
  const row = rowOf();
  const { SrcGeoCity, TenantId } = mapping;
  expect(absent(row, 'SrcGeoCity')).toMatchObject({ cause: 'unavailable', detail: SrcGeoCity.reason });
  expect(absent(row, 'TenantId')).toMatchObject({ cause: 'platform', detail: TenantId.reason });
});

test('a record that is no session is explained with the key under which it is counted, and why', () => {
  expect(explained({}, 'DeviceInfo')).toEqual({
    kind: 'skipped',
    key: 'DeviceInfo',
    why: whySkipped('DeviceInfo'),
  });
});

test('a record without a time is explained as the dead letter that it becomes', () => {
  expect(explained({ Timestamp: 'yesterday' })).toMatchObject({ kind: 'dead', reason: 'BadTimestamp' });
});
