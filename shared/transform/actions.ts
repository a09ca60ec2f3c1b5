import { keysOf } from '../keysOf';
import { remembering } from '../remembering';

/** Every known action type: its table, which end is the source, how the result is found. `docs/mapping.md` lists them. */

/** How source and destination are found; `orientation.ts` explains each. */
export type Orientation =
  | 'outbound'
  | 'inbound'
  | 'originator'
  | 'scan'
  | 'packet'
  | 'attempt'
  | 'acknowledged'
  | 'ports'
  | 'listening'
  | 'generic';

/** How EventResult and EventResultDetails are found; `results.ts` explains each. */
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
  /** The application protocol that the action type itself names. */
  readonly application?: string;
  /** Only where the device itself allows or blocks: network protection and the firewall. */
  readonly dvcAction?: 'Allow' | 'Deny';
}

const networkActions = {
  ConnectionSuccess: { orientation: 'outbound', result: 'success' },
  ConnectionFailed: { orientation: 'outbound', result: 'failure' },
  ConnectionRequest: { orientation: 'outbound', result: 'unknown' },
  InboundConnectionAccepted: { orientation: 'inbound', result: 'success' },
  InboundConnectionAttempt: { orientation: 'inbound', result: 'unknown' },
  ConnectionAttempt: { orientation: 'attempt', result: 'unknown' },
  ConnectionAcknowledged: { orientation: 'acknowledged', result: 'success' },
  InboundConnectionAcknowledged: { orientation: 'acknowledged', result: 'success' },
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

/** The only action types of DeviceEvents that are network sessions. */
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

/** For an action type that is not listed. */
export const genericAction: Action = { orientation: 'generic', result: 'unknown' };
/** For a `...Inspected` that is not listed: it describes a session the way the listed ones do. */
export const genericInspectedAction: Action = { orientation: 'originator', result: 'unknown' };

/** Aggregated reporting: one record an hour stands for many events of the action type before this suffix. */
export const aggregatedSuffix = 'AggregatedReport';

export interface FoundAction extends Action {
  /** Undefined when the action type is not listed. */
  readonly name: ActionType | undefined;
  /** The record stands for many events. */
  readonly isAggregated: boolean;
}

const byLowerCase: Readonly<Record<MappedTable, ReadonlyMap<string, FoundAction>>> = {
  DeviceNetworkEvents: index(networkActions),
  DeviceEvents: index(deviceActions),
};

function index<N extends ActionType>(actions: Readonly<Record<N, Action>>): ReadonlyMap<string, FoundAction> {
  const suffix = aggregatedSuffix.toLowerCase();
  return new Map(
    keysOf(actions).flatMap((name): [string, FoundAction][] => [
      [name.toLowerCase(), { ...actions[name], name, isAggregated: false }],
      [name.toLowerCase() + suffix, { ...actions[name], name, isAggregated: true }],
    ]),
  );
}

/** Matches the suffix of an aggregated report. */
export const aggregated = new RegExp(`${aggregatedSuffix}$`, 'i');

/** Finds the action of an ActionType, ignoring case; a generic one when it is not listed. */
export function actionOf(table: MappedTable, actionType = ''): FoundAction {
  return found[table](actionType);
}

const found = {
  DeviceNetworkEvents: remembering((text) => findAction(byLowerCase.DeviceNetworkEvents, text)),
  DeviceEvents: remembering((text) => findAction(byLowerCase.DeviceEvents, text)),
};

function findAction(known: ReadonlyMap<string, FoundAction>, text: string): FoundAction {
  const listed = known.get(text.toLowerCase());
  if (listed !== undefined) return listed;
  const single = text.replace(aggregated, '');
  const action = /Inspected$/i.test(single) ? genericInspectedAction : genericAction;
  return { ...action, name: undefined, isAggregated: single !== text };
}

export function isMapped(table: string): table is MappedTable {
  return Object.hasOwn(actionsByTable, table);
}
