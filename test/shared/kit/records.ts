import * as fc from 'fast-check';
import type { Json, JsonObject } from '../../../shared/json';
import { anyJson, anyText, hostileText, objectOf, unicodeText } from './values';

/** The documented action types of both mapped tables, and some that nobody has listed. */
export const actionTypes = [
  'ConnectionSuccess',
  'ConnectionFailed',
  'ConnectionRequest',
  'InboundConnectionAccepted',
  'InboundConnectionAttempt',
  'ConnectionAttempt',
  'ConnectionAcknowledged',
  'InboundConnectionAcknowledged',
  'ConnectionFound',
  'ListeningConnectionCreated',
  'InboundInternetScanInspected',
  'NetworkSignatureInspected',
  'HttpConnectionInspected',
  'SslConnectionInspected',
  'DnsConnectionInspected',
  'IcmpConnectionInspected',
  'SshConnectionInspected',
  'FtpConnectionInspected',
  'SmtpConnectionInspected',
  'NtlmAuthenticationInspected',
  'KerberosConnectionInspected',
  'FirewallOutboundConnectionBlocked',
  'FirewallInboundConnectionBlocked',
  'ExploitGuardNetworkProtectionBlocked',
  'ExploitGuardNetworkProtectionAudited',
  'NetworkProtectionUserBypassEvent',
  'QuicConnectionInspected',
  'SomethingNew',
] as const;

const addresses = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV4().map((address) => `::ffff:${address}`),
  fc.constantFrom('-', '', '127.0.0.1', '::1', 'fe80::1%12', '224.0.0.251', '0.0.0.0', '::', '10.0.0.300', '010.0.0.1'),
);
const ports = fc.oneof(
  fc.integer({ min: 0, max: 65_535 }),
  fc.integer({ min: 0, max: 70_000 }).map(String),
  fc.constantFrom<Json>(0, -1, 1.5, 65_536, '443', ' 443 ', '0x1bb', 2 ** 31, 4_294_967_739, 1e308),
);
const names = fc.oneof(
  fc.domain(),
  fc.constantFrom('host', 'HOST.corp.example', 'a..b', '.x.', '10.1.2.3', 'x'.repeat(300)),
);
const urls = fc.oneof(
  // fc.webUrl needs more than a second to begin.
  fc
    .tuple(fc.constantFrom('http', 'https'), fc.domain(), unicodeText, unicodeText, unicodeText)
    .map(([scheme, host, ...parts]) => {
      const [path, query, fragment] = parts.map((part) => encodeURIComponent(part));
      return `${scheme}://${host}/${path}?${query}#${fragment}`;
    }),
  fc.domain(),
  fc.tuple(fc.domain(), anyText).map(([host, path]) => `https://${host}/${path}`),
  fc.constantFrom('C:\\Users\\x\\Firefox.lnk', 'uri=https://a.example/', 'https://u:p@a.example/?t=1', 'a.example:443'),
);
const sids = fc.constantFrom(
  'S-1-5-18',
  'S-1-0-0',
  'user1',
  'S-1-12-1-1-2-3-4',
  'S-1-12-1-4294967296-2-3-4',
  's-1-5-18',
);
const times = fc
  .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2030-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const filetimes = fc.bigInt({ min: 10n ** 16n, max: 10n ** 19n }).map(String);
const counts = fc.oneof(
  fc.nat().map(String),
  fc.nat(),
  fc.constantFrom<Json>('9223372036854775807', '9223372036854775808', 9_223_372_036_854_775_807n, '-1', 1.5, 'many'),
);

export const detailValues: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  direction: fc.constantFrom('In', 'Out', 'in', 'Outbound', 'Sideways'),
  uid: fc.string(),
  ts: filetimes,
  host: names,
  uri: fc.oneof(urls, fc.constantFrom('/', '/a?b=c', 'index.html', '*')),
  method: fc.constantFrom('GET', 'CONNECT', 'post'),
  user_agent: fc.string(),
  referrer: urls,
  version: fc.constantFrom<Json>('1.1', 2, 'TLSv13'),
  status_code: fc.oneof(fc.integer({ min: -1, max: 700 }), fc.integer({ min: 0, max: 700 }).map(String)),
  status_msg: fc.string(),
  server_name: names,
  next_protocol: fc.constantFrom('h2', 'http/1.1', 'imap'),
  established: fc.constantFrom<Json>('true', 'False', true, 1),
  query: names,
  rcode: fc.constantFrom<Json>('0', '3', 0, 'x'),
  rcode_name: fc.constantFrom('NOERROR', '-'),
  orig_bytes: counts,
  resp_bytes: counts,
  orig_pkts: counts,
  resp_pkts: counts,
  duration: fc.oneof(fc.double().map(String), fc.constantFrom<Json>(0.0005, '2147483.647', '2147483.648', -1, '1e9')),
  auth_success: fc.constantFrom('true', 'false'),
  success: fc.constantFrom('true', 'false'),
  user: fc.constantFrom('<unknown>', 'anonymous'),
  username: fc.string(),
  domainname: fc.string(),
  hostname: names,
  server_nb_computer_name: names,
  server_dns_computer_name: names,
  server_dns_domain_name: names,
  reply_code: fc.integer({ min: 0, max: 999 }).map(String),
  reply_msg: fc.string(),
  last_reply: fc.constantFrom('250 2.0.0 OK', '550', 'x'),
  ResponseCategory: fc.constantFrom('Malicious', 'CustomPolicy', 'Phishing', '-'),
};

const hostileValue: fc.Arbitrary<Json> = fc.oneof(hostileText, anyJson);

function sometimesHostile(usual: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: hostileValue });
}

const unknownEntries = fc.array(fc.tuple(fc.oneof(anyText, fc.constantFrom('__proto__', 'NewColumn')), hostileValue), {
  maxLength: 2,
});

function objectWith(values: Readonly<Record<string, fc.Arbitrary<Json>>>): fc.Arbitrary<JsonObject> {
  const known = Object.fromEntries(Object.entries(values).map(([key, usual]) => [key, sometimesHostile(usual)]));
  return fc
    .tuple(fc.record(known, { requiredKeys: [] }), unknownEntries)
    .map(([object, unknown]) => objectOf([...Object.entries(object), ...unknown]));
}

const details = objectWith(detailValues);
const additionalFields: fc.Arbitrary<Json> = fc.oneof(
  details,
  details.map((object) =>
    JSON.stringify(object, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
  ),
  fc.constantFrom<Json>(null, '', '{}', '[]', '{"direction":"Out"', '["a"]', 'text', 5),
);

/** A string of the size at which the service, or this product, starts to cut. */
export const longText: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('a', '€', '😀', '\u0000', '\ud800', '"', '.'), fc.integer({ min: 9000, max: 70_000 }))
  .map(([character, length]) => character.repeat(length));

export const columnValues: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  ActionType: fc.constantFrom<Json>(...actionTypes, ...actionTypes, 'connectionSUCCESS', null),
  DeviceId: fc.constantFrom<Json>('0123456789abcdef', ' ABC ', null, ''),
  DeviceName: names,
  ReportId: fc.oneof(
    fc.nat(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n }),
    fc.constantFrom<Json>('639199916335081329', null, 1.5),
  ),
  LocalIP: addresses,
  RemoteIP: addresses,
  LocalPort: ports,
  RemotePort: ports,
  LocalIPType: fc.constantFrom<Json>('Public', 'Private', null),
  RemoteIPType: fc.constantFrom<Json>('Public', 'Private', null),
  RemoteUrl: fc.oneof(urls, fc.constant(null)),
  Protocol: fc.constantFrom<Json>('Tcp', 'TcpV4', 'Udp', 'Icmp', 'Unknown', 'quic', null),
  MachineGroup: fc.constantFrom<Json>('servers', null),
  InitiatingProcessFileName: fc.constantFrom('chrome.exe', ''),
  InitiatingProcessId: fc.constantFrom<Json>(4, '0'),
  InitiatingProcessCommandLine: fc.oneof({ weight: 100, arbitrary: fc.string() }, { weight: 1, arbitrary: longText }),
  InitiatingProcessAccountName: fc.constantFrom('alice', 'nt instans\\system'),
  InitiatingProcessAccountDomain: fc.constantFrom('corp', '-'),
  InitiatingProcessAccountSid: sids,
  InitiatingProcessAccountUpn: fc.constantFrom('alice@corp.example', 'null'),
  InitiatingProcessAccountObjectId: fc.constantFrom<Json>('11111111-2222-3333-4444-555555555555', null),
  InitiatingProcessUniqueId: fc.constantFrom<Json>('13510798882111570', 13_510_798_882_111_570n),
  AdditionalFields: additionalFields,
};

/** Properties of a record: known columns with usual or hostile values, unknown columns. Nearly all have a good Timestamp. */
export const properties: fc.Arbitrary<JsonObject> = fc
  .tuple(objectWith(columnValues), fc.oneof({ weight: 12, arbitrary: times }, { weight: 1, arbitrary: hostileValue }))
  .map(([columns, timestamp]) => objectOf([...Object.entries(columns), ['Timestamp', timestamp]]));

export const categories = fc.constantFrom(
  'AdvancedHunting-DeviceNetworkEvents',
  'AdvancedHunting-DeviceNetworkEvents',
  'AdvancedHunting-DeviceEvents',
  'advancedhunting-networkcommunicationevents',
  'DeviceNetworkEvents',
  'AdvancedHunting-DeviceProcessEvents',
);

export const tenantId = '11111111-2222-3333-4444-555555555555';

/** A record as it stands in `records`. */
export const record: fc.Arbitrary<JsonObject> = fc.tuple(categories, properties).map(([category, columns]) => ({
  time: '2026-11-21T08:16:03.9948950Z',
  tenantId,
  operationName: 'Publish',
  category,
  properties: columns,
}));
