import type { JsonObject } from '../../shared/json';
import { cellsOf, destinations, workspaceWith } from './asimWorkspace';
import type { Cells } from './testers';

/** A row of the app, and cells of its session: what the reference of the schema asks, one row a rule, worked out by hand. */
type Rule = readonly [title: string, row: JsonObject, session: Cells];

const users: readonly Rule[] = [
  [
    'a name with its domain',
    { SrcUserName: 'ann', SrcUserDomain: 'corp', SrcUserUpn: 'a@corp.example' },
    { SrcUsername: 'corp\\ann', SrcUsernameType: 'Windows', SrcUserUpn: 'a@corp.example' },
  ],
  [
    'a UPN before a name without domain',
    { SrcUserName: 'ann', SrcUserUpn: 'a@corp.example' },
    { SrcUsername: 'a@corp.example', SrcUsernameType: 'UPN' },
  ],
  ['a name with @', { DstUserName: 'ann@corp.example' }, { DstUsername: 'ann@corp.example', DstUsernameType: 'UPN' }],
  ['a name alone', { SrcUserName: 'ann' }, { SrcUsername: 'ann', SrcUsernameType: 'Simple' }],
  ['a domain alone', { SrcUserDomain: 'corp' }, { SrcUsername: '', SrcUsernameType: '' }],
  [
    'a SID before an id of Entra',
    { SrcUserSid: 'S-1-5-21-1-2-3-1104', SrcUserAadId: 'aad-1' },
    { SrcUserId: 'S-1-5-21-1-2-3-1104', SrcUserIdType: 'SID', SrcUserAadId: 'aad-1' },
  ],
  [
    'an id of Entra',
    { DstUserAadId: 'aad-1' },
    { DstUserId: 'aad-1', DstUserIdType: 'AADID', DstUserSid: '', DstUserAadId: 'aad-1' },
  ],
  ['no id', {}, { SrcUserId: '', SrcUserIdType: '', SrcUserType: '' }],
];

const userTypes: readonly Rule[] = [
  ['S-1-5-18', '', 'System'],
  ['S-1-5-19', '', 'Service'],
  ['S-1-5-20', 'PC1$', 'Service'],
  ['S-1-5-80-1-2', '', 'Service'],
  ['S-1-5-21-1-2-3-1001', 'PC1$', 'Machine'],
  ['', 'PC1$', 'Machine'],
  ['S-1-5-21-1-2-3-500', 'ann', 'Admin'],
  ['S-1-5-21-1-2-3-1500', 'ann', 'Regular'],
  ['S-1-12-1-1-2', 'ann', 'Regular'],
  ['S-1-5-32-544', 'ann', ''],
].map(([sid = '', name = '', type = '']) => [
  `the type of user "${name}" with SID "${sid}"`,
  { SrcUserSid: sid, SrcUserName: name, DstUserSid: sid, DstUserName: name },
  { SrcUserType: type, DstUserType: type },
]);

const hosts: readonly Rule[] = [
  [
    'a name and its FQDN',
    { DstDvcHostname: 'web', DstDvcFqdn: 'www.corp.example' },
    {
      DstHostname: 'web',
      DstFQDN: 'www.corp.example',
      DstDomain: 'corp.example',
      DstDomainType: 'FQDN',
      Dst: 'www.corp.example',
    },
  ],
  [
    'an FQDN alone',
    { SrcDvcFqdn: 'pc1.corp.example' },
    { SrcHostname: 'pc1', SrcDomain: 'corp.example', Src: 'pc1.corp.example' },
  ],
  [
    'a domain of its own before that of the FQDN',
    { SrcDvcFqdn: 'pc1.corp.example', SrcDvcDomain: 'other.example' },
    { SrcDomain: 'other.example' },
  ],
  [
    'a single label',
    { DstDvcFqdn: 'web' },
    { DstHostname: 'web', DstFQDN: '', DstDomain: '', DstDomainType: '', Dst: 'web' },
  ],
  [
    'an IPv4 address as a name',
    { DstDvcHostname: '192.0.2.1', DstIpAddr: '192.0.2.1' },
    { DstHostname: '', Dst: '192.0.2.1' },
  ],
  ['an IPv6 address as a name', { DstDvcHostname: '2001:db8::1' }, { DstHostname: '' }],
  [
    'a device with dots at its ends',
    { DvcHostname: '.pc1.corp.example.' },
    {
      Dvc: 'pc1.corp.example',
      DvcFQDN: 'pc1.corp.example',
      DvcHostname: 'pc1',
      DvcDomain: 'corp.example',
      DvcDomainType: 'FQDN',
    },
  ],
  [
    'a device with one label',
    { DvcHostname: 'pc1' },
    { Dvc: 'pc1', DvcFQDN: '', DvcHostname: 'pc1', DvcDomain: '', DvcDomainType: '' },
  ],
  [
    'a device that is named by an address',
    { DvcHostname: '10.0.0.5' },
    { Dvc: '10.0.0.5', DvcFQDN: '', DvcHostname: '10.0.0.5' },
  ],
  ['a device with an address alone', { DvcIpAddr: '10.0.0.5' }, { Dvc: '10.0.0.5' }],
  [
    'a device with an id alone',
    { AdditionalFields: { DeviceId: 'id' } },
    { Dvc: 'id', DvcId: 'id', DvcIdType: 'MDEid' },
  ],
  ['no device', {}, { Dvc: 'Microsoft/M365 Defender for Endpoint', DvcId: '', DvcIdType: '' }],
];

const ends = { SrcIpAddr: '10.0.0.5', DstIpAddr: '203.0.113.80' };
const program = { DeviceId: 'id', InitiatingProcess: { FileName: 'a.exe', Id: 7, CommandLine: 'a -b' } };

const sessions: readonly Rule[] = [
  [
    'twelve merged connections',
    { EventSubType: 'ConnectionSuccess', EventCount: 12 },
    { EventType: 'Flow', EventCount: '12' },
  ],
  [
    'one connection',
    { EventSubType: 'ConnectionSuccess', EventCount: 1 },
    { EventType: 'EndpointNetworkSession', EventCount: '1' },
  ],
  [
    'an aggregated report of one connection',
    { EventSubType: 'ConnectionSuccessAggregatedReport', EventCount: 1 },
    { EventType: 'Flow' },
  ],
  [
    'a report that is not aggregated',
    { EventSubType: 'ConnectionReport', EventCount: 1 },
    { EventType: 'EndpointNetworkSession' },
  ],
  [
    'success',
    { EventResult: 'Success', EventResultDetails: 'x' },
    { EventResult: 'Success', EventResultDetails: 'NA', EventOriginalResultDetails: 'x' },
  ],
  ['failure', { EventResult: 'Failure' }, { EventResult: 'Failure', EventResultDetails: 'Unknown' }],
  ['no result', {}, { EventResult: 'NA', EventResultDetails: 'NA' }],
  ['denied', { DvcAction: 'Deny', EventSubType: 'x' }, { EventSeverity: 'Low', DvcOriginalAction: 'x' }],
  ['dropped', { DvcAction: 'Drop' }, { EventSeverity: 'Low' }],
  ['allowed', { DvcAction: 'Allow' }, { EventSeverity: 'Informational' }],
  ['no action', { EventSubType: 'x' }, { EventSeverity: 'Informational', DvcOriginalAction: '' }],
  [
    'a direction',
    { ...ends, NetworkDirection: 'Inbound' },
    { NetworkDirection: 'Inbound', NetworkProtocolVersion: 'IPv4' },
  ],
  ['no direction', ends, { NetworkDirection: 'NA' }],
  ['an end at 127.*', { SrcIpAddr: '127.0.0.2', NetworkDirection: 'Outbound' }, { NetworkDirection: 'Local' }],
  [
    'an end at ::1',
    { DstIpAddr: '::1', NetworkDirection: 'Outbound' },
    { NetworkDirection: 'Local', NetworkProtocolVersion: 'IPv6' },
  ],
  ['two equal ends', { SrcIpAddr: '10.0.0.5', DstIpAddr: '10.0.0.5' }, { NetworkDirection: 'Local' }],
  ['no address', { NetworkDirection: 'Outbound' }, { NetworkDirection: 'Outbound', NetworkProtocolVersion: '' }],
  [
    'a port that a device opened',
    { ...ends, EventSubType: 'ListeningConnectionCreated', AdditionalFields: program },
    { NetworkDirection: 'Listen', DstAppName: 'a.exe', DstDvcId: 'id', SrcAppName: '', SrcDvcId: '' },
  ],
  [
    'the device as source',
    { ...ends, NetworkDirection: 'Outbound', AdditionalFields: program },
    {
      SrcAppName: 'a.exe',
      SrcAppId: '7',
      SrcAppType: 'Process',
      SrcDvcId: 'id',
      SrcDvcIdType: 'MDEid',
      SrcProcessCommandLine: 'a -b',
      DstAppName: '',
      DstAppId: '',
      DstAppType: '',
      DstDvcIdType: '',
      DstProcessCommandLine: '',
    },
  ],
  [
    'the device as destination',
    { ...ends, NetworkDirection: 'Inbound', AdditionalFields: program },
    { DstAppName: 'a.exe', DstAppType: 'Process', DstDvcId: 'id', SrcAppName: '', SrcDvcId: '' },
  ],
  [
    'an end that nobody knows',
    { ...ends, EventSubType: 'NetworkSignatureInspected', AdditionalFields: program },
    { SrcAppName: '', DstAppName: '', SrcDvcId: '', DstDvcId: '', DvcId: 'id' },
  ],
  [
    'a process without a number',
    { AdditionalFields: { InitiatingProcess: { FileName: 'a.exe', Id: 0 } } },
    { SrcAppName: 'a.exe', SrcAppId: '', SrcAppType: 'Process' },
  ],
  [
    'a parent process',
    { AdditionalFields: { InitiatingProcess: { ParentFileName: 'p.exe', ParentId: 5 } } },
    { ParentProcessName: 'p.exe', ParentProcessId: '5', SrcAppType: '' },
  ],
  ['an application protocol', { NetworkApplicationProtocol: 'Dns' }, { NetworkApplicationProtocol: 'DNS' }],
  ...(['Fin', 'Syn', 'Rst', 'Psh', 'Ack', 'Urg'] as const).map(
    (flag, i): Rule => [
      `the flag ${flag}`,
      { AdditionalFields: { Detail: { 'Tcp Flags': 2 ** i } } },
      {
        TcpFlagsFin: 'false',
        TcpFlagsSyn: 'false',
        TcpFlagsRst: 'false',
        TcpFlagsPsh: 'false',
        TcpFlagsAck: 'false',
        TcpFlagsUrg: 'false',
        [`TcpFlags${flag}`]: 'true',
      },
    ],
  ),
  ['no flags', {}, { TcpFlagsFin: '', TcpFlagsUrg: '' }],
];

const long = (count: number): string => 'a'.repeat(count);

const texts: readonly Rule[] = [
  [
    'a URL and its names',
    { UrlOriginal: long(1001), UrlHostname: long(254), DstDomainHostname: long(254) },
    { Url: long(1000), UrlHostname: long(253), DstDomainHostname: long(253) },
  ],
  [
    'a name alone',
    { DstDomainHostname: 'cdn.example.org' },
    { DstDomainHostname: 'cdn.example.org', Url: '', UrlHostname: '' },
  ],
  [
    'the header of a request',
    {
      HttpRequestMethod: long(33),
      HttpStatusCode: long(33),
      HttpVersion: long(33),
      HttpUserAgentOriginal: long(251),
      HttpReferrerOriginal: long(501),
    },
    {
      HttpRequestMethod: long(32),
      HttpStatusCode: long(32),
      HttpVersion: long(32),
      HttpUserAgent: long(250),
      HttpReferrer: long(500),
    },
  ],
  ...(['HttpRequestMethod', 'HttpStatusCode', 'HttpVersion', 'HttpUserAgent', 'HttpReferrer'] as const).map(
    (name): Rule => [
      `${name} alone`,
      { [/Agent|Referrer/.test(name) ? `${name}Original` : name]: 'x' },
      { HttpRequestMethod: '', HttpStatusCode: '', HttpVersion: '', HttpUserAgent: '', HttpReferrer: '', [name]: 'x' },
    ],
  ),
];

const rules = [...users, ...userTypes, ...hosts, ...sessions, ...texts];

describe.each(destinations)('in %s the session has the value of the schema for', (to) => {
  let found: readonly Cells[] = [];
  beforeAll(() => {
    const product = { EventVendor: 'Microsoft', EventProduct: 'M365 Defender for Endpoint' };
    const common = { TimeGenerated: '2026-11-29T10:00:00Z', EventCount: 1, EventUid: 'u', ...product };
    const rows = rules.map(([, row]) => ({ ...common, ...row }));
    found = cellsOf('NetworkSessionsAll()', workspaceWith(rows, to)).rows;
  });

  test.each(rules.map(([title, , session], i) => [title, session, i] as const))('%s', (_, session, i) => {
    expect(found[i]).toMatchObject(session);
  });
});
