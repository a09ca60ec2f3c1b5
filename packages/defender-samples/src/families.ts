import type details from './details.json';
import type { Kind } from './devices';
import * as meet from './ends';
import type { ProgramName } from './processes';
import type records from './records.json';
import { inbound, type Meaning, outbound } from './truth';

/** A family of records: their form, their two ends, and what their rows must say. */
export interface Family {
  /** How many of 10,000 records. */
  readonly share: number;
  /**
   * The record in records.json that is copied. Each copy has its own device, process, ends, time and ReportId; the record gives
   * only their form: null stays null, and `www.example.com` is replaced by the name of the server.
   */
  readonly like: keyof typeof records;
  /** Columns that differ from that record, besides ActionType, which is the first word of the family's name. */
  readonly set?: Readonly<Record<string, string | number | null>>;
  /** AdditionalFields: one of the examples of that name in details.json. */
  readonly details?: keyof typeof details;
  /** Inserted before the details. */
  readonly direction?: 'In' | 'Out';
  /** The kind of device; by default a Windows workstation. */
  readonly on?: Kind;
  /** Programs whose processes are the initiating one. Without them those columns stay as in the record. */
  readonly by?: readonly [ProgramName, ...ProgramName[]];
  readonly ends: meet.Meeting;
  /** What its row must say; without it the record must be skipped. */
  readonly row?: Meaning;
}

const browsers = ['chrome', 'edge', 'teams', 'outlook', 'onedrive'] as const;
const services = ['sensor', 'update', 'names', 'lsass'] as const;
const web = meet.toSite(443);
const work = meet.either(
  meet.toServer('dc1', 88),
  meet.toServer('dc2', 389),
  meet.toServer('files', 445),
  meet.toServer('ledger', 1433),
  meet.toServer('print', 9100),
);
const visits = meet.either(meet.fromColleague(3389, 445, 5985), meet.fromInternet(443));
const onServer = { on: 'server', ends: visits, row: inbound } as const;
const onLinux = { on: 'linux', details: 'posix' } as const;
/** An hourly report stands for many connections: its local port is 0. */
const hourly = meet.changed(web, ({ local }) => ({ local: { ...local, port: 0 } }));
const group = meet.changed(meet.fromColleague(5353), () => ({ local: { ip: '224.0.0.251', port: 5353 } }));
/** Defender's own scanner is Local, the public address of the office Remote. */
const scan = meet.changed(meet.swapped(meet.fromInternet(443)), () => ({ remote: { ip: '203.0.113.254', port: 443 } }));
const unknownPeer = meet.localOnly(meet.withoutPorts(web));
const named = { RemoteUrl: 'www.example.com' };
const url = { RemoteUrl: 'https://www.example.com/' };
const listens: Meaning = { from: 'nobody' };
const deniedIn: Meaning = { ...inbound, deviceAction: 'Deny' };
const deniedOut: Meaning = { ...outbound, deviceAction: 'Deny' };
const allowedOut: Meaning = { ...outbound, deviceAction: 'Allow' };

/** Zeek saw a connection of the device: the side that opened it is Local. */
function seenOut(share: number, examples: keyof typeof details, ends: meet.Meeting, Protocol = 'Tcp'): Family {
  return { share, like: 'wire', set: { Protocol }, details: examples, direction: 'Out', ends, row: outbound };
}

/** Zeek saw a connection to the device: the side that opened it is Local, and that is not the device. */
function seenIn(share: number, examples: keyof typeof details, ends: meet.Meeting, Protocol = 'Tcp'): Family {
  const row: Meaning = { from: 'local', direction: 'Inbound' };
  const out = seenOut(share, examples, meet.swapped(ends), Protocol);
  return { ...out, on: 'server', direction: 'In', row };
}

/** A record of DeviceEvents that is not a session. */
function noSession(share: number, examples: keyof typeof details, set = {}, ends = meet.nobody): Family {
  return { share, like: 'deviceEvent', set, details: examples, by: ['edge', 'lsass', 'powershell'], ends };
}

// biome-ignore format: one family per line.
const all = {
  ConnectionSuccess: { share: 1450, like: 'kernel', set: named, by: browsers, ends: web, row: outbound },
  'ConnectionSuccess without a name': { share: 900, like: 'kernel', by: services, ends: web, row: outbound },
  'ConnectionSuccess to a server': { share: 950, like: 'kernel', by: services, ends: work, row: outbound },
  'ConnectionSuccess by UDP': { share: 200, like: 'kernel', set: { Protocol: 'Udp' }, by: ['teams'], ends: meet.toSite(3478), row: outbound },
  'ConnectionSuccess to itself': { share: 50, like: 'kernel', by: ['edge'], ends: meet.toItself(9229), row: outbound },
  'ConnectionSuccess of a browser': { share: 780, like: 'browser', by: ['chrome', 'edge'], ends: web, row: outbound },
  'ConnectionSuccess of the old table': { share: 30, like: 'legacy', by: ['edge'], ends: web, row: outbound },
  ConnectionFailed: { share: 460, like: 'kernel', by: browsers, ends: web, row: outbound },
  'ConnectionFailed to a server': { share: 20, like: 'kernel', by: services, ends: work, row: outbound },
  ConnectionRequest: { share: 320, like: 'kernel', on: 'mac', details: 'posix', by: ['safari', 'word'], ends: web, row: outbound },
  'ConnectionRequest on Linux': { share: 350, like: 'kernel', ...onLinux, by: ['apt', 'python'], ends: web, row: outbound },
  ConnectionFound: { share: 120, like: 'found', by: browsers, ends: web, row: outbound },
  'ConnectionFound on an IPv6 socket': { share: 70, like: 'found', by: browsers, ends: meet.onIpv6Socket(web), row: outbound },
  'ConnectionFound inbound': { share: 55, like: 'found', by: ['system'], ...onServer },
  InboundConnectionAccepted: { share: 470, like: 'kernel', by: ['system', 'terminal', 'database'], ...onServer },
  'InboundConnectionAccepted on Linux': { share: 40, like: 'kernel', ...onLinux, by: ['nginx', 'sshd'], ends: meet.fromInternet(443, 22), row: inbound },
  'InboundConnectionAccepted on an IPv6 socket': { share: 420, like: 'kernel', by: ['system'], ...onServer, ends: meet.onIpv6Socket(visits) },
  ListeningConnectionCreated: { share: 110, like: 'opened', by: services, ends: meet.listening(3389, 7680), row: listens },
  'ListeningConnectionCreated for UDP': { share: 45, like: 'opened', set: { Protocol: 'Udp' }, by: ['names'], ends: meet.listening(3702), row: listens },
  ConnectionAttempt: { share: 95, like: 'wire', details: 'syn', ends: web, row: outbound },
  'ConnectionAttempt outbound': { share: 40, like: 'wire', details: 'syn', direction: 'Out', ends: web, row: outbound },
  'ConnectionAttempt inbound': { share: 45, like: 'wire', details: 'syn', direction: 'In', ...onServer },
  ConnectionAcknowledged: { share: 95, like: 'wire', details: 'synAck', ends: web, row: outbound },
  InboundConnectionAttempt: { share: 55, like: 'wire', details: 'syn', ...onServer },
  InboundConnectionAcknowledged: { share: 35, like: 'wire', details: 'synAck', ...onServer },
  ConnectionSuccessAggregatedReport: { share: 85, like: 'kernel', details: 'report', by: browsers, ends: hourly, row: outbound },
  ConnectionFailedAggregatedReport: { share: 15, like: 'kernel', details: 'report', by: browsers, ends: hourly, row: outbound },

  DnsConnectionInspected: seenOut(620, 'dns', meet.toNameServer, 'Udp'),
  'DnsConnectionInspected by TCP': seenOut(55, 'dns', meet.toNameServer),
  SslConnectionInspected: seenOut(500, 'ssl', web),
  'SslConnectionInspected inbound': seenIn(30, 'ssl', meet.fromColleague(3389)),
  HttpConnectionInspected: seenOut(45, 'http', meet.toSite(80)),
  'HttpConnectionInspected inbound': seenIn(30, 'http', meet.fromInternet(80)),
  IcmpConnectionInspected: seenOut(105, 'icmp', meet.withoutPorts(web), 'Icmp'),
  'IcmpConnectionInspected inbound': seenIn(25, 'icmp', meet.withoutPorts(visits), 'Icmp'),
  NtlmAuthenticationInspected: seenOut(20, 'ntlm', meet.toServer('files', 445)),
  'NtlmAuthenticationInspected inbound': seenIn(20, 'ntlm', meet.fromColleague(445)),
  KerberosConnectionInspected: seenOut(20, 'kerberos', meet.toServer('dc1', 88)),
  SmtpConnectionInspected: seenOut(15, 'smtp', meet.toSite(25)),
  'SmtpConnectionInspected inbound': seenIn(15, 'smtp', meet.fromInternet(25)),
  SshConnectionInspected: seenOut(10, 'ssh', meet.toServer('jump', 22)),
  'SshConnectionInspected inbound': seenIn(15, 'ssh', meet.fromInternet(22)),
  FtpConnectionInspected: seenOut(10, 'ftp', meet.toSite(21)),
  'FtpConnectionInspected inbound': seenIn(10, 'ftp', meet.fromColleague(21)),
  InboundInternetScanInspected: { share: 45, like: 'wire', details: 'scan', ends: scan, row: { from: 'local', direction: 'Inbound' } },
  // Local sent the packet that matched, yet Remote opened the session.
  NetworkSignatureInspected: { share: 60, like: 'wire', set: { Protocol: null }, details: 'signature', ends: meet.swapped(meet.toSite(80)), row: { from: 'remote' } },

  FirewallInboundConnectionBlocked: { share: 120, like: 'deviceEvent', by: ['system'], ends: meet.fromColleague(137, 445, 5357), row: deniedIn },
  'FirewallInboundConnectionBlocked to a group': { share: 30, like: 'deviceEvent', by: ['names'], ends: group, row: deniedIn },
  FirewallOutboundConnectionBlocked: { share: 50, like: 'deviceEvent', by: ['ledger', 'powershell'], ends: meet.toSite(80, 21, 8443), row: deniedOut },
  'FirewallOutboundConnectionBlocked with a long ReportId': { share: 10, like: 'deviceEvent', set: { ReportId: 639199916335081300 }, by: ['ledger'], ends: web, row: deniedOut },
  ExploitGuardNetworkProtectionBlocked: { share: 15, like: 'deviceEvent', set: url, details: 'blocked', by: ['chrome'], ends: web, row: deniedOut },
  'ExploitGuardNetworkProtectionBlocked by name': { share: 10, like: 'deviceEvent', set: url, details: 'blocked', by: ['chrome'], ends: unknownPeer, row: deniedOut },
  'ExploitGuardNetworkProtectionBlocked without a peer': { share: 5, like: 'deviceEvent', details: 'blocked', by: ['chrome'], ends: unknownPeer },
  ExploitGuardNetworkProtectionAudited: { share: 10, like: 'deviceEvent', details: 'audited', by: ['edge'], ends: web, row: allowedOut },
  NetworkProtectionUserBypassEvent: { share: 10, like: 'deviceEvent', set: url, details: 'bypassed', by: ['edge'], ends: web, row: allowedOut },
  NamedPipeEvent: noSession(80, 'pipe'),
  LdapSearch: noSession(40, 'ldap'),
  DnsQueryResponse: noSession(40, 'dnsCache'),
  FirewallInboundConnectionToAppBlocked: noSession(35, 'profiles'),
  BrowserLaunchedToOpenUrl: noSession(35, 'profiles', url),
  RemoteWmiOperation: noSession(35, 'wmi'),
  NetworkShareObjectAccessChecked: noSession(20, 'share'),
  SmartScreenUrlWarning: noSession(10, 'smartScreen', url),
  RemoteDesktopConnection: noSession(10, 'remoteDesktop', {}, meet.localOnly(web)),
  ProcessCreated: { share: 330, like: 'process', by: ['edge', 'powershell', 'update'], ends: meet.nobody },
  LogonSuccess: { share: 65, like: 'logon', by: ['lsass'], ends: meet.nobody },
  DeviceInfo: { share: 60, like: 'deviceInfo', ends: meet.nobody },
  ClickAllowed: { share: 15, like: 'urlClick', ends: meet.nobody },
  FileDownloaded: { share: 10, like: 'cloudApp', ends: meet.nobody },
} satisfies Record<string, Family>;

export type FamilyName = keyof typeof all;
/** Every family of records by name. */
export const families: Readonly<Record<FamilyName, Family>> = all;
