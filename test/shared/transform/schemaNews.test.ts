import { readMessage } from '../../../shared/defender/readMessage';
import { transform } from '../../../shared/transform/transform';
import { defaultTransformSettings } from '../../../shared/transform/transformSettings';

const row = '"Timestamp":"2026-11-20T09:00:00Z","DeviceId":"d","ReportId":1,"ActionType":"ConnectionSuccess"';

function transformed(envelope: string, columns = '', beside = '', knownNews: ReadonlySet<string> = new Set()) {
  const record = `{"category":"AdvancedHunting-DeviceNetworkEvents",${envelope}"properties":{${row}${columns}}}`;
  const [part] = readMessage(`{"records":[${record}]${beside}}`);
  if (part?.kind !== 'record') throw new Error('The test meant a record.');
  const result = transform(part, { ...defaultTransformSettings, knownNews });
  if (result.kind !== 'row') throw new Error('The test meant a row.');
  return { news: result.news, envelope: result.columns.AdditionalFields?.['Envelope'] };
}

test.each<[string, string, object, object[]]>([
  ['an unknown field', '"_New":"x",', { _New: 'x' }, [{ kind: 'envelopeField', name: '_New' }]],
  ['another Tenant', '"Tenant":"Other",', { Tenant: 'Other' }, [{ kind: 'envelopeField', name: 'Tenant' }]],
  [
    'another operationName',
    '"operationName":"Replay",',
    { operationName: 'Replay' },
    [{ kind: 'envelopeField', name: 'operationName' }],
  ],
  [
    '__proto__',
    '"__proto__":{"a":1},',
    Object.fromEntries([['__proto__', { a: 1 }]]),
    [{ kind: 'envelopeField', name: '__proto__' }],
  ],
])('unusual fields of the envelope are kept and counted: %s', (_, fields, envelope, news) => {
  expect(transformed(fields)).toEqual({ news, envelope });
});

test('a field beside the records is also kept and counted', () => {
  expect(transformed('', '', ',"Batch":7')).toEqual({
    news: [{ kind: 'envelopeField', name: 'Batch' }],
    envelope: { Batch: 7 },
  });
});

test('the usual envelope is not reported as new, in any case of its keys', () => {
  const usual =
    '"TIME":"t","tenantId":"u","operationName":"Publish","Tenant":"DefaultTenant","_TimeReceivedBySvc":"r","X":null,';
  expect(transformed(usual)).toEqual({ news: [], envelope: undefined });
});

test('a column is reported as new only if it has a value and is in no list', () => {
  const columns =
    ',"WarpFactor":9,"Empty":null,"Blank":"","Dash":"-","None":{},"NoItems":[],"LogonID":1,"TimeGenerated":"t","SourceSystem":"s","OsVersion":"10"';
  expect(transformed('', columns).news).toEqual([{ kind: 'column', name: 'WarpFactor' }]);
});

test('names in KNOWN_NEWS are not reported as new, in any case; all others are', () => {
  const knownNews = new Set(['warpfactor', 'connectionteleported', '_new']);
  const silenced = transformed('"_New":"x","_Newer":"y",', ',"WarpFactor":9,"Phaser":1', '', knownNews);
  expect(silenced.news).toEqual([
    { kind: 'column', name: 'Phaser' },
    { kind: 'envelopeField', name: '_Newer' },
  ]);
  expect(silenced.envelope).toEqual({ _New: 'x', _Newer: 'y' });
});
