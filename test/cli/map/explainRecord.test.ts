import { type ExplainedRow, explain } from '../../../cli/map/explain';
import { whySkipped } from '../../../cli/map/skipped';
import { readTransformSettings } from '../../../shared/config';
import { readMessage } from '../../../shared/defender/readMessage';
import type { JsonObject } from '../../../shared/json';
import { mapping } from '../../../shared/transform/mapping';
import { defaultTransformSettings } from '../../../shared/transform/transformSettings';
import { writeJson } from '../../shared/kit/valueKit';

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

function explained(change: JsonObject = {}, table = 'DeviceNetworkEvents', settings = defaultTransformSettings) {
  const message = writeJson({ category: `AdvancedHunting-${table}`, properties: { ...good, ...change } });
  const [part] = readMessage(Buffer.from(message), {});
  if (part?.kind !== 'record') throw new Error('The test meant a record.');
  return explain(part, settings);
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

test('a filled column lists only the sources that have a value, and no source for a constant', () => {
  const row = rowOf({ RemoteIP: '', AdditionalFields: '{"RemoteAddress":"203.0.113.9"}' });
  expect(filled(row, 'DstIpAddr')).toMatchObject({
    value: '203.0.113.9',
    from: [
      { name: 'orientation', value: 'Local to Remote (action)' },
      { name: 'AdditionalFields.RemoteIP', value: '203.0.113.9' },
    ],
  });
  expect(filled(row, 'EventProduct')).toMatchObject({ value: 'M365 Defender for Endpoint', from: [] });
});

test.each([
  ['null', 'SrcUserName', 'InitiatingProcessAccountName'],
  ['an empty text', 'SrcUserUpn', 'InitiatingProcessAccountUpn'],
  ['missing', 'SrcUserDomain', 'InitiatingProcessAccountDomain'],
  ['a dash', 'UrlOriginal', 'RemoteUrl, AdditionalFields.RemoteUrl'],
])('a column whose source is %s is absent because the source is empty', (_, column, detail) => {
  expect(absent(rowOf(), column)).toEqual({ column, cause: 'empty', detail });
});

test.each([
  ['SrcIpAddr', { LocalIP: 'no address' }],
  ['NetworkProtocol', { Protocol: 'Unknown' }],
  ['HttpRequestMethod', {}],
] as const)('%s is absent because its rule gives nothing for this record', (column, change) => {
  expect(absent(rowOf(change), column)).toEqual({ column, cause: 'rule', detail: mapping[column].rule });
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

test('a column that a setting leaves out says so, and one without a source keeps its own reason', () => {
  const settings = readTransformSettings({ OMIT_COLUMNS: 'NetworkProtocol,UrlOriginal,SrcGeoCity' });
  const found = explained({}, 'DeviceNetworkEvents', settings);
  if (found.kind !== 'row') throw new Error(`The test meant a row, not ${found.kind}.`);
  const omitted = { cause: 'omitted', detail: 'KEEP_COLUMNS or OMIT_COLUMNS' };
  expect(absent(found, 'NetworkProtocol')).toMatchObject(omitted);
  expect(absent(found, 'UrlOriginal')).toMatchObject(omitted);
  expect(absent(found, 'SrcGeoCity')).toMatchObject({ cause: 'unavailable' });
  expect(filled(found, 'NetworkProtocol')).toBeUndefined();
});
