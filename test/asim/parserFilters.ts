import type { JsonObject } from '../../shared/json';
import { cellsOf, type Destination, workspaceWith } from './asimWorkspace';

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

/** The names of the rows that the call keeps. */
function kept(
  rows: readonly JsonObject[],
  call: string,
  to: Destination = 'NetworkSessions_CL',
): (string | undefined)[] {
  const name = 'extend Name = iff(isempty(AdditionalFields.EventUid), EventUid, tostring(AdditionalFields.EventUid))';
  const query = `_Im_NetworkSession(${call}) | ${name} | project Name`;
  return cellsOf(query, workspaceWith(rows, to)).rows.map(({ Name }) => Name);
}

const addresses = [
  row('a', { SrcIpAddr: '10.20.1.2', DstIpAddr: '203.0.113.80' }),
  row('b', { SrcIpAddr: '2001:db8::1', DstIpAddr: '2001:db80::1' }),
  row('c', { SrcIpAddr: '2001:db8:0:1::5', DstIpAddr: 'fe80::a' }),
  row('d', { SrcIpAddr: '::1', DstIpAddr: '::1' }),
  row('e', { SrcIpAddr: '64:ff9b::10.1.2.3', DstIpAddr: '10.200.0.1' }),
  row('f', { DstIpAddr: '192.0.2.1' }),
];

describe('a prefix of addresses', () => {
  test.each([
    ['10.20.', 'a'],
    ['10.20.1.2', 'a'],
    ['10.', 'ae'],
    ['10.2', ''],
    ['10.20', ''],
    ['2001:db8:', 'bc'],
    ['2001:DB8:', 'bc'],
    ['2001:db8:0:1:', 'c'],
    ['2001:db8:0:1::', 'c'],
    ['2001:db8::/32', 'bc'],
    ['2001:db8::/64', 'b'],
    ['2001:db8::1', 'b'],
    ['2001:0db8:0:0::1', 'b'],
    ['2001:db80:', 'b'],
    ['fe80::', 'c'],
    ['::1', 'd'],
    ['64:ff9b::', 'e'],
    ['2001:db8', ''],
    ['2001:db8:::', ''],
    ['1:2:3:4:5:6:7:8:', ''],
    ['example.com:', ''],
    ['2001:db8::/200', ''],
    ['', ''],
  ])('%s keeps %s', (prefix, expected) => {
    expect(kept(addresses, `ipaddr_has_any_prefix=dynamic(["${prefix}"])`).join('')).toBe(expected);
  });

  test('of a mixed list: each item by its own kind', () => {
    expect(kept(addresses, 'ipaddr_has_any_prefix=dynamic(["192.0.2.", "nothing", "fe80::", "::1"])')).toEqual([
      'c',
      'd',
      'f',
    ]);
  });

  test('an empty list keeps all', () => {
    expect(kept(addresses, 'ipaddr_has_any_prefix=dynamic([])')).toHaveLength(addresses.length);
  });

  test('of a source or a destination looks at that end, of both keeps what either finds, and says which', () => {
    const found = (call: string): string =>
      cellsOf(
        `_Im_NetworkSession(${call}) | project EventUid, ASimMatchingIpAddr`,
        workspaceWith(addresses, 'NetworkSessions_CL'),
      )
        .rows.map(({ EventUid, ASimMatchingIpAddr }) => `${EventUid} ${ASimMatchingIpAddr}`)
        .join(', ');
    expect(found('srcipaddr_has_any_prefix=dynamic(["10.", "2001:db80:"])')).toBe('a SrcIpAddr');
    expect(found('dstipaddr_has_any_prefix=dynamic(["10.", "2001:db80:"])')).toBe('b DstIpAddr, e DstIpAddr');
    expect(found('srcipaddr_has_any_prefix=dynamic(["10."]), dstipaddr_has_any_prefix=dynamic(["203.", "192."])')).toBe(
      'a Both, f DstIpAddr',
    );
    expect(found('ipaddr_has_any_prefix=dynamic(["::1", "203."])')).toBe('a DstIpAddr, d Both');
    expect(found('dstportnumber=int(null)')).toBe('a -, b -, c -, d -, e -, f -');
  });

  test('of IPv4 answers the same through both destinations; IPv6 only through NetworkSessions_CL, as documented', () => {
    const both = (call: string): string[] =>
      (['NetworkSessions_CL', 'ASimNetworkSessionLogs'] as const).map((to) => kept(addresses, call, to).join(''));
    expect(both('ipaddr_has_any_prefix=dynamic(["10."])')).toEqual(['ae', 'ae']);
    expect(
      both('srcipaddr_has_any_prefix=dynamic(["10.20."]), dstipaddr_has_any_prefix=dynamic(["192.0.2."])'),
    ).toEqual(['af', 'af']);
    expect(both('ipaddr_has_any_prefix=dynamic(["2001:db8:"])')).toEqual(['bc', '']);
  });
});

describe('the other filters', () => {
  const rows = [
    row('a', { DstPortNumber: 443, DstDvcFqdn: 'www.tor2web.org', DstDvcHostname: 'www', EventResult: 'Success' }),
    row('b', { DstPortNumber: 80, SrcDvcHostname: 'ws-1', SrcDvcFqdn: 'ws-1.corp.example', EventResult: 'Failure' }),
    row('c', { DvcAction: 'Deny', EventResult: 'Failure', TimeGenerated: '2026-11-20T10:00:00Z' }),
    row('d', { DstDvcHostname: '10.9.9.9', DstIpAddr: '10.9.9.9', TimeGenerated: '2026-11-20T11:00:00Z' }),
  ];

  test.each([
    ['dstportnumber=443', 'a'],
    ['dvcaction=dynamic(["Deny"])', 'c'],
    ['dvcaction=dynamic(["deny"])', ''],
    ['eventresult="Failure"', 'bc'],
    ['eventresult="NA"', 'd'],
    ['eventresult="*"', 'abcd'],
    ['starttime=datetime(2026-11-20T10:00:00Z)', 'cd'],
    ['endtime=datetime(2026-11-20T10:00:00Z)', 'abc'],
    ['starttime=datetime(2026-11-20T10:00:00Z), endtime=datetime(2026-11-20T10:00:00Z)', 'c'],
    ['disabled=true', ''],
    ['pack=true', 'abcd'],
    ['', 'abcd'],
  ])('%s keeps %s, through both destinations', (call, expected) => {
    for (const to of ['NetworkSessions_CL', 'ASimNetworkSessionLogs'] as const) {
      // Microsoft's parser of ASimNetworkSessionLogs has no pack.
      expect(kept(rows, call, to).join('')).toBe(expected);
    }
  });

  test('names match a host name or any part of the whole name; an address is no name', () => {
    const keep = (name: string): string => kept(rows, `hostname_has_any=dynamic(["${name}"])`).join('');
    expect(keep('tor2web.org')).toBe('a');
    expect(keep('www')).toBe('a');
    expect(keep('ws-1')).toBe('b');
    expect(keep('or2web')).toBe('');
    expect(keep('10.9.9.9')).toBe('');
  });

  test('names say which end matched', () => {
    const query =
      '_Im_NetworkSession(hostname_has_any=dynamic(["www", "ws-1"])) | project EventUid, ASimMatchingHostname';
    expect(cellsOf(query, workspaceWith(rows, 'NetworkSessions_CL')).rows).toEqual([
      { EventUid: 'a', ASimMatchingHostname: 'DstHostname' },
      { EventUid: 'b', ASimMatchingHostname: 'SrcHostname' },
    ]);
  });

  test('AdditionalFields is there with pack=true and an empty list without, and the plain parser hands pack and disabled on', () => {
    const workspace = workspaceWith(rows.slice(0, 1), 'NetworkSessions_CL');
    const bag = (query: string): (string | undefined)[] =>
      cellsOf(`${query} | extend Id = tostring(AdditionalFields.Defender.DeviceId)`, workspace).rows.map(
        ({ Id }) => Id,
      );
    expect(bag('vimNetworkSessionMicrosoftDefenderStream(pack=true)')).toEqual(['d1']);
    expect(bag('vimNetworkSessionMicrosoftDefenderStream()')).toEqual(['']);
    expect(bag('ASimNetworkSessionMicrosoftDefenderStream(pack=true)')).toEqual(['d1']);
    expect(bag('ASimNetworkSessionMicrosoftDefenderStream()')).toEqual(['']);
    expect(bag('ASimNetworkSessionMicrosoftDefenderStream(disabled=true)')).toEqual([]);
    expect(cellsOf('vimNetworkSessionMicrosoftDefenderStream()', workspace).rows[0]).toMatchObject({
      AdditionalFields: '[]',
    });
  });
});
