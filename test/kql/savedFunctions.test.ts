import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCases } from '../../scripts/cases/caseFiles';
import {
  documentQueries,
  filesIn,
  functionParameters,
  readText,
  root,
  transforms,
  workspace,
} from '../../scripts/kql/queryFiles';
import { stream } from '../../scripts/kql/tableSchemas';
import { evaluate, evaluateRows } from './evaluator/evaluate';
import { once } from './evaluator/scope';
import { changed, type TableRow, tablesWith } from './workspaceTables';

/** The transform, the saved function and the queries of the documents, on rows of the cases. */

const now = '2026-11-21T00:00:00Z';
const caseRows: readonly TableRow[] = readCases().flatMap(({ rows }) =>
  rows.flatMap((row) => (typeof row === 'object' && row !== null && !Array.isArray(row) ? [row] : [])),
);
const transformed = (rows: readonly TableRow[]): Record<string, unknown>[] =>
  evaluateRows(readText(transforms[0] ?? ''), {
    tables: { source: { schema: stream.tables[0]?.columns ?? {}, rows } },
    now,
  });

const asimRows = once(() => transformed(caseRows.slice(0, 50)));

/** The function as the deployment saves it for a destination. */
const savedFor = (file: string) => ({
  NetworkSessionsUnique: { parameters: functionParameters({ file }), body: readText(`infra/functions/${file}`) },
});

describe('the transform', () => {
  const rows = transformed(caseRows);

  test('makes one row of each row of the cases, and each has what the schema demands', () => {
    expect(rows).toHaveLength(caseRows.length);
    const mandatory = [
      'TimeGenerated',
      'EventCount',
      'EventStartTime',
      'EventEndTime',
      'EventType',
      'EventResult',
      'EventProduct',
    ];
    for (const column of [...mandatory, 'EventVendor', 'EventSchemaVersion', 'Dvc']) {
      expect([column, rows.filter((row) => row[column] === '' || row[column] === null)]).toEqual([column, []]);
    }
  });

  test('keeps the row of a case under the names of the schema', () => {
    const connection = {
      EventSubType: 'ConnectionSuccess',
      DvcHostname: 'pc1.corp.example',
      SrcIpAddr: '10.0.0.5',
      DstIpAddr: '::1',
    };
    const more = { SrcUserName: 'ann', SrcUserDomain: 'corp', SrcUserSid: 'S-1-5-21-1-500', DvcAction: 'Deny' };
    const AdditionalFields = {
      DeviceId: 'id',
      InitiatingProcess: { FileName: 'a.exe', Id: 7 },
      Detail: { 'Tcp Flags': 18 },
    };
    const [row] = transformed([{ TimeGenerated: now, EventUid: 'u', ...connection, ...more, AdditionalFields }]);
    expect(row).toMatchObject({
      Dvc: 'pc1.corp.example',
      DvcHostname: 'pc1',
      DvcDomain: 'corp.example',
      DvcId: 'id',
      DvcIdType: 'MDEid',
      EventOriginalType: 'ConnectionSuccess',
      EventResult: 'NA',
      EventSeverity: 'Low',
      NetworkDirection: 'Local',
      NetworkProtocolVersion: 'IPv6',
      SrcUsername: 'corp\\ann',
      SrcUsernameType: 'Windows',
      SrcUserType: 'Admin',
      SrcAppName: 'a.exe',
      SrcAppId: '7',
      SrcAppType: 'Process',
      DstAppName: '',
      SrcDvcId: 'id',
      DstDvcId: '',
      TcpFlagsSyn: true,
      TcpFlagsAck: true,
      TcpFlagsFin: false,
      AdditionalFields: { EventUid: 'u', Defender: AdditionalFields },
    });
  });
});

const copy = (EventUid: string, TimeGenerated: string, EventCount: number): TableRow => ({
  EventUid,
  TimeGenerated,
  EventCount,
});

const columnsOf = (query: string, file: string): string[] =>
  evaluate(query, { tables: tablesWith({}), functions: savedFor(file), now })
    .columns.map(([name]) => name)
    .toSorted();

describe('NetworkSessionsUnique', () => {
  const rows = [
    copy('a', '2026-11-20T10:00:00Z', 2),
    copy('a', '2026-11-20T09:00:00Z', 1),
    copy('b', '2026-11-20T12:00:00Z', 3),
    copy('', '2026-11-20T12:00:00Z', 4),
    copy('', '2026-11-20T12:00:00Z', 4),
  ];
  const asim = rows.map(({ EventUid, ...row }) => ({ ...row, AdditionalFields: EventUid === '' ? {} : { EventUid } }));
  const counts = (query: string, file: string): number[] =>
    evaluateRows(query, {
      tables: tablesWith({ NetworkSessions_CL: rows, ASimNetworkSessionLogs: asim }),
      functions: savedFor(file),
      now,
    })
      .map(({ EventCount }) => Number(EventCount))
      .toSorted((a, b) => a - b);

  test.each(['NetworkSessionsUnique.kql', 'NetworkSessionsUnique.asim.kql'])('%s', (file) => {
    // The earliest of two copies, and every row without EventUid.
    expect(counts('NetworkSessionsUnique()', file)).toEqual([1, 3, 4, 4]);
    // Both ends are included.
    expect(counts('NetworkSessionsUnique(datetime(2026-11-20T10:00), datetime(2026-11-20T12:00))', file)).toEqual([
      2, 3, 4, 4,
    ]);
    expect(counts('NetworkSessionsUnique(endtime = datetime(2026-11-20T11:59))', file)).toEqual([1]);
  });

  test('keeps the columns of NetworkSessions_CL, and adds EventUid to those of ASimNetworkSessionLogs', () => {
    const own = 'NetworkSessionsUnique.kql';
    expect(columnsOf('NetworkSessionsUnique()', own)).toEqual(columnsOf('NetworkSessions_CL', own));
    const ofAsim = columnsOf('ASimNetworkSessionLogs', own);
    expect(columnsOf('NetworkSessionsUnique()', 'NetworkSessionsUnique.asim.kql')).toEqual(
      [...ofAsim, 'EventUid'].toSorted(),
    );
  });
});

// The declared body has braces around it, which evaluate() adds too.
const functions = Object.fromEntries(
  (workspace().functions ?? []).map(({ name, parameters, body }) => [name, { parameters, body: body.slice(1, -1) }]),
);

const run = (text: string, rows: readonly TableRow[]): Record<string, unknown>[] =>
  evaluateRows(text, {
    tables: tablesWith({ NetworkSessions_CL: rows, ASimNetworkSessionLogs: asimRows() }),
    functions,
    now,
  });

const hunting = (words: string): string =>
  documentQueries().find(({ file, text }) => file === 'docs/queries.md' && text.includes(words))?.text ?? '';

const at = (minutes: number): string => new Date(Date.parse(now) - minutes * 60_000).toISOString();

const outbound = { DvcHostname: 'pc1', NetworkDirection: 'Outbound', EventSubType: 'ConnectionSuccess' };

const session = (FileName: string, RemoteIPType: string): TableRow => ({
  ...outbound,
  TimeGenerated: at(5),
  DstIpAddr: '203.0.113.80',
  AdditionalFields: { RemoteIPType, InitiatingProcess: { FileName, CommandLine: 'line' } },
});

const failures = (count: number): TableRow[] =>
  Array.from({ length: count }, (_, i) => ({
    ...outbound,
    EventResult: 'Failure',
    TimeGenerated: at(5),
    DstIpAddr: `203.0.113.${i}`,
    DstPortNumber: 445,
  }));

const beacon = (jitter: number): TableRow[] =>
  Array.from({ length: 25 }, (_, i) => ({
    ...outbound,
    TimeGenerated: at(30 * i + (i % 2) * jitter),
    DstIpAddr: '203.0.113.80',
    DstPortNumber: 443,
  }));

describe('the queries of the documents', () => {
  test.each(documentQueries().map(({ file, line, text }) => [`${file}:${line}`, text] as const))(
    '%s runs',
    (_, text) => {
      expect(() => run(text, caseRows)).not.toThrow();
    },
  );

  test('an indicator is found as an address, as a name in any case and as a source', () => {
    const rows = [
      { DstIpAddr: '203.0.113.80' },
      { DstDomainHostname: 'C2.example.net' },
      { SrcIpAddr: '203.0.113.80' },
      { DstIpAddr: '203.0.113.8' },
    ];
    expect(run(hunting('let indicators'), changed(rows, { TimeGenerated: at(5) }))).toHaveLength(3);
  });

  test('connections from the Internet: not from private addresses', () => {
    const inbound = {
      ...outbound,
      TimeGenerated: at(5),
      NetworkDirection: 'Inbound',
      EventResult: 'Success',
      DstPortNumber: 22,
    };
    const rows = ['203.0.113.1', '203.0.113.2', '10.0.0.1', '192.168.1.1', '::1', ''].flatMap((SrcIpAddr) =>
      changed([inbound], { SrcIpAddr }),
    );
    expect(run(hunting('Sources = dcount(SrcIpAddr)'), rows)).toMatchObject([
      { DvcHostname: 'pc1', DstPortNumber: 22, Sources: 2, Sessions: 2 },
    ]);
  });

  test('programs that rarely need the Internet: any case of the name, not to private addresses', () => {
    const rows = [
      session('Rundll32.exe', 'Public'),
      session('rundll32.exe', 'Private'),
      session('chrome.exe', 'Public'),
    ];
    expect(run(hunting('let programs'), rows)).toMatchObject([
      { Process: 'rundll32.exe', Destination: '203.0.113.80', Sessions: 1, Devices: ['pc1'], CommandLine: 'line' },
    ]);
  });

  test('scans: more than 50 failed targets in ten minutes', () => {
    expect(run(hunting('Ports > 50'), failures(51))).toMatchObject([{ DvcHostname: 'pc1', Targets: 51, Ports: 1 }]);
    expect(run(hunting('Ports > 50'), failures(50))).toEqual([]);
  });

  test('the first rule counts a session of the app once in either table, and every session of other sources', () => {
    const columns =
      'TimeGenerated:datetime EventStartTime:datetime EventEndTime:datetime EventCount:int Type:string EventUid:string AdditionalFields:dynamic Dvc:string DvcId:string SrcIpAddr:string SrcAppName:string DstIpAddr:string DstPortNumber:int EventResult:string ASimMatchingIpAddr:string';
    const schema = Object.fromEntries(
      columns.split(' ').map((one): [string, string] => [one.split(':')[0] ?? '', one.split(':')[1] ?? '']),
    );
    const seen = { TimeGenerated: at(30), EventStartTime: at(30), EventEndTime: at(30), EventCount: 1 };
    const ours = { ...seen, Dvc: 'pc1', Type: 'NetworkSessions_CL', EventUid: 'a' };
    const stored = { ...seen, Dvc: 'pc2', Type: 'ASimNetworkSessionLogs', AdditionalFields: { EventUid: 'b' } };
    const without = { ...seen, Dvc: 'fw1', Type: 'CommonSecurityLog', EventUid: '' };
    // The source has one id for the beginning and the end of a session.
    const repeating = { ...without, Dvc: 'fw2', EventUid: '7' };
    const rows = [
      ours,
      { ...ours, TimeGenerated: at(29) },
      { ...stored, EventUid: 'item 1' },
      { ...stored, EventUid: 'item 2' },
      without,
      without,
      without,
      repeating,
      repeating,
    ];
    const text = documentQueries().find(
      (one) => one.file === 'docs/sentinel.md' && one.text.includes('indicators'),
    )?.text;
    const parser = functions['_Im_NetworkSession'];
    if (text === undefined || parser === undefined) throw new Error('the rule or its parser is missing');
    const answer = evaluateRows(text, {
      tables: { Seen: { schema, rows } },
      functions: { _Im_NetworkSession: { parameters: parser.parameters, body: 'Seen' } },
      now,
    });
    expect(Object.fromEntries(answer.map(({ Dvc, Sessions }) => [Dvc, Number(Sessions)]))).toEqual({
      fw1: 3,
      fw2: 2,
      pc1: 1,
      pc2: 1,
    });
  });

  test('beacons: 24 sessions at nearly equal intervals, not at uneven ones', () => {
    expect(run(hunting('Spread < 0.1'), beacon(1))).toMatchObject([{ DvcHostname: 'pc1', Sessions: 24 }]);
    expect(run(hunting('Spread < 0.1'), beacon(10))).toEqual([]);
  });
});

const event = (DeviceId: string, Timestamp: string): TableRow => ({ DeviceId, Timestamp });

test('event volume counts the events and devices of each table over seven whole days, and its busiest hour', () => {
  const DeviceNetworkEvents = [
    event('a', '2026-11-20T10:00:00Z'),
    event('a', '2026-11-20T10:59:59Z'),
    event('b', '2026-11-20T11:00:00Z'),
    event('b', '2026-11-14T00:00:00Z'),
    // Before the seven days.
    event('c', '2026-11-13T23:59:59Z'),
  ];
  // Advanced hunting names the time of an event otherwise than a workspace.
  const schema = { DeviceId: 'string', Timestamp: 'datetime' };
  const tables = {
    DeviceNetworkEvents: { schema, rows: DeviceNetworkEvents },
    DeviceEvents: { schema, rows: [event('a', '2026-11-20T10:00:00Z')] },
  };
  expect(evaluateRows(readText('infra/queries/portal/event-volume.kql'), { tables, now })).toEqual([
    {
      Table: 'DeviceNetworkEvents',
      Devices: 2,
      EventsPerDeviceAndDay: 4 / 7 / 2,
      BusyHours: 84,
      MBPerSecond: (2 * 2400) / 3600 / 1_000_000,
    },
    {
      Table: 'DeviceEvents',
      Devices: 1,
      EventsPerDeviceAndDay: 1 / 7,
      BusyHours: 168,
      MBPerSecond: 2400 / 3600 / 1_000_000,
    },
  ]);
});

/** Which test executes the texts of a folder; each of them fails where a text has no answer. */
const executedBy: Readonly<Record<string, string>> = {
  'infra/queries/hunting/': 'test/hunting/hunting.test.ts',
  'infra/queries/summaries/': 'test/hunting/summaries.test.ts',
  'infra/queries/alerts/': 'test/kql/alerts.test.ts',
  'infra/queries/telemetry/': 'test/kql/telemetryQueries.test.ts',
  'infra/queries/workbook/': 'test/kql/workbookQueries.test.ts',
  'infra/queries/sentinel/counted-twice.kql': 'test/kql/countedTwiceQuery.test.ts',
  'infra/queries/doctor/first-event.kql': 'test/kql/firstEventQuery.test.ts',
  'infra/queries/portal/event-volume.kql': 'test/kql/savedFunctions.test.ts',
  'infra/functions/NetworkSessionsUnique.': 'test/kql/savedFunctions.test.ts',
  'infra/functions/': 'test/asim/asim.test.ts',
  'infra/transforms/asimNetworkSessionLogs.kql': 'test/kql/savedFunctions.test.ts',
};

test('each query and function of the deployment is executed by a test', () => {
  const isExecuted = (file: string): boolean => Object.keys(executedBy).some((folder) => file.startsWith(folder));
  expect(filesIn('infra', '.kql').filter((file) => !isExecuted(file))).toEqual([]);
  expect(Object.values(executedBy).filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
