import { readMessage } from '../../../shared/defender/readMessage';
import type { JsonObject } from '../../../shared/json';
import { type Transformed, transform } from '../../../shared/transform/transform';
import { defaultTransformSettings } from '../../../shared/transform/transformSettings';
import { writeJson } from '../kit/valueKit';

const good: JsonObject = { DeviceId: 'd1', Timestamp: '2026-11-20T09:14:33Z', ReportId: 7, LocalIP: '10.0.0.1' };

function outcomeOf(table: string, columns: JsonObject): Transformed {
  const message = writeJson({ category: `AdvancedHunting-${table}`, properties: { ...good, ...columns } });
  const [part] = readMessage(Buffer.from(message), {});
  if (part?.kind !== 'record') throw new Error('The test meant a record.');
  return transform(part, defaultTransformSettings);
}

function rowOf(table: string, columns: JsonObject) {
  const outcome = outcomeOf(table, columns);
  if (outcome.kind !== 'row') throw new Error(`The test meant a row, not ${outcome.kind}.`);
  return outcome.columns;
}

const byNetworkProtection = [
  'ExploitGuardNetworkProtectionBlocked',
  'ExploitGuardNetworkProtectionAudited',
  'NetworkProtectionUserBypassEvent',
];

test.each(byNetworkProtection)(
  '%s without any peer is skipped, and with an address or a URL it is a row',
  (ActionType) => {
    expect(outcomeOf('DeviceEvents', { ActionType })).toEqual({ kind: 'skipped', key: `DeviceEvents/${ActionType}` });
    expect(outcomeOf('DeviceEvents', { ActionType, RemoteIP: '203.0.113.9' }).kind).toBe('row');
    expect(outcomeOf('DeviceEvents', { ActionType, RemoteUrl: 'www.example.com' }).kind).toBe('row');
  },
);

test('a connection that the firewall blocked is a row even without a peer', () => {
  expect(outcomeOf('DeviceEvents', { ActionType: 'FirewallOutboundConnectionBlocked' }).kind).toBe('row');
});

test('only rows of network protection have a policy, and only its ExploitGuard rows a threat', () => {
  const columns = { RemoteIP: '203.0.113.9', AdditionalFields: '{"ResponseCategory":"Phishing"}' };
  const of = (table: string, ActionType: string) => {
    const { NetworkRuleName, ThreatCategory } = rowOf(table, { ...columns, ActionType });
    return [NetworkRuleName, ThreatCategory];
  };
  expect(of('DeviceEvents', 'ExploitGuardNetworkProtectionBlocked')).toEqual(['Phishing', 'Phishing']);
  expect(of('DeviceEvents', 'ExploitGuardNetworkProtectionAudited')).toEqual(['Phishing', 'Phishing']);
  expect(of('DeviceEvents', 'NetworkProtectionUserBypassEvent')).toEqual(['Phishing', undefined]);
  expect(of('DeviceEvents', 'FirewallOutboundConnectionBlocked')).toEqual([undefined, undefined]);
  expect(of('DeviceNetworkEvents', 'ConnectionSuccess')).toEqual([undefined, undefined]);
});

test.each([
  ['Malicious', 'Malicious'],
  ['CmdCtrl', 'CmdCtrl'],
  ['CustomBlockList', undefined],
])('the category %s names the threat %s', (ResponseCategory, threat) => {
  const AdditionalFields = writeJson({ ResponseCategory });
  const row = rowOf('DeviceEvents', {
    ActionType: 'ExploitGuardNetworkProtectionBlocked',
    RemoteIP: '203.0.113.9',
    AdditionalFields,
  });
  expect([row.NetworkRuleName, row.ThreatCategory]).toEqual([ResponseCategory, threat]);
});
