import type { FullRow, PlatformColumn, WritableColumn } from '../sessions/row';
import { userAadId, userDomain, userName, userSid, userUpn } from './accounts';
import { additionalFieldSources, additionalFields } from './additionalFields';
import { keyColumns } from './eventUid';
import { deviceName, domain, fqdn, hostname, targetName } from './hostNames';
import {
  constant,
  type Filled,
  filled,
  type Platform,
  platform,
  text,
  type Unavailable,
  unavailable,
} from './mappingEntry';
import { isNetworkProtection, threatCategory } from './networkProtection';
import { noSource } from './noSource';
import { eventResult, eventResultDetails, statusCode } from './results';
import { applicationProtocol, deviceAddress, transportProtocol, urlHostname, urlOriginal } from './sessionColumns';
import {
  account,
  ends,
  ownName,
  policyVerdict,
  portSources,
  remoteName,
  request,
  resultSources,
  resultTexts,
  secondly,
  site,
  spanSources,
  url,
} from './sharedSources';
import { eventCount, sessionDuration } from './timeSpan';
import { toDatetime } from './values/time';
import { detailOf, icmpCount } from './zeekColumns';

/**
 * The mapping: for each column of NetworkSessions its source fields, how it is filled in words, and the same in code.
 * `docs/mapping.md`, `npm run map -- --explain` and the coverage test are made from it.
 *
 * The source `orientation` means: which end is Src, which is Dst, and which is the device (`orientation.ts`, `actions.ts`).
 */
export type WritableMapping = { readonly [C in WritableColumn]: Filled<FullRow[C]> | Unavailable };
type Mapping = WritableMapping & { readonly [C in PlatformColumn]: Platform };

export const mapping = {
  // The event
  TimeGenerated: filled(['Timestamp'], 'UTC, six decimals, truncated', (e) => e.timestamp && toDatetime(e.timestamp)),
  EventStartTime: filled(
    spanSources,
    'Timestamp; on Zeek rows their own start `ts` (FILETIME) if it is at most a day earlier, else Timestamp minus the duration; of an aggregated report the start of its hour (`TimeBasis`)',
    (e) => e.span.start && toDatetime(e.span.start),
  ),
  EventEndTime: filled(
    spanSources,
    'Timestamp, never replaced by the service; `ts` plus the duration if both are known; of an aggregated report the end of its hour (`TimeBasis`)',
    (e) => e.span.end && toDatetime(e.span.end),
  ),
  EventUid: filled(
    ['envelope.tenantId', 'DeviceId', 'Timestamp', 'ReportId', ...keyColumns],
    'UUIDv5 of tenant, table, DeviceId, Timestamp, ReportId, action type, both ends and RemoteUrl as sent; without DeviceId, Timestamp or ReportId, of the whole record',
    (e) => e.uid,
  ),
  EventOriginalUid: text(['ReportId'], 'as sent; a number by its exact digits', (e) => e.text('ReportId')),
  EventCount: filled(
    ['ActionType', 'AdditionalFields.uniqueEventsAggregated'],
    'aggregated reports: `uniqueEventsAggregated`, 1 to 2,147,483,647; else 1',
    eventCount,
  ),
  EventType: constant('Traffic'),
  EventSubType: text(['ActionType'], 'as sent', (e) => e.actionType),
  EventMessage: text(['ActionType'], 'as sent', (e) => e.actionType),
  EventResult: filled(resultSources, 'by action type; absent where the outcome is unknown', eventResult),
  EventResultDetails: text([...policyVerdict, ...resultTexts], 'by action type', eventResultDetails),
  EventProduct: constant('M365 Defender for Endpoint'),
  EventVendor: constant('Microsoft'),
  EventSchemaVersion: constant('0.1'),
  EventSeverity: constant('Informational'),
  EventProductVersion: unavailable('the version of the sensor is only in DeviceInfo'),
  EventReportUrl: unavailable('Defender reports no link'),
  EventResourceId: noSource.resource,
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
  DvcMacAddr: noSource.deviceMac,
  DvcInboundInterface: noSource.intermediary,
  DvcOutboundInterface: noSource.intermediary,

  // The session
  NetworkDirection: filled(
    ['orientation'],
    'relative to the device; absent when unknown',
    (e) => e.orientation.direction,
  ),
  NetworkProtocol: text(
    secondly('Protocol'),
    'TCP, UDP, ICMP, also for their numbers, or the name in upper case; absent for `Unknown`',
    transportProtocol,
  ),
  NetworkApplicationProtocol: filled(
    ['ActionType', ...url, 'AdditionalFields.next_protocol'],
    'by action type, else the scheme `http` or `https` of RemoteUrl; never from a port',
    applicationProtocol,
  ),
  NetworkSessionId: text(['ActionType', 'AdditionalFields.uid'], "Zeek's connection id", (e) =>
    e.isZeek ? e.detailText('uid') : undefined,
  ),
  NetworkDuration: filled(
    ['ActionType', 'AdditionalFields.duration'],
    'IcmpConnectionInspected: `duration` in ms',
    sessionDuration,
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
    threatCategory,
  ),
  ThreatId: noSource.threat,
  ThreatName: noSource.threat,

  // Source
  SrcIpAddr: filled(ends('IP'), 'address of the source end, without a port', (e) => e.address('Src')),
  SrcPortNumber: filled(
    [...portSources, 'ActionType'],
    'port of the source end, 1 to 65535, or the one after its address; absent for the Local end of an aggregated report',
    (e) => e.port('Src'),
  ),
  SrcDvcHostname: text(
    [...remoteName, 'AdditionalFields.hostname'],
    'device side: first label of DeviceName; peer: single-label host of RemoteUrl unless it is a proxy, else the NTLM client name',
    (e) => hostname(e, 'Src'),
  ),
  SrcDvcDomain: text(ownName, 'device side: DeviceName after its first label, if it still contains a dot', (e) =>
    domain(e, 'Src'),
  ),
  SrcDvcFqdn: text(
    remoteName,
    'device side: DeviceName if it has a domain; peer: host of RemoteUrl unless it is a proxy (`PROXY_ADDRESSES`)',
    (e) => fqdn(e, 'Src'),
  ),
  SrcUserName: text(account('Name'), 'device side: account of the initiating process', (e) => userName(e, 'Src')),
  SrcUserDomain: text(account('Domain'), 'device side: domain of that account', (e) => userDomain(e, 'Src')),
  SrcUserSid: text(account('Sid'), 'device side: SID of that account; absent for S-1-0-0 and invalid SIDs', (e) =>
    userSid(e, 'Src'),
  ),
  SrcUserUpn: text(account('Upn'), 'device side: UPN of that account', (e) => userUpn(e, 'Src')),
  SrcUserAadId: text(
    [...account('ObjectId'), 'InitiatingProcessAccountSid'],
    'device side: Entra object id of that account, else read from its S-1-12-1 SID',
    (e) => userAadId(e, 'Src'),
  ),
  SrcBytes: icmpCount('orig_bytes'),
  SrcPackets: icmpCount('orig_pkts'),
  SrcDvcIpAddr: noSource.otherAddress,
  SrcMacAddr: noSource.mac,
  SrcDvcMacAddr: noSource.deviceMac,
  SrcDvcOs: noSource.inventory,
  SrcDvcType: noSource.inventory,
  SrcDvcModelName: noSource.inventory,
  SrcDvcModelNumber: noSource.inventory,
  SrcInterfaceName: noSource.interface,
  SrcInterfaceGuid: noSource.interface,
  SrcNatIpAddr: noSource.nat,
  SrcNatPortNumber: noSource.nat,
  SrcGeoCity: noSource.geo,
  SrcGeoCountry: noSource.geo,
  SrcGeoLatitude: noSource.geo,
  SrcGeoLongitude: noSource.geo,
  SrcGeoRegion: noSource.geo,
  SrcZone: noSource.zone,
  SrcResourceId: noSource.resource,

  // Destination
  DstIpAddr: filled(ends('IP'), 'address of the destination end, without a port', (e) => e.address('Dst')),
  DstPortNumber: filled(portSources, 'port of the destination end, 1 to 65535, or the one after its address', (e) =>
    e.port('Dst'),
  ),
  DstDomainHostname: text(
    ['orientation', ...url, 'ActionType', ...site, 'AdditionalFields.uri', 'AdditionalFields.query'],
    'the name that the session was meant for: host of RemoteUrl, HTTP host, TLS server name, DNS query; never an address',
    targetName,
  ),
  DstDvcHostname: text(
    [...remoteName, 'AdditionalFields.server_nb_computer_name'],
    'device side: first label of DeviceName; peer: single-label host of RemoteUrl unless it is a proxy, else the NTLM server name',
    (e) => hostname(e, 'Dst'),
  ),
  DstDvcDomain: text(
    [...ownName, 'ActionType', 'AdditionalFields.server_dns_domain_name', 'AdditionalFields.server_dns_computer_name'],
    'device side: DeviceName after its first label; NTLM server: its DNS domain, unless that is its own name; only if it contains a dot',
    (e) => domain(e, 'Dst'),
  ),
  DstDvcFqdn: text(
    [...remoteName, ...site, ...request, 'AdditionalFields.server_dns_computer_name'],
    'device side: DeviceName if it has a domain; peer, unless it is a proxy: host of RemoteUrl, TLS server name, HTTP host; NTLM server name; only if it contains a dot',
    (e) => fqdn(e, 'Dst'),
  ),
  DstUserName: text(
    [...account('Name'), 'ActionType', 'AdditionalFields.user', 'AdditionalFields.username'],
    'device side: account of the initiating process; FTP and NTLM: the name logged in with',
    (e) => userName(e, 'Dst'),
  ),
  DstUserDomain: text(
    [...account('Domain'), 'ActionType', 'AdditionalFields.domainname'],
    'device side: domain of that account; NTLM: its domain',
    (e) => userDomain(e, 'Dst'),
  ),
  DstUserSid: text(account('Sid'), 'device side: SID of that account; absent for S-1-0-0 and invalid SIDs', (e) =>
    userSid(e, 'Dst'),
  ),
  DstUserUpn: text(account('Upn'), 'device side: UPN of that account', (e) => userUpn(e, 'Dst')),
  DstUserAadId: text(
    [...account('ObjectId'), 'InitiatingProcessAccountSid'],
    'device side: Entra object id of that account, else read from its S-1-12-1 SID',
    (e) => userAadId(e, 'Dst'),
  ),
  DstBytes: icmpCount('resp_bytes'),
  DstPackets: icmpCount('resp_pkts'),
  DstDvcIpAddr: noSource.otherAddress,
  DstMacAddr: noSource.mac,
  DstDvcMacAddr: noSource.deviceMac,
  DstInterfaceName: noSource.interface,
  DstInterfaceGuid: noSource.interface,
  DstNatIpAddr: noSource.nat,
  DstNatPortNumber: noSource.nat,
  DstGeoCity: noSource.geo,
  DstGeoCountry: noSource.geo,
  DstGeoLatitude: noSource.geo,
  DstGeoLongitude: noSource.geo,
  DstGeoRegion: noSource.geo,
  DstZone: noSource.zone,
  DstResourceId: noSource.resource,

  // Web
  UrlOriginal: text(
    [...url, 'ActionType', 'AdditionalFields.host', ...request],
    'RemoteUrl, or the URL of an HTTP request; redacted by setting; absent for a path and for CONNECT',
    urlOriginal,
  ),
  UrlHostname: text(
    [...url, 'ActionType', ...site, 'AdditionalFields.uri', 'AdditionalFields.next_protocol'],
    'host of RemoteUrl or of the HTTP request; TLS server name when HTTP was negotiated',
    urlHostname,
  ),
  UrlCategory: unavailable('Defender names the feature that acted, not the category of the site'),
  HttpRequestMethod: detailOf('HttpConnectionInspected', 'method'),
  HttpStatusCode: text(
    ['ActionType', 'AdditionalFields.status_code'],
    'HttpConnectionInspected: `status_code`; 0 is none',
    statusCode,
  ),
  HttpUserAgentOriginal: detailOf('HttpConnectionInspected', 'user_agent'),
  HttpVersion: detailOf('HttpConnectionInspected', 'version'),
  HttpReferrerOriginal: text(
    ['ActionType', 'AdditionalFields.referrer'],
    'HttpConnectionInspected: `referrer`, redacted as UrlOriginal',
    (e) => (e.is('HttpConnectionInspected') ? e.detailText('referrer') : undefined),
  ),
  HttpContentType: noSource.httpField,
  HttpRequestXff: noSource.httpField,
  HttpRequestTime: noSource.httpField,
  HttpResponseTime: noSource.httpField,
  FileName: noSource.file,
  FilePath: noSource.file,
  FileExtension: noSource.file,
  FileMimeType: noSource.file,
  FileSize: noSource.file,
  FileHashMd5: noSource.file,
  FileHashSha1: noSource.file,
  FileHashSha256: noSource.file,
  FileHashSha512: noSource.file,
  CloudAppId: noSource.cloudApp,
  CloudAppName: noSource.cloudApp,
  CloudAppOperation: noSource.cloudApp,
  CloudAppRiskLevel: noSource.cloudApp,

  // All the rest
  AdditionalFields: filled(additionalFieldSources, 'what has no column of its own, as sent', additionalFields),
  TenantId: platform("the workspace; Defender's Entra tenant is AdditionalFields.AadTenantId"),
  SourceSystem: platform('set by the service'),
  Type: platform('the name of the table'),
} as const satisfies Mapping;
