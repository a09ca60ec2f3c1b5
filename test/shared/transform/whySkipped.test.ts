import { whySkipped } from '../../../cli/map/skipped';

/** What is said of any table and any action type that the list does not name. */
const ofAnyTable = (): string => whySkipped('SomethingNew');
const ofAnyAction = (): string => whySkipped('DeviceEvents/SomethingNew');

const actionsByReason = [
  ['FirewallInboundConnectionToAppBlocked'],
  ['ExploitGuardNetworkProtectionBlocked', 'ExploitGuardNetworkProtectionAudited', 'NetworkProtectionUserBypassEvent'],
  [
    'SmartScreenUrlWarning',
    'SmartScreenAppWarning',
    'SmartScreenExploitWarning',
    'SmartScreenUserOverride',
    'AppGuardBrowseToUrl',
  ],
  ['BrowserLaunchedToOpenUrl'],
  ['DnsQueryRequest', 'DnsQueryResponse'],
  ['RemoteDesktopConnection'],
  [
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
];
const tablesByReason = [
  ['DeviceLogonEvents'],
  ['DeviceNetworkInfo'],
  ['DeviceInfo'],
  ['UrlClickEvents'],
  ['IdentityQueryEvents'],
  ['IdentityLogonEvents'],
  ['IdentityDirectoryEvents'],
  ['CloudAppEvents'],
  ['EmailEvents', 'EmailAttachmentInfo', 'EmailUrlInfo', 'EmailPostDeliveryEvents'],
  ['AlertInfo', 'AlertEvidence'],
  ['BehaviorInfo', 'BehaviorEntities'],
];
const keysByReason = [
  ...actionsByReason.map((actions) => actions.map((action) => `DeviceEvents/${action}`)),
  ...tablesByReason,
];

test.each(keysByReason.map((keys) => [keys]))('%j are skipped for a reason of their own', (keys) => {
  const reasons = new Set(keys.map(whySkipped));
  expect(reasons.size).toBe(1);
  const others = keysByReason.filter((other) => other !== keys).flatMap((other) => other.map(whySkipped));
  for (const other of [ofAnyTable(), ofAnyAction(), ...others]) expect(reasons).not.toContain(other);
});

test('an aggregated report is skipped for the reason of its action type, in any case of the suffix', () => {
  const reason = whySkipped('DeviceEvents/RemoteDesktopConnection');
  expect(whySkipped('DeviceEvents/RemoteDesktopConnectionAggregatedReport')).toBe(reason);
  expect(whySkipped('DeviceEvents/RemoteDesktopConnectionaggregatedreport')).toBe(reason);
});

test('a reason about action types of DeviceEvents is no reason for another table, nor for all of DeviceEvents', () => {
  expect(whySkipped('DeviceNetworkEvents/SmartScreenUrlWarning')).toBe(ofAnyAction());
  expect(whySkipped('DeviceEvents')).toBe(ofAnyAction());
});

test('a table that is not mapped is skipped as such, whatever its action type', () => {
  expect(whySkipped('SomethingNew/SmartScreenUrlWarning')).toBe(ofAnyTable());
  expect(whySkipped('')).toBe(ofAnyTable());
  expect(ofAnyTable()).not.toBe(ofAnyAction());
});
