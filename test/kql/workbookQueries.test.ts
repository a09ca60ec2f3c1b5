import { filesIn, readText, transforms, workbookQueries } from '../../scripts/kql/queryFiles';
import { stream } from '../../scripts/kql/tableSchemas';
import { evaluateRows } from './evaluator/evaluate';
import { type RecordedRun, recordRun } from './recordedRun';
import { changed, filledIn, lastTime, resources, type TableRow, tablesWith, telemetryRows } from './workspaceTables';

/** The workbooks' queries: on what the app exported, and on the same sessions in both tables. */

let run: RecordedRun;
let tables: ReturnType<typeof tablesWith>;
let now: string;

const hoursAgo = (hours: number): string => new Date(Date.parse(now) - hours * 3_600_000).toISOString();

const session = (hours: number, DvcHostname: string, DstDomainHostname: string, more: TableRow = {}): TableRow => ({
  TimeGenerated: hoursAgo(hours),
  EventVendor: 'Microsoft',
  EventProduct: 'M365 Defender for Endpoint',
  EventSubType: 'ConnectionSuccess',
  NetworkDirection: 'Outbound',
  DvcHostname,
  SrcIpAddr: '10.0.0.1',
  DstIpAddr: '203.0.113.80',
  DstPortNumber: 443,
  DstDomainHostname,
  AdditionalFields: { InitiatingProcess: { FileName: 'a.exe' } },
  ...more,
});

/** Of `pc1` and `pc2`; one connection is denied twice, and one name is new today. */
function sessions(): TableRow[] {
  const denied = { EventSubType: 'FirewallOutboundConnectionBlocked', DvcAction: 'Deny', NetworkRuleName: 'rule' };
  return [
    session(48, 'pc1', 'known.example'),
    session(3, 'pc1', 'known.example'),
    session(2, 'pc1', 'new.example'),
    session(2, 'pc2', 'new.example'),
    session(1, 'pc1', 'known.example', denied),
    session(1, 'pc1', 'known.example', denied),
    // Without a name of the device or of a destination it is in no list of talkers.
    session(1, '', 'known.example', { NetworkDirection: 'Inbound' }),
  ];
}

beforeAll(async () => {
  run = await recordRun();
  const telemetry = telemetryRows(run.end);
  now = new Date(lastTime(telemetry)).toISOString();
  const rows = sessions();
  const source = { schema: stream.tables[0]?.columns ?? {}, rows };
  const asim = evaluateRows(readText(transforms[0] ?? ''), { tables: { source }, now });
  const inOneHour = { TimeGenerated: hoursAgo(1) };
  const [rule = ''] = resources.DataCollectionRules.split(',');
  const saved = { ...inOneHour, Name: 'network_sessions.bytes.saved', _ResourceId: resources.ApplicationInsights };
  tables = tablesWith({
    ...telemetry,
    AppMetrics: [
      ...(telemetry['AppMetrics'] ?? []),
      { ...saved, Sum: 3e9, Properties: { lever: 'drop', name: 'rule' } },
      { ...saved, Sum: 1e9, Properties: { lever: 'columns', name: '' } },
    ],
    NetworkSessions_CL: changed(rows, { _BilledSize: 1e9 }),
    ASimNetworkSessionLogs: [
      ...changed(asim, { _BilledSize: 1e9 }),
      ...changed(asim.slice(0, 3), { EventProduct: 'Of another source' }),
    ],
    AzureMetrics: [
      { ...inOneHour, MetricName: 'IncomingMessages', Total: 4, _ResourceId: resources.EventHubsNamespace },
      { ...inOneHour, MetricName: 'IncomingMessages', Total: 100, _ResourceId: `${resources.EventHubsNamespace}2` },
    ],
    DCRLogErrors: [
      {
        ...inOneHour,
        OperationName: 'Transformation',
        InputStreamId: 'Custom-NetworkSessions',
        Message: 'why',
        _ResourceId: rule,
      },
    ],
    Usage: [
      { ...inOneHour, DataType: 'NetworkSessions_CL', Quantity: 1500, IsBillable: true },
      { ...inOneHour, DataType: 'NetworkSessions_CL', Quantity: 500, IsBillable: true },
      { ...inOneHour, DataType: 'AzureActivity', Quantity: 700, IsBillable: false },
    ],
  });
});

type Rows = readonly Record<string, unknown>[];
const hub = 'insights-logs-advancedhunting-devicenetworkevents';

/** By the name of the workbook's item. */
const answers: Readonly<Record<string, (rows: Rows) => void>> = {
  // 4 messages less the dead letter; the phases of the run settled 3 of them with 4 records, and 3 rows.
  steps: (rows) =>
    expect(rows.map(({ Count, Missing }) => [Count, Missing])).toEqual([
      [3, 0],
      [3, 0],
      [4, 0],
      [4, 0],
      [3, 1],
      [3, 0],
    ]),
  states: (rows) =>
    expect(rows).toEqual([
      { State: 'sent', Reason: '', Table: 'DeviceNetworkEvents', Records: 3, Share: 75 },
      { State: 'deadLettered', Reason: 'InvalidJson', Table: '', Records: 1, Share: 25 },
    ]),
  // Of the seven sessions six were stored within the day.
  'rows-in-table': (rows) => expect(rows).toEqual([{ Accepted: 3, InTable: 6, Missing: -3 }]),
  delay: (rows) => {
    expect(new Set(rows.map(({ Delay }) => Delay))).toEqual(new Set(['from the hub', 'from the device']));
    for (const { P50, P99 } of rows) expect(Number(P50)).toBeLessThanOrEqual(Number(P99));
  },
  waiting: (rows) => expect(rows).toMatchObject([{ Hub: hub, Partition: '0' }]),
  held: (rows) => expect(rows).toEqual([]),
  wrong: (rows) => {
    const found = rows.map(({ What, Code, Where, 'Goes on': on }) => [What, Code, Where, on]);
    expect(found).toEqual(
      expect.arrayContaining([
        ['call failed', 'Forbidden', `${run.ruleId} 403`, 'yes'],
        ['call failed', 'TooManyRequests', `${run.ruleId} 429`, 'yes'],
        ['batch held', 'Forbidden', `${hub}/0`, 'yes'],
        ['dead letter', 'InvalidJson', hub, 'yes'],
      ]),
    );
    expect(found).toHaveLength(4);
  },
  'rule-errors': (rows) =>
    expect(rows).toMatchObject([
      { Operation: 'Transformation', Stream: 'Custom-NetworkSessions', Errors: 1, Example: 'why' },
    ]),
  'schema-news': (rows) =>
    expect(
      new Set(rows.map(({ Kind, Name, Records }) => `${String(Kind)} ${String(Name)} ${String(Records)}`)),
    ).toEqual(new Set(['actionType NewAction 1', 'column NewColumn 1', 'unreadable RemotePort 1'])),
  'dead-letters': (rows) => expect(rows).toMatchObject([{ Reason: 'InvalidJson', Table: '', Hub: hub, Letters: 1 }]),
  'volume-by-table': (rows) => expect(rows).toEqual([{ Table: 'NetworkSessions_CL', Gigabytes: 2, Cost: 2 * 2.3 }]),
  'volume-by-action-type': (rows) => {
    expect(rows).toEqual([
      { ActionType: 'ConnectionSuccess', Rows: 5, Gigabytes: 5, Share: 71.4, Cost: 5 * 2.3 },
      { ActionType: 'FirewallOutboundConnectionBlocked', Rows: 2, Gigabytes: 2, Share: 28.6, Cost: 2 * 2.3 },
    ]);
  },
  'volume-by-column': (rows) => {
    expect(rows.find(({ Column }) => Column === 'DvcAction')).toMatchObject({ Filled: 2, BytesPerRow: 1.1 });
    expect(rows.filter(({ Column }) => String(Column).startsWith('_') || Column === 'Type')).toEqual([]);
    expect(rows.reduce((sum, { Share }) => sum + Number(Share), 0)).toBeCloseTo(100, 0);
  },
  // The run itself sent a few thousand bytes.
  'saved-by-lever': (rows) =>
    expect(rows).toEqual([
      { Lever: 'drop', Name: 'rule', Rows: 0, Gigabytes: 3, Share: 75 },
      { Lever: 'columns', Name: '', Rows: 0, Gigabytes: 1, Share: 25 },
    ]),
  'top-talkers': (rows) =>
    expect(rows).toEqual([
      { Device: 'pc1', Sessions: 5, Destinations: 2, Most: 'known.example' },
      { Device: 'pc2', Sessions: 1, Destinations: 1, Most: 'new.example' },
    ]),
  'denied-connections': (rows) =>
    expect(rows).toMatchObject([
      {
        Device: 'pc1',
        Direction: 'Outbound',
        Peer: 'known.example',
        DstPortNumber: 443,
        Rule: 'rule',
        Process: 'a.exe',
        Denied: 2,
      },
    ]),
  'new-destinations': (rows) =>
    expect(rows).toMatchObject([{ DstName: 'new.example', Devices: 2, Sessions: 2, Process: 'a.exe' }]),
};

test('each query of a workbook has an answer here, and each query file is in a workbook', () => {
  const names = new Set(workbookQueries().map(({ file }) => file.split(', ')[1]));
  const files = filesIn('infra/queries/workbook', '.kql').filter((file) => !file.includes('/sessions/'));
  expect(new Set(Object.keys(answers))).toEqual(names);
  expect(new Set(files.map((file) => file.replace(/^.*\/|\.kql$/g, '')))).toEqual(names);
});

test.each(workbookQueries().map(({ file, text }) => [file, text] as const))('%s answers', (file, text) => {
  answers[file.split(', ')[1] ?? '']?.(evaluateRows(filledIn(text), { tables, now }));
});
