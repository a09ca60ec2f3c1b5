import { isObject } from '../../../shared/json';
import { mergeFlows } from '../../../shared/transform/mergeFlows';
import { connection, device, rowsOf, rowsOfBodies, sharedBy, tenant } from './kit';

describe('identical connections of one message', () => {
  const three = [
    connection(),
    connection(
      { Timestamp: '2026-11-20T09:14:31Z', ReportId: 48_199, LocalPort: 50_120 },
      { _TimeReceivedBySvc: '2026-11-20T09:15:39.5000000Z' },
    ),
    connection({ Timestamp: '2026-11-20T09:14:35.1Z', ReportId: 48_230, LocalPort: 50_127 }),
  ];

  test('become one row: their number, first and last time, and what is the same in all', async () => {
    const { columns, rows, tally } = await rowsOf(three);
    // The EventUid is made by the recipe of the contract with another program.
    expect(columns).toEqual([
      {
        TimeGenerated: '2026-11-20T09:14:35.100000Z',
        EventStartTime: '2026-11-20T09:14:31.000000Z',
        EventEndTime: '2026-11-20T09:14:35.100000Z',
        EventUid: '9dbd4734-49cd-5a69-bc33-562d857cefcd',
        EventCount: 3,
        EventType: 'Traffic',
        EventSubType: 'ConnectionSuccess',
        EventMessage: 'ConnectionSuccess',
        EventResult: 'Success',
        EventResultDetails: 'ConnectionSuccess',
        EventProduct: 'M365 Defender for Endpoint',
        EventVendor: 'Microsoft',
        EventSchemaVersion: '0.1',
        EventSeverity: 'Informational',
        DvcHostname: 'fin-ws-0421.corp.example.com',
        DvcIpAddr: '10.20.30.41',
        NetworkDirection: 'Outbound',
        NetworkProtocol: 'TCP',
        SrcIpAddr: '10.20.30.41',
        SrcDvcHostname: 'fin-ws-0421',
        SrcDvcDomain: 'corp.example.com',
        SrcDvcFqdn: 'fin-ws-0421.corp.example.com',
        DstIpAddr: '203.0.113.80',
        DstPortNumber: 443,
        AdditionalFields: {
          Table: 'DeviceNetworkEvents',
          ActionType: 'ConnectionSuccess',
          DeviceId: device,
          AadTenantId: tenant,
          TimePublished: '2026-11-20T09:16:02.1184730Z',
          LocalIP: '10.20.30.41',
          RemoteIP: '203.0.113.80',
          RemotePort: 443,
          Protocol: 'Tcp',
          DirectionBasis: 'action',
        },
      },
    ]);
    expect(rows.map(({ time }) => new Date(time).toISOString())).toEqual(['2026-11-20T09:14:35.100Z']);
    expect(tally).toMatchObject({ received: 3, sent: 1, merged: 2, duplicates: 0 });
  });

  test('have the EventUid that does not depend on their order', async () => {
    const uids = await Promise.all(
      [three, three.toReversed()].map(async (records) => (await rowsOf(records)).columns.map((row) => row['EventUid'])),
    );
    expect(uids).toEqual([['9dbd4734-49cd-5a69-bc33-562d857cefcd'], ['9dbd4734-49cd-5a69-bc33-562d857cefcd']]);
  });

  test('stay rows of their own without the setting', async () => {
    const { rows, tally } = await rowsOf(three, { MERGE_FLOWS: '' });
    expect([rows.length, tally.merged, rows.map(({ members }) => members)]).toEqual([
      3,
      0,
      [undefined, undefined, undefined],
    ]);
  });

  test('of two messages stay two rows, even in one batch', async () => {
    const bodies = three.slice(0, 2).map((record) => Buffer.from(JSON.stringify({ records: [record] })));
    const { rows, tally } = await rowsOfBodies(bodies);
    expect([rows.length, tally.merged]).toEqual([2, 0]);
  });

  test('keep the ReportId and the port that are the same in all', async () => {
    const { columns } = await rowsOf([connection(), connection({ Timestamp: '2026-11-20T09:14:34Z' })]);
    expect(columns).toMatchObject([
      { EventCount: 2, EventOriginalUid: '48213', SrcPortNumber: 50_123, AdditionalFields: { LocalPort: 50_123 } },
    ]);
  });

  test('take the place of the first of them', async () => {
    const other = connection({ RemotePort: 80, ReportId: 1 });
    const records = [
      other,
      connection(),
      { ...other, category: 'AdvancedHunting-DeviceInfo' },
      connection({ ReportId: 2 }),
    ];
    const { rows } = await rowsOf(records);
    expect(rows.map(({ position, members }) => [position, members])).toEqual([
      ['hub/0/100/0', undefined],
      ['hub/0/100/1', [1, 3]],
    ]);
  });

  test('are told apart from copies: the same EventUid again is a duplicate and adds nothing', async () => {
    const { columns, tally } = await rowsOf([connection(), connection(), connection({ ReportId: 2 })]);
    expect(columns.map((row) => row['EventCount'])).toEqual([2]);
    expect(tally).toMatchObject({ received: 3, sent: 1, merged: 1, duplicates: 1 });
  });

  test('leave the row of any other record byte for byte as it is without the setting', async () => {
    const records = [connection(), connection({ RemotePort: 80 }), connection({ ReportId: 2, LocalPort: 50_200 })];
    const off = await rowsOf(records, { MERGE_FLOWS: 'off' });
    const on = await rowsOf(records);
    expect(on.rows[1]?.text).toBe(off.rows[1]?.text);
    expect(on.rows).toHaveLength(2);
  });
});

describe('what must be the same', () => {
  test.each([
    ['the device', { DeviceId: 'another' }],
    ['its name', { DeviceName: 'fin-ws-0421' }],
    ['the action type', { ActionType: 'ConnectionFailed' }],
    ['the address of the device', { LocalIP: '10.20.30.42' }],
    ['the address of the other end', { RemoteIP: '203.0.113.81' }],
    ['the port of the service', { RemotePort: 444 }],
    ['the protocol', { Protocol: 'Udp' }],
    ['the URL', { RemoteUrl: 'www.example.com' }],
    ['the process', { InitiatingProcessId: 4711 }],
    ['its start', { InitiatingProcessCreationTime: '2026-11-20T08:00:00Z' }],
    ['its hash', { InitiatingProcessSHA256: 'ab'.repeat(32) }],
    ['its file', { InitiatingProcessFolderPath: 'c:\\temp\\a.exe' }],
    ['its command line', { InitiatingProcessCommandLine: 'a.exe -x' }],
    ['its parent', { InitiatingProcessParentFileName: 'winword.exe' }],
    ['the account', { InitiatingProcessAccountSid: 'S-1-5-21-1-2-3-1001' }],
    ['the name of the account', { InitiatingProcessAccountName: 'ada' }],
    ["Defender's AdditionalFields", { AdditionalFields: '{"a":1}' }],
    ['a column that the mapping does not know', { WarpFactor: 9 }],
    ['a port below 32768 that the source took', { LocalPort: 1025 }],
    ['whether there is a port of the source', { LocalPort: null }],
    ['whether there is a ReportId', { ReportId: null }],
    ['a ReportId that cannot be read', { ReportId: { a: 1 } }],
    ['EventTime, a column like any other beside Timestamp', { EventTime: '2026-11-20T09:00:00Z' }],
  ])('%s', async (_, change) => {
    // Either the second record differs from both others, or its own row differs.
    const records = [
      connection(),
      connection({ ReportId: 2, LocalPort: 50_124, ...change }),
      connection({ ReportId: 3 }),
    ];
    expect(await sharedBy(records)).toEqual([[0, 2], [1]]);
  });

  test.each([
    ['the tenant', { tenantId: '11111111-2222-3333-4444-555555555555' }],
    ['the table', { category: 'AdvancedHunting-DeviceEvents' }],
    ['an unknown field of the envelope', { Region: 'eu' }],
  ])('%s', async (_, envelope) => {
    const blocked = { ActionType: 'FirewallOutboundConnectionBlocked' };
    const records = [
      connection(blocked),
      connection({ ...blocked, ReportId: 2 }, envelope),
      connection({ ...blocked, ReportId: 3 }),
    ];
    expect(await sharedBy(records)).toEqual([[0, 2], [1]]);
  });

  test('also what a setting leaves out of the rows', async () => {
    const records = ['a', 'b', 'a'].map((InitiatingProcessCommandLine, ReportId) =>
      connection({ InitiatingProcessCommandLine, ReportId }),
    );
    expect(await sharedBy(records, { OMIT_COLUMNS: 'AdditionalFields,DstPortNumber' })).toEqual([[0, 2], [1]]);
  });
});

describe('which port is left out of the comparison', () => {
  test.each([
    ['of an outgoing connection, that of the device', { ActionType: 'ConnectionSuccess' }, 'LocalPort'],
    ['of an incoming connection, that of the other end', { ActionType: 'InboundConnectionAccepted' }, 'RemotePort'],
    [
      'of a blocked incoming connection, that of the other end',
      { ActionType: 'FirewallInboundConnectionBlocked' },
      'RemotePort',
    ],
    [
      'of a connection that was found open, that of the client by the port rule',
      { ActionType: 'ConnectionFound' },
      'LocalPort',
    ],
    ['of an attempt, that of the client by the port rule', { ActionType: 'ConnectionAttempt' }, 'LocalPort'],
  ])('%s', async (_, { ActionType }, ephemeral) => {
    const service = ephemeral === 'LocalPort' ? 'RemotePort' : 'LocalPort';
    const category = ActionType.startsWith('Firewall')
      ? 'AdvancedHunting-DeviceEvents'
      : 'AdvancedHunting-DeviceNetworkEvents';
    const record = (ReportId: number, port: number, servicePort = 443) =>
      connection({ ActionType, ReportId, [ephemeral]: port, [service]: servicePort }, { category });
    const records = [record(1, 50_001), record(2, 32_768), record(3, 65_535, 444), record(4, 32_767)];
    expect(await sharedBy(records)).toEqual([[0, 1], [2], [3]]);
  });

  test.each([
    ['if nothing decides which end is the source', 'ConnectionFound', 50_000],
    ['if the action type is unknown', 'ConnectionTeleported', 443],
    ['if a process listens', 'ListeningConnectionCreated', 443],
  ])('neither of them %s', async (_, ActionType, RemotePort) => {
    const record = (ReportId: number, LocalPort: number) => connection({ ActionType, ReportId, LocalPort, RemotePort });
    expect(await sharedBy([record(1, 50_001), record(2, 50_002), record(3, 50_001)])).toEqual([[0, 2], [1]]);
  });
});

describe('what never shares a row', () => {
  test.each([
    ['a record without a DeviceId', { DeviceId: null }],
    ['an ICMP session, which has bytes and a duration of its own', { ActionType: 'IcmpConnectionInspected' }],
    [
      'a record with a value nested more deeply than rows keep',
      { WarpFactor: JSON.parse('['.repeat(40) + ']'.repeat(40)) as unknown },
    ],
  ])('%s', async (_, change) => {
    const { rows, tally } = await rowsOf([
      connection({ ReportId: 1, ...change }),
      connection({ ReportId: 2, ...change }),
    ]);
    expect([rows.length, tally.deadLettered]).toEqual([2, 0]);
  });

  test('not even a record that is nested 100,000 levels deep: it becomes the row that it is without the setting', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const text = JSON.stringify({
      records: [connection({ WarpFactor: 'DEEP' }), connection({ ReportId: 2, WarpFactor: 'DEEP' })],
    });
    const body = Buffer.from(text.replaceAll('"DEEP"', deep));
    const [off, on] = [await rowsOfBodies([body], { MERGE_FLOWS: 'off' }), await rowsOfBodies([body])];
    expect(on.rows.map(({ text: row }) => row)).toEqual(off.rows.map(({ text: row }) => row));
    expect(on.rows).toHaveLength(2);
  });
});

function report(ReportId: number, count: unknown, more: object = {}): object {
  return connection({
    ActionType: 'ConnectionSuccessAggregatedReport',
    LocalPort: 0,
    ReportId,
    AdditionalFields: JSON.stringify({ uniqueEventsAggregated: count, ...more }),
  });
}

function reportAt(hour: string, ReportId: number): object {
  return connection({
    ActionType: 'ConnectionSuccessAggregatedReport',
    Timestamp: `2026-11-20T${hour}:00:00Z`,
    LocalPort: 0,
    ReportId,
    AdditionalFields: '{"uniqueEventsAggregated":3}',
  });
}

describe('hourly reports', () => {
  test('add their numbers; the number of one of them is left out', async () => {
    const { columns, tally } = await rowsOf([report(1, 5), report(2, '7')]);
    expect(columns).toMatchObject([{ EventCount: 12 }]);
    const fields = columns[0]?.['AdditionalFields'];
    expect(isObject(fields) && Object.keys(fields)).not.toContain('Detail');
    expect(tally).toMatchObject({ sent: 1, merged: 1 });
  });

  test('keep what else their AdditionalFields hold', async () => {
    const { columns } = await rowsOf([report(1, 5, { a: 'b' }), report(2, 5, { a: 'b' }), report(3, 5, { a: 'c' })]);
    expect(columns).toMatchObject([
      { EventCount: 10, AdditionalFields: { Detail: { a: 'b' } } },
      { EventCount: 5, AdditionalFields: { Detail: { a: 'c', uniqueEventsAggregated: 5 } } },
    ]);
    expect(columns[0]).not.toMatchObject({ AdditionalFields: { Detail: { uniqueEventsAggregated: 5 } } });
  });

  test('whose number cannot be read share a row only with those that hold the same', async () => {
    expect(await sharedBy([report(1, 2.5), report(2, 5), report(3, 2.5), report(4, 3.5)])).toEqual([[0, 2], [1], [3]]);
  });

  test('begin another row where the sum would not fit the column', async () => {
    const { columns, rows } = await rowsOf([
      report(1, 2_000_000_000),
      report(2, 147_483_647),
      report(3, 1),
      report(4, 9),
    ]);
    expect(columns.map((row) => row['EventCount'])).toEqual([2_147_483_647, 10]);
    expect(rows.map(({ members }) => members)).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  test('of another hour have their own times: the row reaches from the first start to the last end', async () => {
    // Both were received after their hour, so Timestamp is its start.
    const { columns } = await rowsOf([reportAt('08', 1), reportAt('07', 2)]);
    expect(columns).toMatchObject([
      {
        TimeGenerated: '2026-11-20T08:00:00.000000Z',
        EventStartTime: '2026-11-20T07:00:00.000000Z',
        EventEndTime: '2026-11-20T09:00:00.000000Z',
        EventCount: 6,
      },
    ]);
  });

  test('stay apart where Timestamp is the start of one and the end of the other', async () => {
    // Both were received at 09:15.
    expect(await sharedBy([reportAt('08', 1), reportAt('09', 2)])).toEqual([[0], [1]]);
  });

  test('stay apart where only one of them has a number', async () => {
    const counted = { ActionType: 'ConnectionSuccessAggregatedReport', LocalPort: 0 };
    const records = [
      connection({ ...counted, AdditionalFields: { uniqueEventsAggregated: 5 } }),
      connection({ ...counted, ReportId: 2, AdditionalFields: {} }),
    ];
    expect(await sharedBy(records)).toEqual([[0], [1]]);
  });

  test.each([
    ['in an ordinary event', 'ConnectionSuccess', '{"uniqueEventsAggregated":5}', '{"uniqueEventsAggregated":7}'],
    [
      'in text that is cut off',
      'ConnectionSuccessAggregatedReport',
      '{"uniqueEventsAggregated":5,"a":"b',
      '{"uniqueEventsAggregated":7,"a":"b',
    ],
    [
      'spelt in two ways',
      'ConnectionSuccessAggregatedReport',
      '{"uniqueEventsAggregated":5,"UniqueEventsAggregated":6}',
      '{"uniqueEventsAggregated":7,"UniqueEventsAggregated":6}',
    ],
  ])('a number %s is compared like any other value', async (_, ActionType, first, second) => {
    const [one, two] = [first, second].map((AdditionalFields, ReportId) =>
      connection({ ActionType, LocalPort: 0, ReportId, AdditionalFields }),
    );
    expect(await sharedBy([one ?? {}, two ?? {}])).toEqual([[0], [1]]);
  });

  test('received within their hour begin an hour before their Timestamp', async () => {
    const { columns } = await rowsOf([reportAt('09', 1), reportAt('09', 2)]);
    expect(columns).toMatchObject([
      { EventStartTime: '2026-11-20T08:00:00.000000Z', EventEndTime: '2026-11-20T09:00:00.000000Z', EventCount: 6 },
    ]);
  });
});

test('events of the retired table, whose time is in EventTime, share a row and keep the latest of their times', async () => {
  const retired = { category: 'AdvancedHunting-NetworkCommunicationEvents' };
  const at = (EventTime: string, ReportId: number) =>
    connection({ Timestamp: undefined, EventTime, ReportId }, retired);
  const { columns } = await rowsOf([at('2026-11-20T09:14:33Z', 1), at('2026-11-20T09:14:31Z', 2)]);
  expect(columns).toMatchObject([
    {
      TimeGenerated: '2026-11-20T09:14:33.000000Z',
      EventStartTime: '2026-11-20T09:14:31.000000Z',
      EventCount: 2,
    },
  ]);
});

test('at level lean the port of one of the connections is nowhere in the row', async () => {
  const { columns } = await rowsOf([connection(), connection({ ReportId: 2, LocalPort: '50124' })], {
    ADDITIONAL_FIELDS: 'lean',
  });
  expect(columns).toMatchObject([{ EventCount: 2 }]);
  expect(JSON.stringify(columns)).not.toMatch(/5012[34]/);
});

test('a row that is as large as a call may be still fits into one when it is shared', async () => {
  const name = '\u0001'.repeat(65_536);
  const large = (ReportId: number) =>
    connection({ ActionType: `${name}ConnectionInspected`, DeviceName: `${name}.x`, ReportId });
  const { rows } = await rowsOf([large(1), large(2)]);
  expect(rows.map(({ members }) => members)).toEqual([[0, 1]]);
  expect(rows.every(({ text }) => Buffer.byteLength(text) + 2 <= 1_000_000)).toBe(true);
});

test('a record whose flow the app cannot read keeps its own row', () => {
  const broken = {
    likeness: 'alike',
    flow: () => {
      throw new TypeError('a bug of this app');
    },
  };
  const rows = [0, 1].map((index) => ({ index, text: '{}', uid: `${index}`, time: 0, flow: broken, saved: [] }));
  expect(mergeFlows(rows)).toEqual(rows);
});
