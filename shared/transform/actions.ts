import { keysOf } from '../keysOf';

/**
 * What every action type of Defender means for a row: who is source, which result, which table it comes from.
 * `docs/mapping.md` is made from this list.
 */

/** How source and destination are told apart; `orientation.ts` holds each rule with its reason. */
export type Orientation =
  | 'outbound'
  | 'inbound'
  | 'originator'
  | 'scan'
  | 'packet'
  | 'attempt'
  | 'ports'
  | 'listening'
  | 'generic';

/** How EventResult and EventResultDetails are found; `results.ts` holds the rules. */
export type ResultRule =
  | 'success'
  | 'failure'
  | 'unknown'
  | 'http'
  | 'tls'
  | 'dns'
  | 'ssh'
  | 'ntlm'
  | 'ftp'
  | 'smtp'
  | 'blockedByPolicy'
  | 'allowedByPolicy'
  | 'blockedByFirewall';

export interface Action {
  readonly orientation: Orientation;
  readonly result: ResultRule;
  /** The application protocol that the action type itself states. */
  readonly application?: string;
  /** Only for a device that enforces: network protection and the firewall. */
  readonly dvcAction?: 'Allow' | 'Deny';
}

const networkActions = {
  ConnectionSuccess: { orientation: 'outbound', result: 'success' },
  ConnectionFailed: { orientation: 'outbound', result: 'failure' },
  ConnectionRequest: { orientation: 'outbound', result: 'unknown' },
  InboundConnectionAccepted: { orientation: 'inbound', result: 'success' },
  InboundConnectionAttempt: { orientation: 'inbound', result: 'unknown' },
  ConnectionAttempt: { orientation: 'attempt', result: 'unknown' },
  ConnectionAcknowledged: { orientation: 'ports', result: 'success' },
  InboundConnectionAcknowledged: { orientation: 'ports', result: 'success' },
  ConnectionFound: { orientation: 'ports', result: 'success' },
  ListeningConnectionCreated: { orientation: 'listening', result: 'success' },
  InboundInternetScanInspected: { orientation: 'scan', result: 'unknown' },
  NetworkSignatureInspected: { orientation: 'packet', result: 'unknown' },
  HttpConnectionInspected: { orientation: 'originator', result: 'http', application: 'HTTP' },
  SslConnectionInspected: { orientation: 'originator', result: 'tls', application: 'TLS' },
  DnsConnectionInspected: { orientation: 'originator', result: 'dns', application: 'DNS' },
  IcmpConnectionInspected: { orientation: 'originator', result: 'unknown' },
  SshConnectionInspected: { orientation: 'originator', result: 'ssh', application: 'SSH' },
  FtpConnectionInspected: { orientation: 'originator', result: 'ftp', application: 'FTP' },
  SmtpConnectionInspected: { orientation: 'originator', result: 'smtp', application: 'SMTP' },
  NtlmAuthenticationInspected: { orientation: 'originator', result: 'ntlm', application: 'NTLM' },
  KerberosConnectionInspected: { orientation: 'originator', result: 'unknown', application: 'KERBEROS' },
} as const satisfies Record<string, Action>;

/** The only rows of DeviceEvents that are network sessions. */
const deviceActions = {
  FirewallOutboundConnectionBlocked: { orientation: 'outbound', result: 'blockedByFirewall', dvcAction: 'Deny' },
  FirewallInboundConnectionBlocked: { orientation: 'inbound', result: 'blockedByFirewall', dvcAction: 'Deny' },
  ExploitGuardNetworkProtectionBlocked: { orientation: 'outbound', result: 'blockedByPolicy', dvcAction: 'Deny' },
  ExploitGuardNetworkProtectionAudited: { orientation: 'outbound', result: 'allowedByPolicy', dvcAction: 'Allow' },
  NetworkProtectionUserBypassEvent: { orientation: 'outbound', result: 'allowedByPolicy', dvcAction: 'Allow' },
} as const satisfies Record<string, Action>;

export const actionsByTable = { DeviceNetworkEvents: networkActions, DeviceEvents: deviceActions };
export type MappedTable = keyof typeof actionsByTable;
export type ActionType = keyof typeof networkActions | keyof typeof deviceActions;

/** What an action type that nobody has listed is taken for. */
export const genericAction: Action = { orientation: 'generic', result: 'unknown' };
/** Any other `...ConnectionInspected` is a Zeek row too. */
export const genericInspectedAction: Action = { orientation: 'originator', result: 'unknown' };

export interface KnownAction extends Action {
  readonly name: ActionType | undefined;
}

const byLowerCase: Readonly<Record<MappedTable, ReadonlyMap<string, KnownAction>>> = {
  DeviceNetworkEvents: index(networkActions),
  DeviceEvents: index(deviceActions),
};

function index<N extends ActionType>(actions: Readonly<Record<N, Action>>): ReadonlyMap<string, KnownAction> {
  return new Map(keysOf(actions).map((name) => [name.toLowerCase(), { ...actions[name], name }]));
}

/** The action of an ActionType, in any case; undefined when the table's list does not have it. */
export function findAction(table: MappedTable, actionType: string): KnownAction | undefined {
  return byLowerCase[table].get(actionType.toLowerCase());
}

export function isMapped(table: string): table is MappedTable {
  return Object.hasOwn(actionsByTable, table);
}
