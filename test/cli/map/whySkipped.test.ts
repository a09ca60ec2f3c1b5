import { whySkipped } from '../../../cli/map/skipped';

/** The reason for a table, or an action type, that the list does not name. */
const ofAnyTable = (): string => whySkipped('SomethingNew');
const ofAnyAction = (): string => whySkipped('DeviceEvents/SomethingNew');

test('tables and action types of one entry have its reason; others have another one', () => {
  expect(whySkipped('AlertEvidence')).toBe(whySkipped('AlertInfo'));
  expect(whySkipped('DeviceEvents/LdapSearch')).toBe(whySkipped('DeviceEvents/NamedPipeEvent'));
  const keys = ['AlertInfo', 'DeviceInfo', 'DeviceEvents/LdapSearch', 'DeviceEvents/DnsQueryRequest'];
  expect(new Set([...keys.map(whySkipped), ofAnyTable(), ofAnyAction()]).size).toBe(6);
});

test('an aggregated report has the reason of its action type, in any case of the suffix', () => {
  const reason = whySkipped('DeviceEvents/RemoteDesktopConnection');
  expect(reason).not.toBe(ofAnyAction());
  expect(whySkipped('DeviceEvents/RemoteDesktopConnectionAggregatedReport')).toBe(reason);
  expect(whySkipped('DeviceEvents/RemoteDesktopConnectionaggregatedreport')).toBe(reason);
});

test('a reason for action types of DeviceEvents applies neither to another table nor to DeviceEvents without one', () => {
  expect(whySkipped('DeviceNetworkEvents/SmartScreenUrlWarning')).toBe(ofAnyAction());
  expect(whySkipped('DeviceEvents')).toBe(ofAnyAction());
});

test('a table that is not mapped is skipped for itself, whatever the action type', () => {
  expect(whySkipped('SomethingNew/SmartScreenUrlWarning')).toBe(ofAnyTable());
  expect(whySkipped('')).toBe(ofAnyTable());
});
