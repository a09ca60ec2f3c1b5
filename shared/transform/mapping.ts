import type { FullRow, PlatformColumn, WritableColumn } from '../sessions/row';
import type { ActionType } from './actions';
import { additionalFields } from './additionalFields';
import { constant, type Filled, filled, type Platform, platform, text, type Unavailable, unavailable } from './entry';
import { eventUid, toReportId } from './eventUid';
import { deviceName, domain, fqdn, hostname, targetName } from './names';
import { isExploitGuard, isNetworkProtection } from './networkProtection';
import { resultOf } from './results';
import { applicationProtocol, deviceAddress, startTime, transportProtocol, urlHostname, urlOriginal } from './session';
import { userAadId, userDomain, userName, userSid, userUpn } from './users';
import { sum, toCount, toMilliseconds } from './values/numbers';
import { toDatetime } from './values/time';
import { redactUrl } from './values/url';

/**
 * The mapping: every column of NetworkSessions with the source fields that decide it, the rule in words, and the rule in
 * code. `docs/mapping.md`, `npm run map -- --explain` and the coverage test are made from it.
 *
 * `orientation` as a source: which end is Src and which is Dst, and which is the device (`orientation.ts`, `actions.ts`).
 */
export type WritableMapping = { readonly [C in WritableColumn]: Filled<FullRow[C]> | Unavailable };
type Mapping = WritableMapping & { readonly [C in PlatformColumn]: Platform };

/** A key of AdditionalFields that only rows of one action type have. */
function zeek(action: ActionType, key: string): Filled<string> {
  return text(['ActionType', `AdditionalFields.${key}`], `${action}: \`${key}\``, (e) =>
    e.is(action) ? e.detailText(key) : undefined,
  );
}

function icmpCount(...keys: readonly [string, ...string[]]): Filled<number | bigint> {
  const sources = keys.map((key) => `AdditionalFields.${key}`);
  return filled(
    ['ActionType', ...sources],
    `IcmpConnectionInspected: ${keys.map((key) => `\`${key}\``).join(' + ')}`,
    (e) => {
      if (!e.is('IcmpConnectionInspected')) return undefined;
      const [first, ...rest] = keys.map((key) => toCount(e.detail(key)));
      return rest.reduce(sum, first);
    },
  );
}

const ends = (field: string): string[] => ['orientation', `Local${field}`, `Remote${field}`];
const account = (part: string): string[] => ['orientation', `InitiatingProcessAccount${part}`];
const remoteName = ['orientation', 'DeviceName', 'RemoteUrl', 'ActionType'];
const site = ['AdditionalFields.host', 'AdditionalFields.server_name'];
const request = ['AdditionalFields.method', 'AdditionalFields.uri'];
const policyVerdict = ['ActionType', 'AdditionalFields.ResponseCategory'];
const resultKeys = ['status_code', 'established', 'rcode', 'auth_success', 'success', 'reply_code', 'last_reply'];
const resultTexts = ['status_code', 'status_msg', 'version', 'rcode_name', 'reply_code', 'reply_msg', 'last_reply'];
const inDetails = (keys: readonly string[]): string[] => keys.map((key) => `AdditionalFields.${key}`);

/** The verdicts of network protection that name a threat. */
const threatCategories = new Set(['Malicious', 'Phishing', 'CmdCtrl']);

const noGeo = unavailable('Defender gives no location on these rows');
const noNat = unavailable('an endpoint sees no address translation');
const noInterface = unavailable('the network adapter is only in DeviceNetworkInfo');
const noIntermediary = unavailable('Defender reports from an endpoint, not from a device between two networks');
const noMac = unavailable(
  'whose MAC addresses packet rows hold is unproven; they stay in AdditionalFields.Detail as sent',
);
const noDeviceMac = unavailable('the MAC address of the device is only in DeviceNetworkInfo');
const noOtherAddress = unavailable('Defender reports no address beside that of the packet');
const noInventory = unavailable('inventory of the device is only in DeviceInfo');
const noZone = unavailable('IP types and machine groups are not network zones');
const noResource = unavailable('these rows hold no Azure resource id');
const noFile = unavailable(
  'means a file sent over the network; the file of the process is something else (AdditionalFields)',
);
const noCloudApp = unavailable('a concept of web proxies that these rows do not have');
const noHttpField = unavailable("not among the fields of Defender's HTTP rows");
const noThreat = unavailable('a matched signature (such as HTTP_Client) names what was seen, not a threat');

export const mapping = {
  // The event
  TimeGenerated: filled(['Timestamp'], 'UTC, six decimals, truncated', (e) => e.timestamp && toDatetime(e.timestamp)),
  EventStartTime: filled(
    ['Timestamp', 'ActionType', 'AdditionalFields.ts'],
    'Timestamp; on Zeek rows their own start `ts` (FILETIME) when it is at most a day earlier',
    (e) => {
      const start = startTime(e);
      return start && toDatetime(start);
    },
  ),
  EventEndTime: filled(
    ['Timestamp'],
    'as TimeGenerated, and never replaced by the service',
    (e) => e.timestamp && toDatetime(e.timestamp),
  ),
  EventUid: filled(
    ['envelope.tenantId', 'DeviceId', 'Timestamp', 'ReportId'],
    'UUIDv5 of tenant, table, DeviceId, Timestamp and ReportId; without one of these, of the whole record',
    eventUid,
  ),
  EventOriginalUid: text(['ReportId'], 'its exact digits', (e) => toReportId(e.field('ReportId'))),
  EventCount: constant(1),
  EventType: constant('Traffic'),
  EventSubType: text(['ActionType'], 'as sent', (e) => e.actionType),
  EventMessage: text(['ActionType'], 'as sent', (e) => e.actionType),
  EventResult: filled(
    ['ActionType', ...inDetails(resultKeys)],
    'by action type; absent where the outcome is unknown',
    (e) => resultOf(e).result,
  ),
  EventResultDetails: text([...policyVerdict, ...inDetails(resultTexts)], 'by action type', (e) => resultOf(e).details),
  EventProduct: constant('M365 Defender for Endpoint'),
  EventVendor: constant('Microsoft'),
  EventSchemaVersion: constant('0.1'),
  EventSeverity: constant('Informational'),
  EventProductVersion: unavailable('the version of the sensor is only in DeviceInfo'),
  EventReportUrl: unavailable('Defender reports no link; one would have to be made up'),
  EventResourceId: noResource,
  EventTimeIngested: platform('added by Sentinel'),

  // The device that reports
  DvcHostname: text(['DeviceName'], 'as sent', (e) => deviceName(e)?.full),
  DvcIpAddr: filled(
    [...ends('IP'), 'ActionType'],
    "the device side's address; absent when that side is unknown, on internet scans, and for multicast, broadcast and unspecified addresses",
    deviceAddress,
  ),
  DvcAction: filled(
    ['ActionType'],
    'Deny or Allow where Defender enforces: firewall and network protection',
    (e) => e.action.dvcAction,
  ),
  DvcMacAddr: noDeviceMac,
  DvcInboundInterface: noIntermediary,
  DvcOutboundInterface: noIntermediary,

  // The session
  NetworkDirection: filled(
    ['orientation'],
    'relative to the device; absent when unknown',
    (e) => e.orientation.direction,
  ),
  NetworkProtocol: text(
    ['Protocol'],
    'TCP, UDP, ICMP, or the name in upper case; absent for `Unknown` and on DeviceEvents',
    transportProtocol,
  ),
  NetworkApplicationProtocol: filled(
    ['ActionType', 'RemoteUrl', 'AdditionalFields.next_protocol'],
    'by action type, else the scheme `http` or `https` of RemoteUrl; never from a port',
    applicationProtocol,
  ),
  NetworkSessionId: text(['ActionType', 'AdditionalFields.uid'], "Zeek's connection id", (e) =>
    e.isZeek ? e.detailText('uid') : undefined,
  ),
  NetworkDuration: filled(
    ['ActionType', 'AdditionalFields.duration'],
    'IcmpConnectionInspected: `duration` in ms',
    (e) => (e.is('IcmpConnectionInspected') ? toMilliseconds(e.detail('duration')) : undefined),
  ),
  NetworkBytes: icmpCount('orig_bytes', 'resp_bytes'),
  NetworkPackets: icmpCount('orig_pkts', 'resp_pkts'),
  NetworkRuleName: text(policyVerdict, 'network protection: `ResponseCategory`, the policy that decided', (e) =>
    isNetworkProtection(e) ? e.detailText('ResponseCategory') : undefined,
  ),
  NetworkIcmpType: unavailable('not in the rows'),
  NetworkIcmpCode: unavailable('not in the rows'),
  NetworkRuleNumber: unavailable('rules of Defender have no number'),
  ThreatCategory: filled(
    policyVerdict,
    'ExploitGuard rows: `ResponseCategory` when Malicious, Phishing or CmdCtrl',
    (e) => {
      const category = isExploitGuard(e) ? e.detailText('ResponseCategory') : undefined;
      return category !== undefined && threatCategories.has(category) ? category : undefined;
    },
  ),
  ThreatId: noThreat,
  ThreatName: noThreat,

  // Source
  SrcIpAddr: filled(ends('IP'), 'address of the source end', (e) => e.address('Src')),
  SrcPortNumber: filled(ends('Port'), 'port of the source end, 1 to 65535', (e) => e.port('Src')),
  SrcDvcHostname: text(
    [...remoteName, 'AdditionalFields.hostname'],
    'device side: first label of DeviceName; peer: single-label host of RemoteUrl, NTLM client name',
    (e) => hostname(e, 'Src'),
  ),
  SrcDvcDomain: text(remoteName, 'device side: DeviceName after its first label', (e) => domain(e, 'Src')),
  SrcDvcFqdn: text(remoteName, 'device side: DeviceName if it has a domain; peer: host of RemoteUrl', (e) =>
    fqdn(e, 'Src'),
  ),
  SrcUserName: text(account('Name'), 'device side: account of the process', (e) => userName(e, 'Src')),
  SrcUserDomain: text(account('Domain'), 'device side: domain of that account', (e) => userDomain(e, 'Src')),
  SrcUserSid: text(account('Sid'), 'device side: its SID; absent for S-1-0-0 and what is no SID', (e) =>
    userSid(e, 'Src'),
  ),
  SrcUserUpn: text(account('Upn'), 'device side: its UPN', (e) => userUpn(e, 'Src')),
  SrcUserAadId: text(
    [...account('ObjectId'), 'InitiatingProcessAccountSid'],
    'device side: its Entra object id, else read from an S-1-12-1 SID',
    (e) => userAadId(e, 'Src'),
  ),
  SrcBytes: icmpCount('orig_bytes'),
  SrcPackets: icmpCount('orig_pkts'),
  SrcDvcIpAddr: noOtherAddress,
  SrcMacAddr: noMac,
  SrcDvcMacAddr: noDeviceMac,
  SrcDvcOs: noInventory,
  SrcDvcType: noInventory,
  SrcDvcModelName: noInventory,
  SrcDvcModelNumber: noInventory,
  SrcInterfaceName: noInterface,
  SrcInterfaceGuid: noInterface,
  SrcNatIpAddr: noNat,
  SrcNatPortNumber: noNat,
  SrcGeoCity: noGeo,
  SrcGeoCountry: noGeo,
  SrcGeoLatitude: noGeo,
  SrcGeoLongitude: noGeo,
  SrcGeoRegion: noGeo,
  SrcZone: noZone,
  SrcResourceId: noResource,

  // Destination
  DstIpAddr: filled(ends('IP'), 'address of the destination end', (e) => e.address('Dst')),
  DstPortNumber: filled(ends('Port'), 'port of the destination end, 1 to 65535', (e) => e.port('Dst')),
  DstDomainHostname: text(
    [...remoteName, ...site, 'AdditionalFields.query'],
    'the name that the session was meant for: host of RemoteUrl, HTTP host, TLS server name, DNS query; never an address',
    targetName,
  ),
  DstDvcHostname: text(
    [...remoteName, 'AdditionalFields.server_nb_computer_name'],
    'device side: first label of DeviceName; peer: single-label host of RemoteUrl, NTLM server name',
    (e) => hostname(e, 'Dst'),
  ),
  DstDvcDomain: text(
    [...remoteName, 'AdditionalFields.server_dns_domain_name'],
    'device side: DeviceName after its first label; NTLM server: its DNS domain',
    (e) => domain(e, 'Dst'),
  ),
  DstDvcFqdn: text(
    [...remoteName, ...site, ...request, 'AdditionalFields.server_dns_computer_name'],
    'device side: DeviceName if it has a domain; peer: host of RemoteUrl, TLS server name, HTTP host unless proxied, NTLM server name',
    (e) => fqdn(e, 'Dst'),
  ),
  DstUserName: text(
    [...account('Name'), 'ActionType', 'AdditionalFields.user', 'AdditionalFields.username'],
    'device side: account of the process; FTP and NTLM: the name logged in with',
    (e) => userName(e, 'Dst'),
  ),
  DstUserDomain: text(
    [...account('Domain'), 'ActionType', 'AdditionalFields.domainname'],
    'device side: domain of that account; NTLM: its domain',
    (e) => userDomain(e, 'Dst'),
  ),
  DstUserSid: text(account('Sid'), 'device side: its SID; absent for S-1-0-0 and what is no SID', (e) =>
    userSid(e, 'Dst'),
  ),
  DstUserUpn: text(account('Upn'), 'device side: its UPN', (e) => userUpn(e, 'Dst')),
  DstUserAadId: text(
    [...account('ObjectId'), 'InitiatingProcessAccountSid'],
    'device side: its Entra object id, else read from an S-1-12-1 SID',
    (e) => userAadId(e, 'Dst'),
  ),
  DstBytes: icmpCount('resp_bytes'),
  DstPackets: icmpCount('resp_pkts'),
  DstDvcIpAddr: noOtherAddress,
  DstMacAddr: noMac,
  DstDvcMacAddr: noDeviceMac,
  DstInterfaceName: noInterface,
  DstInterfaceGuid: noInterface,
  DstNatIpAddr: noNat,
  DstNatPortNumber: noNat,
  DstGeoCity: noGeo,
  DstGeoCountry: noGeo,
  DstGeoLatitude: noGeo,
  DstGeoLongitude: noGeo,
  DstGeoRegion: noGeo,
  DstZone: noZone,
  DstResourceId: noResource,

  // Web
  UrlOriginal: text(
    ['RemoteUrl', 'ActionType', 'AdditionalFields.host', ...request],
    'RemoteUrl, or the URL of an HTTP request; redacted by setting; absent for a path and for CONNECT',
    urlOriginal,
  ),
  UrlHostname: text(
    ['RemoteUrl', 'ActionType', ...site, 'AdditionalFields.next_protocol'],
    'host of RemoteUrl or of the HTTP request; TLS server name when HTTP was negotiated',
    urlHostname,
  ),
  UrlCategory: unavailable('Defender names the feature that acted, not the category of the site'),
  HttpRequestMethod: zeek('HttpConnectionInspected', 'method'),
  HttpStatusCode: zeek('HttpConnectionInspected', 'status_code'),
  HttpUserAgentOriginal: zeek('HttpConnectionInspected', 'user_agent'),
  HttpVersion: zeek('HttpConnectionInspected', 'version'),
  HttpReferrerOriginal: text(
    ['ActionType', 'AdditionalFields.referrer'],
    'HttpConnectionInspected: `referrer`, redacted as UrlOriginal',
    (e) => {
      const referrer = e.is('HttpConnectionInspected') ? e.detailText('referrer') : undefined;
      return referrer === undefined ? undefined : redactUrl(referrer, e.settings.urlRedaction);
    },
  ),
  HttpContentType: noHttpField,
  HttpRequestXff: noHttpField,
  HttpRequestTime: noHttpField,
  HttpResponseTime: noHttpField,
  FileName: noFile,
  FilePath: noFile,
  FileExtension: noFile,
  FileMimeType: noFile,
  FileSize: noFile,
  FileHashMd5: noFile,
  FileHashSha1: noFile,
  FileHashSha256: noFile,
  FileHashSha512: noFile,
  CloudAppId: noCloudApp,
  CloudAppName: noCloudApp,
  CloudAppOperation: noCloudApp,
  CloudAppRiskLevel: noCloudApp,

  // All the rest
  AdditionalFields: filled(
    ['every field of the record'],
    'what has no column of its own, as sent: see below',
    additionalFields,
  ),
  TenantId: platform("the workspace; Defender's Entra tenant is AdditionalFields.AadTenantId"),
  SourceSystem: platform('set by the service'),
  Type: platform('the name of the table'),
} as const satisfies Mapping;
