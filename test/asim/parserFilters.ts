import type { JsonObject } from '../../shared/json';
import { cellsOf, type Destination, destinations, workspaceWith } from './asimWorkspace';

/** A row of NetworkSessions_CL; its EventUid is its name in these tests. */
function row(name: string, columns: JsonObject): JsonObject {
  return {
    TimeGenerated: '2026-11-20T09:00:00Z',
    EventStartTime: '2026-11-20T09:00:00Z',
    EventEndTime: '2026-11-20T09:00:00Z',
    EventUid: name,
    EventCount: 1,
    EventType: 'Traffic',
    EventSubType: 'ConnectionSuccess',
    EventVendor: 'Microsoft',
    EventProduct: 'M365 Defender for Endpoint',
    EventSchemaVersion: '0.1',
    DvcHostname: 'ws-1.corp.example',
    NetworkDirection: 'Outbound',
    AdditionalFields: { DeviceId: 'd1', InitiatingProcess: { FileName: 'curl.exe', Id: 7 } },
    ...columns,
  };
}

/** For each call of _Im_NetworkSession the names of the rows that it keeps, with what matched; one query, because binding it takes long. */
function keptBy(rows: readonly JsonObject[], calls: readonly string[], to: Destination): readonly string[] {
  const legs = calls.map((call, i) => `(_Im_NetworkSession(${call}) | extend Call = ${i})`);
  const name = 'iff(isempty(AdditionalFields.EventUid), EventUid, tostring(AdditionalFields.EventUid))';
  const query = `union ${legs.join(', ')} | project Call, Name = ${name}, ASimMatchingIpAddr, ASimMatchingHostname`;
  const kept = cellsOf(query, workspaceWith(rows, to)).rows;
  return calls.map((_, i) =>
    kept
      .filter(({ Call }) => Call === String(i))
      .map(({ Name, ASimMatchingIpAddr: address, ASimMatchingHostname: host }) =>
        [Name, address, host].filter((part) => part !== '-' && part !== '').join(' '),
      )
      .join(', '),
  );
}

/** A call and what it keeps, in the order of the rows. */
type Kept = readonly (readonly [call: string, kept: string])[];

function expectKept(rows: readonly JsonObject[], to: Destination, calls: Kept): void {
  const found = keptBy(
    rows,
    calls.map(([call]) => call),
    to,
  );
  expect(calls.map(([call], i) => [call, found[i]])).toEqual(calls);
}

const addresses = [
  row('a', { SrcIpAddr: '10.20.1.2', DstIpAddr: '203.0.113.80' }),
  row('b', { SrcIpAddr: '2001:db8::1', DstIpAddr: '2001:db80::1' }),
  row('c', { SrcIpAddr: '2001:db8:0:1::5', DstIpAddr: 'fe80::a' }),
  row('d', { SrcIpAddr: '::1', DstIpAddr: '::1' }),
  row('e', { SrcIpAddr: '64:ff9b::10.1.2.3', DstIpAddr: '10.200.0.1' }),
  row('f', { DstIpAddr: '192.0.2.1' }),
];

/** A prefix, or several, and the rows that it keeps. */
function anyEnd(...cases: readonly (readonly [prefixes: string | readonly string[], kept: string])[]): Kept {
  return cases.map(([prefixes, names]) => [
    `ipaddr_has_any_prefix=dynamic(${JSON.stringify([prefixes].flat())})`,
    names,
  ]);
}

describe('the filter for addresses', () => {
  test('takes prefixes of IPv4 that end in a dot, and whole addresses', () => {
    expectKept(
      addresses,
      'NetworkSessions_CL',
      anyEnd(
        ['10.20.', 'a SrcIpAddr'],
        ['10.20.1.2', 'a SrcIpAddr'],
        ['10.', 'a SrcIpAddr, e DstIpAddr'],
        ['203.0.113.', 'a DstIpAddr'],
        ['10.2', ''],
        ['10.20', ''],
        ['', ''],
        [[], 'a, b, c, d, e, f'],
      ),
    );
  });

  test('takes prefixes of IPv6 that end in a colon, ranges and whole addresses, in any spelling', () => {
    expectKept(
      addresses,
      'NetworkSessions_CL',
      anyEnd(
        ['2001:db8:', 'b SrcIpAddr, c SrcIpAddr'],
        ['2001:DB8:', 'b SrcIpAddr, c SrcIpAddr'],
        ['2001:db8:0:1:', 'c SrcIpAddr'],
        ['2001:db8:0:1::', 'c SrcIpAddr'],
        ['2001:db8::/32', 'b SrcIpAddr, c SrcIpAddr'],
        ['2001:db8::/64', 'b SrcIpAddr'],
        ['2001:0db8:0:0:0:0:0:1', 'b SrcIpAddr'],
        ['2001:db80:', 'b DstIpAddr'],
        ['fe80::', 'c DstIpAddr'],
        ['::1', 'd Both'],
        ['64:ff9b::', 'e SrcIpAddr'],
      ),
    );
  });

  test('takes what is no address or prefix for nothing', () => {
    const wrong = ['2001:db8', '1:2:3:4:5:6:7:8:', 'example.com:', '2001:db8::/200', 'g::1'];
    expectKept(addresses, 'NetworkSessions_CL', anyEnd(...wrong.map((one) => [one, ''] as const)));
  });

  test('takes each item of a mixed list by its own kind', () => {
    const list = ['192.0.2.', 'nothing', 'fe80::', '::1'];
    expectKept(addresses, 'NetworkSessions_CL', anyEnd([list, 'c DstIpAddr, d Both, f DstIpAddr']));
  });

  test('looks at one end where one is asked for, and keeps what either finds where both are', () => {
    expectKept(addresses, 'NetworkSessions_CL', [
      ['srcipaddr_has_any_prefix=dynamic(["10.", "2001:db80:"])', 'a SrcIpAddr'],
      ['dstipaddr_has_any_prefix=dynamic(["10.", "2001:db80:"])', 'b DstIpAddr, e DstIpAddr'],
      [
        'srcipaddr_has_any_prefix=dynamic(["10."]), dstipaddr_has_any_prefix=dynamic(["203.", "192."])',
        'a Both, f DstIpAddr',
      ],
      [
        'srcipaddr_has_any_prefix=dynamic(["::1"]), ipaddr_has_any_prefix=dynamic(["203."])',
        'a DstIpAddr, d SrcIpAddr',
      ],
    ]);
  });

  test('answers the same through ASimNetworkSessionLogs for IPv4, and not for IPv6, as documented', () => {
    expectKept(addresses, 'ASimNetworkSessionLogs', [
      // Microsoft's function also finds the IPv4 address inside 64:ff9b::10.1.2.3.
      ...anyEnd(['10.', 'a SrcIpAddr, e Both'], ['2001:db8:', '']),
      [
        'srcipaddr_has_any_prefix=dynamic(["10.20."]), dstipaddr_has_any_prefix=dynamic(["192.0.2."])',
        'a SrcIpAddr, f DstIpAddr',
      ],
    ]);
  });
});

describe('the other filters', () => {
  const rows = [
    row('a', { DstPortNumber: 443, DstDvcFqdn: 'www.tor2web.org', DstDvcHostname: 'www', EventResult: 'Success' }),
    row('b', { DstPortNumber: 80, SrcDvcHostname: 'ws-1', SrcDvcFqdn: 'ws-1.corp.example', EventResult: 'Failure' }),
    row('c', { DvcAction: 'Deny', EventResult: 'Failure', TimeGenerated: '2026-11-20T10:00:00Z' }),
    row('d', { DstDvcHostname: '10.9.9.9', DstIpAddr: '10.9.9.9', TimeGenerated: '2026-11-20T11:00:00Z' }),
  ];

  test.each(destinations)('answer the same through both destinations: %s', (to) => {
    expectKept(rows, to, [
      ['', 'a, b, c, d'],
      ['dstportnumber=443', 'a'],
      ['dvcaction=dynamic(["Deny"])', 'c'],
      ['dvcaction=dynamic(["deny"])', ''],
      ['dvcaction=dynamic(["Allow", "Deny"])', 'c'],
      ['eventresult="Failure"', 'b, c'],
      ['eventresult="NA"', 'd'],
      ['eventresult="*"', 'a, b, c, d'],
      ['starttime=datetime(2026-11-20T10:00:00Z)', 'c, d'],
      ['endtime=datetime(2026-11-20T10:00:00Z)', 'a, b, c'],
      ['starttime=datetime(2026-11-20T10:00:00Z), endtime=datetime(2026-11-20T10:00:00Z)', 'c'],
      ['eventresult="Failure", dstportnumber=80', 'b'],
      ['disabled=true', ''],
      ['pack=true', 'a, b, c, d'],
      ['hostname_has_any=dynamic(["www", "nothing"])', 'a DstHostname'],
      ['hostname_has_any=dynamic(["or2web"])', ''],
      ['hostname_has_any=dynamic(["10.9.9.9"])', ''],
    ]);
  });

  test('find a domain in the whole name through NetworkSessions_CL alone, and say which end matched', () => {
    const calls = ['hostname_has_any=dynamic(["tor2web.org"])', 'hostname_has_any=dynamic(["ws-1", "www"])'];
    expect(keptBy(rows, calls, 'NetworkSessions_CL')).toEqual(['a DstHostname', 'a DstHostname, b SrcHostname']);
    expect(keptBy(rows, calls, 'ASimNetworkSessionLogs')).toEqual(['', 'a DstHostname, b SrcHostname']);
  });

  test('AdditionalFields is there with pack=true and empty without; the plain parser hands both on', () => {
    const calls = [
      'vimNetworkSessionMicrosoftDefenderStream(pack=true)',
      'vimNetworkSessionMicrosoftDefenderStream()',
      'ASimNetworkSessionMicrosoftDefenderStream(pack=true)',
      'ASimNetworkSessionMicrosoftDefenderStream()',
      'ASimNetworkSessionMicrosoftDefenderStream(disabled=true)',
    ];
    const legs = calls.map((call, i) => `(${call} | project Call = ${i}, Bag = tostring(AdditionalFields))`);
    const workspace = workspaceWith(rows.slice(3), 'NetworkSessions_CL');
    const bag = '{"EventUid":"d","Defender":{"DeviceId":"d1","InitiatingProcess":{"FileName":"curl.exe","Id":7}}}';
    expect(cellsOf(`union ${legs.join(', ')}`, workspace).rows).toEqual([
      { Call: '0', Bag: bag },
      { Call: '1', Bag: '[]' },
      { Call: '2', Bag: bag },
      { Call: '3', Bag: '[]' },
    ]);
  });
});
