/**
 * What ASIM's testers ask of NetworkSession: the rows NetworkSession of ASIM/dev/ASimTester/ASimTester.csv in Azure/Azure-Sentinel,
 * read at commit 50ea427; the rows Common say the same of columns that both have. The file has changed at least twice since then: pull request
 * 13297 made DvcAction recommended, 13769 (March 2026) added two columns about dynamic values. The newest commit known to hold it is
 * 027a0f9, which was not compared line by line. EventType also takes IDS, which only the reference of schema 0.2.7 has.
 */
export interface TesterRule {
  readonly type: 'string' | 'int' | 'long' | 'real' | 'datetime' | 'bool' | 'dynamic';
  readonly necessity: Necessity;
  readonly logical?: Logical;
  /** The only values, beside an empty one where the column is not mandatory. */
  readonly values?: readonly string[];
  /** Of an alias, the column that it stands for; of a conditional column, the one that it goes with. */
  readonly of?: string;
}

export type Necessity = 'Mandatory' | 'Recommended' | 'Optional' | 'Conditional' | 'Alias';
export type Logical =
  | 'IP address'
  | 'Hostname'
  | 'Domain'
  | 'FQDN'
  | 'MAC address'
  | 'GUID'
  | 'Protocol'
  | 'Risk level';

type Rules = Record<string, TesterRule>;

/** Several columns under one rule; X stands for Src and Dst. */
function each(names: string, rule: TesterRule): Rules {
  const entries = names.split(/\s+/).flatMap((name): [string, TesterRule][] => {
    if (!name.startsWith('X')) return [[name, rule]];
    return ['Src', 'Dst'].map((end) => [
      name.replace('X', end),
      rule.of === undefined ? rule : { ...rule, of: rule.of.replace(/^X/, end) },
    ]);
  });
  return Object.fromEntries(entries);
}

const text = { type: 'string', necessity: 'Optional' } as const;
const number = { type: 'int', necessity: 'Optional' } as const;
const size = { type: 'long', necessity: 'Optional' } as const;
const place = { type: 'real', necessity: 'Optional' } as const;
const time = { type: 'datetime', necessity: 'Optional' } as const;
const flag = { type: 'bool', necessity: 'Optional' } as const;
const idTypes = [
  'AzureResourceId',
  'MDEid',
  'MD4IoTid',
  'VMConnectionId',
  'AwsVpcId',
  'VectraId',
  'AppGateId',
  'Other',
];
const products = `Fortigate|IOS|ISE|SDP|Vectra Stream|NSGFlow|Fireware|VPC|Azure Defender for IoT|Azure Firewall
M365 Defender for Endpoint|Sysmon|Sysmon for Linux|Windows Firewall|WireData|ZIA Firewall|CDL|PanOS|VMConnection|Meraki
Zeek|Firewall|ASA|Cynerio|SentinelOne|WAF|Firepower|Carbon Black Cloud`.split(/[|\n]/);
const vendors =
  `Fortinet|AppGate|Barracuda|Palo Alto|Microsoft|Zscaler|AWS|Vectra AI|WatchGuard|Cisco|Corelight|Check Point
Forcepoint|Cynerio|SentinelOne|CrowdStrike|VMware`.split(/[|\n]/);

export const testerRules: Readonly<Rules> = {
  // Of every event
  ...each('TimeGenerated EventStartTime EventEndTime', { type: 'datetime', necessity: 'Mandatory' }),
  ...each('Type EventSchemaVersion Dvc', { type: 'string', necessity: 'Mandatory' }),
  EventCount: { type: 'int', necessity: 'Mandatory' },
  EventSchema: { type: 'string', necessity: 'Mandatory', values: ['NetworkSession'] },
  EventType: {
    type: 'string',
    necessity: 'Mandatory',
    values: ['NetworkSession', 'L2NetworkSession', 'EndpointNetworkSession', 'Flow', 'IDS'],
  },
  EventSubType: { ...text, values: ['Start', 'End'] },
  EventResult: { type: 'string', necessity: 'Mandatory', values: ['Success', 'Partial', 'Failure', 'NA'] },
  EventResultDetails: {
    type: 'string',
    necessity: 'Recommended',
    values: [
      'Failover',
      'Invalid TCP',
      'Invalid Tunnel',
      'Maximum Retry',
      'Reset',
      'Routing issue',
      'Simulation',
      'Terminated',
      'Timeout',
      'Transient error',
      'Unknown',
      'NA',
    ],
  },
  EventSeverity: { type: 'string', necessity: 'Recommended', values: ['Informational', 'Low', 'Medium', 'High'] },
  EventProduct: { type: 'string', necessity: 'Mandatory', values: products },
  EventVendor: { type: 'string', necessity: 'Mandatory', values: vendors },
  EventUid: { type: 'string', necessity: 'Recommended' },
  ...each(
    'EventMessage EventOwner EventOriginalUid EventOriginalType EventOriginalSubType EventOriginalResultDetails EventOriginalSeverity EventProductVersion EventReportUrl',
    text,
  ),
  AdditionalFields: { type: 'dynamic', necessity: 'Optional' },
  // The device
  DvcIpAddr: { type: 'string', necessity: 'Recommended', logical: 'IP address' },
  DvcHostname: { type: 'string', necessity: 'Recommended', logical: 'Hostname' },
  DvcDomain: { type: 'string', necessity: 'Recommended', logical: 'Domain' },
  DvcFQDN: { ...text, logical: 'FQDN' },
  DvcMacAddr: { ...text, logical: 'MAC address' },
  DvcAction: {
    type: 'string',
    necessity: 'Recommended',
    values: [
      'Allow',
      'Deny',
      'Drop',
      'Drop ICMP',
      'Reset',
      'Reset Source',
      'Reset Destination',
      'Encrypt',
      'Decrypt',
      'VPNroute',
    ],
  },
  ...each(
    'DvcId DvcDescription DvcInterface DvcInboundInterface DvcOutboundInterface DvcOriginalAction DvcOs DvcOsVersion DvcScope DvcScopeId DvcZone',
    text,
  ),
  DvcIdType: { type: 'string', necessity: 'Conditional', of: 'DvcId', values: idTypes },
  ...each('DvcDomainType', {
    type: 'string',
    necessity: 'Conditional',
    of: 'DvcDomain',
    values: ['Windows', 'FQDN', 'ResourceGroup'],
  }),
  // Both ends
  ...each('X', { type: 'string', necessity: 'Recommended' }),
  ...each('XIpAddr', { type: 'string', necessity: 'Recommended', logical: 'IP address' }),
  ...each('XHostname', { type: 'string', necessity: 'Recommended', logical: 'Hostname' }),
  ...each('XDomain', { type: 'string', necessity: 'Recommended', logical: 'Domain' }),
  ...each('XDomainType', {
    type: 'string',
    necessity: 'Conditional',
    of: 'XDomain',
    values: ['Windows', 'FQDN', 'ResourceGroup'],
  }),
  ...each('XFQDN', { ...text, logical: 'FQDN' }),
  ...each('XDvcIdType', { type: 'string', necessity: 'Conditional', of: 'XDvcId', values: idTypes }),
  ...each('XDeviceType', { ...text, values: ['Computer', 'Mobile Device', 'IOT Device', 'Other'] }),
  ...each('XUserIdType', {
    type: 'string',
    necessity: 'Conditional',
    of: 'XUserId',
    values: ['SID', 'UID', 'AADID', 'OktaId', 'AWSId', 'PUID', 'SalesforceId', 'VectraUserId', 'MD4IoTid', 'Other'],
  }),
  ...each('XUsernameType', {
    type: 'string',
    necessity: 'Conditional',
    of: 'XUsername',
    values: ['UPN', 'Windows', 'DN', 'Simple'],
  }),
  ...each('XUserType', {
    ...text,
    values: ['Regular', 'Guest', 'Machine', 'Admin', 'System', 'Application', 'Service', 'Other'],
  }),
  ...each('XAppType', {
    ...text,
    values: ['Process', 'Service', 'Resource', 'URL', 'SaaS application', 'Other'],
  }),
  ...each('XInterfaceGuid', { ...text, logical: 'GUID' }),
  ...each('XMacAddr', { ...text, logical: 'MAC address' }),
  ...each('XNatIpAddr', { ...text, logical: 'IP address' }),
  ...each('XPortNumber XNatPortNumber', number),
  ...each('XBytes XPackets', size),
  ...each('XGeoLatitude XGeoLongitude', place),
  ...each(
    'XDvcId XDescription XUserId XUsername XOriginalUserType XAppName XAppId XProcessName XProcessId XProcessGuid XZone XVlanId XScopeId XInterfaceName XGeoCountry XGeoRegion XGeoCity',
    text,
  ),
  // The session
  NetworkProtocol: { ...text, logical: 'Protocol' },
  NetworkProtocolVersion: { ...text, values: ['IPv4', 'IPv6'] },
  NetworkDirection: { ...text, values: ['Inbound', 'Outbound', 'Listen', 'Unknown', 'Local', 'External', 'NA'] },
  ...each('NetworkDuration NetworkIcmpCode NetworkRuleNumber', number),
  ...each('NetworkBytes NetworkPackets', size),
  ...each(
    'NetworkApplicationProtocol NetworkConnectionHistory NetworkIcmpType NetworkSessionId NetworkRuleName Rule',
    text,
  ),
  ...each('TcpFlagsAck TcpFlagsFin TcpFlagsPsh TcpFlagsRst TcpFlagsSyn TcpFlagsUrg', flag),
  // Threats
  ThreatField: { type: 'string', necessity: 'Conditional', of: 'ThreatIpAddr' },
  ThreatIpAddr: { ...text, logical: 'IP address' },
  ThreatRiskLevel: { ...number, logical: 'Risk level' },
  ThreatConfidence: number,
  ThreatIsActive: flag,
  ...each('ThreatFirstReportedTime ThreatLastReportedTime', time),
  ...each('ThreatId ThreatName ThreatCategory ThreatOriginalConfidence ThreatOriginalRiskLevel', text),
  // What the filters found, and aliases
  ASimMatchingIpAddr: { type: 'string', necessity: 'Recommended', values: ['SrcIpAddr', 'DstIpAddr', 'Both', '-'] },
  ASimMatchingHostname: {
    type: 'string',
    necessity: 'Recommended',
    values: ['SrcHostname', 'DstHostname', 'Both', '-'],
  },
  Hostname: { type: 'string', necessity: 'Alias', of: 'DstHostname', logical: 'Hostname' },
  IpAddr: { type: 'string', necessity: 'Alias', of: 'SrcIpAddr', logical: 'IP address' },
  User: { type: 'string', necessity: 'Alias', of: 'DstUsername' },
  Duration: { type: 'int', necessity: 'Alias', of: 'NetworkDuration' },
  SessionId: { type: 'string', necessity: 'Alias', of: 'NetworkSessionId' },
  InnerVlanId: { type: 'string', necessity: 'Alias', of: 'SrcVlanId' },
  OuterVlanId: { type: 'string', necessity: 'Alias', of: 'DstVlanId' },
};
