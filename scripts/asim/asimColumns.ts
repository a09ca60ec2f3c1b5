/**
 * How a row of NetworkSessions (schema 0.1) becomes a session of ASIM (NetworkSession 0.2.7). The transform of the DCR, the
 * parsers and the tables of docs/asim.md are generated from this file, so that every destination gives the same answer.
 *
 * X stands for Src and Dst, which are made alike. Values are Kusto; those that the transform has use only what a DCR allows.
 */

/** Column to value. */
export type Values = Readonly<Record<string, string>>;

/** Columns that the document explains together. */
export interface AsimColumns {
  readonly values: Values;
  /** What they are made from, for the document. */
  readonly from: string;
}

function unchanged(...names: readonly string[]): AsimColumns {
  return { values: Object.fromEntries(names.map((name) => [name, name])), from: 'unchanged' };
}

/** Values that several columns need; a step sees the steps before it. */
export const helpers: readonly Values[] = [
  {
    Bag: 'parse_json(AdditionalFields)',
    Listens: 'EventSubType startswith "ListeningConnectionCreated"',
    DeviceName: String.raw`extract(@"^\.*(.*[^.])\.*$", 1, DvcHostname)`,
  },
  {
    DeviceFqdn: String.raw`iif(DeviceName contains_cs "." and DeviceName !contains_cs ":" and DeviceName matches regex @"\p{L}", DeviceName, "")`,
    Mde: 'tostring(Bag.DeviceId)',
    Executable: 'tostring(Bag.InitiatingProcess.FileName)',
    ProcessId: 'tostring(Bag.InitiatingProcess.Id)',
    TcpFlags: 'toint(Bag.Detail["Tcp Flags"])',
    Side: `case(
        EventSubType startswith "NetworkSignatureInspected", "",
        Listens or NetworkDirection == "Inbound", "Dst",
        "Src")`,
    Addresses: 'strcat(SrcIpAddr, DstIpAddr)',
    XSuffix: 'iif(isempty(XDvcDomain), domainOf(XDvcFqdn), XDvcDomain)',
    Url: 'substring(UrlOriginal, 0, 1000)',
    Site: 'substring(UrlHostname, 0, 253)',
    Target: 'substring(DstDomainHostname, 0, 253)',
    Method: 'substring(HttpRequestMethod, 0, 32)',
    Status: 'substring(HttpStatusCode, 0, 32)',
    Version: 'substring(HttpVersion, 0, 32)',
    UserAgent: 'substring(HttpUserAgentOriginal, 0, 250)',
    Referrer: 'substring(HttpReferrerOriginal, 0, 500)',
  },
  {
    Device: 'iif(isempty(DeviceFqdn), DeviceName, firstLabel(DeviceFqdn))',
    DeviceDomain: 'domainOf(DeviceFqdn)',
    ProcessId: 'iif(ProcessId == "0", "", ProcessId)',
    XMde: 'iif(Side == "X", Mde, "")',
  },
  {
    XExecutable: 'iif(Side == "X", Executable, "")',
    XProcess: 'iif(Side == "X", ProcessId, "")',
  },
];

/** The columns that both the table and the parsers have. */
export const sessionColumns: readonly AsimColumns[] = [
  unchanged(
    'TimeGenerated',
    'EventStartTime',
    'EventEndTime',
    'EventCount',
    'EventMessage',
    'EventOriginalUid',
    'EventVendor',
    'EventProduct',
  ),
  { values: { EventSchemaVersion: '"0.2.7"' }, from: '`0.2.7`' },
  {
    values: {
      EventType: 'iif(EventSubType endswith "AggregatedReport" or EventCount > 1, "Flow", "EndpointNetworkSession")',
    },
    from: '`Flow` for one row of many sessions (aggregated reports of an hour, and what `MERGE_FLOWS` merged; `EventCount` is their number), else `EndpointNetworkSession`',
  },
  { values: { EventOriginalType: 'EventSubType' }, from: 'EventSubType: the action type' },
  {
    values: { EventResult: 'iif(isempty(EventResult), "NA", EventResult)' },
    from: 'unchanged, `NA` where absent: an attempt is not a success',
  },
  {
    values: { EventResultDetails: 'iif(EventResult == "Failure", "Unknown", "NA")' },
    from: "`Unknown` for a Failure, else `NA`: the schema's list has no value for what Defender says",
  },
  { values: { EventOriginalResultDetails: 'EventResultDetails' }, from: 'EventResultDetails' },
  {
    values: { EventSeverity: 'iif(DvcAction in ("Deny", "Drop"), "Low", "Informational")' },
    from: '`Low` when DvcAction is Deny or Drop, else `Informational`',
  },
  {
    values: {
      Dvc: `case(
        isnotempty(DeviceFqdn), DeviceFqdn,
        isnotempty(Device), Device,
        isnotempty(DvcIpAddr), DvcIpAddr,
        isnotempty(Mde), Mde,
        strcat(EventVendor, "/", EventProduct))`,
    },
    from: 'the first that has a value: DvcFQDN, DvcHostname, DvcIpAddr, DvcId, `EventVendor/EventProduct`',
  },
  {
    values: { DvcFQDN: 'DeviceFqdn' },
    from: 'DvcHostname when it has a dot and a letter and no colon, without dots at its ends',
  },
  { values: { DvcHostname: 'Device' }, from: 'the first label of that, or all of it' },
  {
    values: { DvcDomain: 'DeviceDomain', DvcDomainType: 'typeIf(DeviceDomain, "FQDN")' },
    from: 'the rest; `FQDN` when there is one',
  },
  { values: { DvcId: 'Mde', DvcIdType: 'typeIf(Mde, "MDEid")' }, from: 'Bag.DeviceId; `MDEid`' },
  unchanged('DvcIpAddr', 'DvcAction'),
  {
    values: { DvcOriginalAction: 'iif(isempty(DvcAction), "", EventSubType)' },
    from: 'EventSubType, where there is a DvcAction',
  },
  {
    values: {
      NetworkDirection: `case(
        Listens, "Listen",
        isLoopback(SrcIpAddr) or isLoopback(DstIpAddr) or (isnotempty(SrcIpAddr) and SrcIpAddr == DstIpAddr), "Local",
        isnotempty(NetworkDirection), NetworkDirection,
        "NA")`,
    },
    from: '`Listen` for ListeningConnectionCreated; `Local` when an end is 127.* or ::1, or both ends are equal; else unchanged, `NA` where absent',
  },
  unchanged('NetworkProtocol'),
  {
    values: {
      NetworkProtocolVersion: 'case(Addresses contains_cs ":", "IPv6", isnotempty(Addresses), "IPv4", "")',
    },
    from: '`IPv6` when an address has a colon, `IPv4` when there is any address',
  },
  { values: { NetworkApplicationProtocol: 'toupper(NetworkApplicationProtocol)' }, from: 'in upper case' },
  unchanged(
    'NetworkSessionId',
    'NetworkDuration',
    'NetworkBytes',
    'NetworkPackets',
    'NetworkRuleName',
    'ThreatCategory',
  ),
  {
    values: {
      TcpFlagsFin: 'isSet(TcpFlags, 1)',
      TcpFlagsSyn: 'isSet(TcpFlags, 2)',
      TcpFlagsRst: 'isSet(TcpFlags, 4)',
      TcpFlagsPsh: 'isSet(TcpFlags, 8)',
      TcpFlagsAck: 'isSet(TcpFlags, 16)',
      TcpFlagsUrg: 'isSet(TcpFlags, 32)',
    },
    from: 'bits 1, 2, 4, 8, 16, 32 of Bag.Detail["Tcp Flags"]; null without it',
  },
  unchanged('XIpAddr', 'XPortNumber', 'XBytes', 'XPackets'),
  {
    values: { XHostname: 'hostOf(XDvcHostname, XDvcFqdn)' },
    from: 'XDvcHostname, else the first label of XDvcFqdn; never an address',
  },
  { values: { XFQDN: 'iif(XDvcFqdn contains_cs ".", XDvcFqdn, "")' }, from: 'XDvcFqdn when it has a dot' },
  {
    values: { XDomain: 'XSuffix', XDomainType: 'typeIf(XSuffix, "FQDN")' },
    from: 'XDvcDomain, else XDvcFqdn after its first dot; `FQDN` when there is one',
  },
  {
    values: { XDvcId: 'XMde', XDvcIdType: 'typeIf(XMde, "MDEid")' },
    from: 'device side: Bag.DeviceId; `MDEid`',
  },
  {
    values: {
      XUserId: 'iif(isempty(XUserSid), XUserAadId, XUserSid)',
      XUserIdType: 'userIdTypeOf(XUserSid, XUserAadId)',
    },
    from: 'XUserSid as `SID`, else XUserAadId as `AADID`',
  },
  {
    values: {
      XUsername: 'usernameOf(XUserName, XUserDomain, XUserUpn)',
      XUsernameType: 'usernameTypeOf(XUserName, XUserDomain, XUserUpn)',
    },
    from: '`domain\\name` as `Windows`; else XUserUpn, or a name with @, as `UPN`; else the name as `Simple`',
  },
  {
    values: { XUserType: 'userTypeOf(XUserSid, XUserName)' },
    from: 'by SID and name: `System` (S-1-5-18), `Service` (S-1-5-19, S-1-5-20, S-1-5-80-…), `Machine` (name ends in $), `Admin` (S-1-5-21-…-500), `Regular` (other S-1-5-21-…, S-1-12-1-…)',
  },
  {
    values: {
      XUserAdditionalIds:
        'iif(isempty(XUserAadId) and isempty(XUserUpn), parse_json(""), pack("AadId", XUserAadId, "Upn", XUserUpn))',
    },
    from: 'AadId and Upn, where there is one',
  },
  {
    values: {
      XAppName: 'XExecutable',
      XAppId: 'XProcess',
      XAppType: 'typeIf(strcat(XExecutable, XProcess), "Process")',
    },
    from: 'device side: Bag.InitiatingProcess.FileName, its Id unless 0; `Process` when there is one',
  },
  {
    values: {
      AdditionalFields: `case(
        isnotempty(Method) or isnotempty(Status) or isnotempty(Version) or isnotempty(UserAgent) or isnotempty(Referrer),
            pack(
                "EventUid", EventUid,
                "Url", Url,
                "UrlHostname", Site,
                "DstDomainHostname", Target,
                "HttpRequestMethod", Method,
                "HttpStatusCode", Status,
                "HttpVersion", Version,
                "HttpUserAgent", UserAgent,
                "HttpReferrer", Referrer,
                "Defender", Bag),
        isnotempty(Url) or isnotempty(Site), pack("EventUid", EventUid, "Url", Url, "UrlHostname", Site, "DstDomainHostname", Target, "Defender", Bag),
        isnotempty(Target), pack("EventUid", EventUid, "DstDomainHostname", Target, "Defender", Bag),
        pack("EventUid", EventUid, "Defender", Bag))`,
    },
    from: 'EventUid; Url (1,000 characters), UrlHostname, DstDomainHostname, HttpRequestMethod, HttpStatusCode, HttpVersion, HttpUserAgent (250), HttpReferrer (500), where there are any; the whole Bag as Defender',
  },
];
