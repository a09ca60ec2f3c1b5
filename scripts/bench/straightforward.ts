import { LogsIngestionClient } from '@azure/monitor-ingestion';
import { credential, stubbedHttp, target } from './service';

/** What a competent engineer writes in an afternoon: parse, map the main columns, upload with the SDK's defaults. */
export function createStraightforward(): (bodies: readonly Buffer[]) => Promise<void> {
  const client = new LogsIngestionClient(target.endpoint, credential, { httpClient: stubbedHttp() });
  return (bodies) => client.upload(target.ruleId, target.stream, bodies.flatMap(straightforwardRows));
}

export function straightforwardRows(body: Buffer): Record<string, unknown>[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the straightforward way trusts its input.
  const { records } = JSON.parse(body.toString()) as { readonly records: readonly DefenderRecord[] };
  return records.filter(isSession).map(rowOf);
}

type Text = string | null | undefined;

interface DefenderRecord {
  readonly tenantId: string;
  readonly category: string;
  readonly properties: Readonly<Record<TextColumn, Text>> & Readonly<Record<NumberColumn, number | null | undefined>>;
}
type TextColumn =
  | 'Timestamp'
  | 'DeviceId'
  | 'DeviceName'
  | 'ActionType'
  | 'Protocol'
  | 'LocalIP'
  | 'RemoteIP'
  | Process;
type Process = 'RemoteUrl' | `InitiatingProcessAccount${'Name' | 'Domain' | 'Sid'}`;
type NumberColumn = 'ReportId' | 'LocalPort' | 'RemotePort';

const tables = new Set(['AdvancedHunting-DeviceNetworkEvents', 'AdvancedHunting-NetworkCommunicationEvents']);
const deviceEvent = /^(?:Firewall(?:In|Out)boundConnectionBlocked|ExploitGuardNetworkProtection(?:Blocked|Audited))$/;

function isSession({ category, properties }: DefenderRecord): boolean {
  return tables.has(category) || (category.endsWith('-DeviceEvents') && deviceEvent.test(properties.ActionType ?? ''));
}

/** The columns that most detections read; AdditionalFields is the record as it came. */
function rowOf({ tenantId, properties: event }: DefenderRecord): Record<string, unknown> {
  const action = event.ActionType ?? '';
  const isInbound = action.includes('Inbound');
  const isBlocked = action.endsWith('Blocked');
  const [hostname, ...domain] = (event.DeviceName ?? '').split('.');
  return {
    TimeGenerated: event.Timestamp,
    EventStartTime: event.Timestamp,
    EventEndTime: event.Timestamp,
    EventUid: `${tenantId}|${event.DeviceId}|${event.Timestamp}|${event.ReportId}`,
    EventOriginalUid: String(event.ReportId),
    EventCount: 1,
    EventType: 'Traffic',
    EventSubType: action,
    EventMessage: action,
    EventResult: isBlocked || action === 'ConnectionFailed' ? 'Failure' : 'Success',
    EventSeverity: isBlocked ? 'Low' : 'Informational',
    EventProduct: 'M365 Defender for Endpoint',
    EventVendor: 'Microsoft',
    EventSchemaVersion: '0.1',
    DvcHostname: event.DeviceName,
    DvcIpAddr: event.LocalIP,
    DvcAction: isBlocked ? 'Deny' : 'Allow',
    NetworkDirection: isInbound ? 'Inbound' : 'Outbound',
    NetworkProtocol: event.Protocol?.toUpperCase(),
    SrcIpAddr: isInbound ? event.RemoteIP : event.LocalIP,
    SrcPortNumber: isInbound ? event.RemotePort : event.LocalPort,
    SrcDvcHostname: isInbound ? undefined : hostname,
    SrcDvcDomain: isInbound ? undefined : domain.join('.'),
    SrcDvcFqdn: isInbound ? undefined : event.DeviceName,
    SrcUserName: isInbound ? undefined : event.InitiatingProcessAccountName,
    SrcUserDomain: isInbound ? undefined : event.InitiatingProcessAccountDomain,
    SrcUserSid: isInbound ? undefined : event.InitiatingProcessAccountSid,
    DstIpAddr: isInbound ? event.LocalIP : event.RemoteIP,
    DstPortNumber: isInbound ? event.LocalPort : event.RemotePort,
    DstDvcHostname: isInbound ? hostname : /^(?:\w+:\/\/)?([^/:]+)/.exec(event.RemoteUrl ?? '')?.[1],
    DstUserName: isInbound ? event.InitiatingProcessAccountName : undefined,
    DstUserSid: isInbound ? event.InitiatingProcessAccountSid : undefined,
    UrlOriginal: event.RemoteUrl,
    AdditionalFields: event,
  };
}
