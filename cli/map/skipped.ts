import { aggregated, isMapped } from '../../shared/transform/actions';

/**
 * Records that are no network sessions, and why. Every other table and action type of DeviceEvents is skipped too; this list
 * explains the well-known ones in docs/mapping.md and in `npm run map -- --explain`.
 */
interface Skipped {
  readonly tables: readonly string[];
  /** The action types that the reason applies to; all if missing. */
  readonly actionTypes?: readonly string[];
  readonly why: string;
}

export const skipped: readonly Skipped[] = [
  {
    tables: ['DeviceEvents'],
    actionTypes: ['FirewallInboundConnectionToAppBlocked'],
    why: 'no addresses: the row names only the application and the firewall profile',
  },
  {
    tables: ['DeviceEvents'],
    actionTypes: [
      'ExploitGuardNetworkProtectionBlocked',
      'ExploitGuardNetworkProtectionAudited',
      'NetworkProtectionUserBypassEvent',
    ],
    why: 'only where both address and URL of the peer are missing, in AdditionalFields too: no peer, no session',
  },
  {
    tables: ['DeviceEvents'],
    actionTypes: [
      'SmartScreenUrlWarning',
      'SmartScreenAppWarning',
      'SmartScreenExploitWarning',
      'SmartScreenUserOverride',
      'AppGuardBrowseToUrl',
    ],
    why: 'a browser warned about a URL: no endpoint, and whether anything was sent is unknown',
  },
  {
    tables: ['DeviceEvents'],
    actionTypes: ['BrowserLaunchedToOpenUrl'],
    why: 'a browser was started, which is no connection; RemoteUrl may even be a shortcut on the disk',
  },
  {
    tables: ['DeviceEvents'],
    actionTypes: ['DnsQueryRequest', 'DnsQueryResponse'],
    why: 'activity of the DNS client cache, without addresses; it belongs to the DNS schema',
  },
  {
    tables: ['DeviceEvents'],
    actionTypes: ['RemoteDesktopConnection'],
    why: 'one address and an ephemeral port, no other end',
  },
  {
    tables: ['DeviceEvents'],
    actionTypes: [
      'NamedPipeEvent',
      'RemoteWmiOperation',
      'InboundRemoteRpcCall',
      'LdapSearch',
      'NetworkShareObjectAdded',
      'NetworkShareObjectModified',
      'NetworkShareObjectDeleted',
      'NetworkShareObjectAccessChecked',
      'UntrustedWifiConnection',
    ],
    why: 'an operation above or below the IP session, without its endpoints',
  },
  {
    tables: ['DeviceLogonEvents'],
    why: 'belongs to the Authentication schema; no local endpoint, and the remote one is often `-` or port 0',
  },
  { tables: ['DeviceNetworkInfo'], why: 'inventory of adapters and addresses, not an event between two ends' },
  { tables: ['DeviceInfo'], why: 'inventory of the device' },
  { tables: ['UrlClickEvents'], why: 'the verdict of Safe Links on a click: no destination address, another product' },
  {
    tables: ['IdentityQueryEvents'],
    why: 'queries that a sensor on a domain controller saw, not sessions of an endpoint; another product',
  },
  { tables: ['IdentityLogonEvents'], why: 'authentication, another product' },
  { tables: ['IdentityDirectoryEvents'], why: 'changes in the directory' },
  { tables: ['CloudAppEvents'], why: 'audit of cloud applications' },
  { tables: ['EmailEvents', 'EmailAttachmentInfo', 'EmailUrlInfo', 'EmailPostDeliveryEvents'], why: 'mail' },
  { tables: ['AlertInfo', 'AlertEvidence'], why: 'what alerts are made of, not events' },
  { tables: ['BehaviorInfo', 'BehaviorEntities'], why: 'what behaviours are made of, not events' },
];

/** Why a record was skipped, by the key in the books: `Table` or `DeviceEvents/ActionType`. */
export function whySkipped(key: string): string {
  const [table = '', actionType] = key.split('/', 2);
  const single = (actionType ?? '').replace(aggregated, '');
  const known = skipped.find(
    (one) => one.tables.includes(table) && (one.actionTypes === undefined || one.actionTypes.includes(single)),
  );
  if (known !== undefined) return known.why;
  return isMapped(table)
    ? 'this action type is not known as a network session'
    : 'this table holds no network sessions';
}
