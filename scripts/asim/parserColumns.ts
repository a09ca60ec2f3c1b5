import type { AsimColumns, Values } from './asimColumns';

/** Columns that ASimNetworkSessionLogs lacks: the parsers add them. */
export interface AddedColumns extends AsimColumns {
  /** The same for a row of ASimNetworkSessionLogs, where `Bag` is what the app sent as AdditionalFields. */
  readonly stored: Values;
}

/** Columns that are kept in AdditionalFields of the table, by the names they have there. */
function packed(values: Values, from: string): AddedColumns {
  const stored = Object.keys(values).map((name): [string, string] => [name, `tostring(AdditionalFields.${name})`]);
  return { values, stored: Object.fromEntries(stored), from };
}

/** Made like the columns of the table: from columns of NetworkSessions_CL and the helpers. */
export const addedColumns: readonly AddedColumns[] = [
  {
    values: { EventSchema: '"NetworkSession"' },
    stored: { EventSchema: '"NetworkSession"' },
    from: '`NetworkSession`',
  },
  {
    values: { EventSubType: '""' },
    stored: {},
    from: 'empty: the list is Start and End, and Defender does not say which',
  },
  packed({ EventUid: 'EventUid' }, 'unchanged: [the same in every copy of an event](queries.md)'),
  packed(
    { Url: 'Url', UrlHostname: 'Site', DstDomainHostname: 'Target' },
    'UrlOriginal, UrlHostname, DstDomainHostname',
  ),
  packed(
    {
      HttpRequestMethod: 'Method',
      HttpStatusCode: 'Status',
      HttpVersion: 'Version',
      HttpUserAgent: 'UserAgent',
      HttpReferrer: 'Referrer',
    },
    'the columns of these names, HttpUserAgentOriginal and HttpReferrerOriginal',
  ),
  {
    values: { XUserSid: 'XUserSid', XUserAadId: 'XUserAadId', XUserUpn: 'XUserUpn' },
    stored: {
      XUserSid: 'iif(XUserIdType == "SID", XUserId, "")',
      XUserAadId: 'iif(XUserIdType == "AADID", XUserId, tostring(XUserAdditionalIds.AadId))',
      XUserUpn: 'tostring(XUserAdditionalIds.Upn)',
    },
    from: 'unchanged',
  },
  {
    values: {
      ParentProcessName: 'tostring(Bag.InitiatingProcess.ParentFileName)',
      ParentProcessId: 'tostring(Bag.InitiatingProcess.ParentId)',
    },
    stored: {
      ParentProcessName: 'tostring(Bag.InitiatingProcess.ParentFileName)',
      ParentProcessId: 'tostring(Bag.InitiatingProcess.ParentId)',
    },
    from: 'Bag.InitiatingProcess.ParentFileName and ParentId',
  },
];

/** Other names of what a session has, made after all other columns. */
export const aliases: readonly AsimColumns[] = [
  {
    values: {
      Src: 'coalesce(SrcFQDN, SrcHostname, SrcIpAddr, SrcDvcId)',
      Dst: 'coalesce(DstFQDN, DstHostname, DstIpAddr, DstDvcId)',
    },
    from: 'the first that has a value: XFQDN, XHostname, XIpAddr, XDvcId',
  },
  {
    values: {
      IpAddr: 'iif(IsInbound, DstIpAddr, SrcIpAddr)',
      Hostname: 'iif(IsInbound, SrcHostname, DstHostname)',
    },
    from: 'address of the device and name of the other end: by NetworkDirection; in a `Flow` always SrcIpAddr and DstHostname',
  },
  {
    values: {
      XProcessName: 'XAppName',
      XProcessId: 'XAppId',
      XProcessCommandLine: 'iif(XAppType == "Process", tostring(Bag.InitiatingProcess.CommandLine), "")',
    },
    from: 'XAppName; XAppId; Bag.InitiatingProcess.CommandLine where there is one of them',
  },
  {
    values: { Process: 'DstAppName' },
    from: 'DstProcessName, as the schema says: the process that accepted the session',
  },
  {
    values: {
      User: 'DstUsername',
      Rule: 'NetworkRuleName',
      Duration: 'NetworkDuration',
      SessionId: 'NetworkSessionId',
    },
    from: 'DstUsername, NetworkRuleName, NetworkDuration, NetworkSessionId',
  },
];

/** What the aliases need; dropped in the end. */
export const aliasHelpers: Values = {
  IsInbound: 'EventType == "EndpointNetworkSession" and NetworkDirection in ("Inbound", "Listen")',
};
