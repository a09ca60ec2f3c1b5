import { readMessage } from '../../../shared/defender/readMessage';
import { transform } from '../../../shared/transform/transform';
import { defaultTransformSettings } from '../../../shared/transform/transformSettings';
import { writeJson } from '../kit/valueKit';

/** Columns that exports, workspaces and the retired tables add to any row. */
const ofAnyTable = 'LogonID OsVersion SourceSystem TenantId TimeGenerated Type'.split(' ');
/** Columns of the published reference of DeviceEvents that say nothing about a network session. */
const ofDeviceEvents =
  'FileName FolderPath SHA1 SHA256 MD5 FileSize AccountDomain AccountName AccountSid RemoteDeviceName ProcessId ProcessCommandLine ProcessCreationTime ProcessTokenElevation ProcessUniqueId LogonId RegistryKey RegistryValueName RegistryValueData FileOriginUrl FileOriginIP InitiatingProcessLogonId CreatedProcessSessionId IsProcessRemoteSession ProcessRemoteSessionDeviceName ProcessRemoteSessionIP'.split(
    ' ',
  );

function transformed(table: string, ActionType: string, more: Readonly<Record<string, string>>) {
  const properties = { DeviceId: 'd', ReportId: 1, Timestamp: '2026-11-20T09:00:00Z', ActionType, ...more };
  const message = writeJson({ category: `AdvancedHunting-${table}`, properties });
  const [part] = readMessage(Buffer.from(message), {});
  const outcome = part?.kind === 'record' ? transform(part, defaultTransformSettings) : undefined;
  if (outcome?.kind !== 'row') throw new Error('The test meant a row.');
  return outcome;
}

test.each([...ofAnyTable, ...ofDeviceEvents])(
  '%s of DeviceEvents is not reported as new, and is kept as sent',
  (column) => {
    const { news, columns } = transformed('DeviceEvents', 'FirewallOutboundConnectionBlocked', { [column]: 'x' });
    expect(news).toEqual([]);
    expect(columns.AdditionalFields?.['Unmapped']).toEqual({ [column]: 'x' });
  },
);

test.each(ofAnyTable)('%s of DeviceNetworkEvents is not reported as new', (column) => {
  expect(transformed('DeviceNetworkEvents', 'ConnectionSuccess', { [column]: 'x' }).news).toEqual([]);
});

test.each(ofDeviceEvents)('%s, a column of DeviceEvents, is reported as new on DeviceNetworkEvents', (column) => {
  const { news } = transformed('DeviceNetworkEvents', 'ConnectionSuccess', { [column]: 'x' });
  expect(news).toEqual([{ kind: 'column', name: column }]);
});

const detailRaw = (AdditionalFields: string) =>
  transformed('DeviceNetworkEvents', 'ConnectionSuccess', { AdditionalFields }).columns.AdditionalFields?.['DetailRaw'];

describe("Defender's AdditionalFields that are no JSON", () => {
  test('are kept as text, without user and password of a URL in it', () => {
    expect(detailRaw('seen https://user:secret@host.example/path')).toBe('seen https://host.example/path');
  });

  test.each(['-', ' ', '{}', '[ ]', ' null '])('are left out when they are empty: %j', (text) => {
    expect(detailRaw(text)).toBeUndefined();
  });
});
