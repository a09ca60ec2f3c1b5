import { legacyColumns } from '../defender/defenderTables';
import { type AdditionalFieldsLevel, keptAt } from './transformSettings';

/** The columns of Defender's tables that the mapping knows. Any other is kept under AdditionalFields.Unmapped. */

const { always, process, full }: Readonly<Record<keyof typeof keptAt, readonly AdditionalFieldsLevel[]>> = keptAt;

/**
 * Columns about the initiating process, their key in AdditionalFields.InitiatingProcess, and the ADDITIONAL_FIELDS levels
 * that keep them.
 */
export const initiatingProcessColumns = [
  { column: 'InitiatingProcessFileName', key: 'FileName', levels: always },
  { column: 'InitiatingProcessId', key: 'Id', levels: always },
  { column: 'InitiatingProcessCommandLine', key: 'CommandLine', levels: always },
  { column: 'InitiatingProcessFolderPath', key: 'FolderPath', levels: process },
  { column: 'InitiatingProcessCreationTime', key: 'CreationTime', levels: process },
  { column: 'InitiatingProcessSHA1', key: 'SHA1', levels: process },
  { column: 'InitiatingProcessSHA256', key: 'SHA256', levels: process },
  { column: 'InitiatingProcessMD5', key: 'MD5', levels: process },
  { column: 'InitiatingProcessAccountName', key: 'AccountName', levels: process },
  { column: 'InitiatingProcessAccountDomain', key: 'AccountDomain', levels: process },
  { column: 'InitiatingProcessAccountSid', key: 'AccountSid', levels: process },
  { column: 'InitiatingProcessAccountUpn', key: 'AccountUpn', levels: process },
  { column: 'InitiatingProcessParentFileName', key: 'ParentFileName', levels: process },
  { column: 'InitiatingProcessParentId', key: 'ParentId', levels: process },
  { column: 'InitiatingProcessUniqueId', key: 'UniqueId', levels: process },
  { column: 'InitiatingProcessAccountObjectId', key: 'AccountObjectId', levels: full },
  { column: 'InitiatingProcessParentCreationTime', key: 'ParentCreationTime', levels: full },
  { column: 'InitiatingProcessFileSize', key: 'FileSize', levels: full },
  { column: 'InitiatingProcessIntegrityLevel', key: 'IntegrityLevel', levels: full },
  { column: 'InitiatingProcessTokenElevation', key: 'TokenElevation', levels: full },
  { column: 'InitiatingProcessVersionInfoCompanyName', key: 'VersionInfoCompanyName', levels: full },
  { column: 'InitiatingProcessVersionInfoProductName', key: 'VersionInfoProductName', levels: full },
  { column: 'InitiatingProcessVersionInfoProductVersion', key: 'VersionInfoProductVersion', levels: full },
  { column: 'InitiatingProcessVersionInfoInternalFileName', key: 'VersionInfoInternalFileName', levels: full },
  { column: 'InitiatingProcessVersionInfoOriginalFileName', key: 'VersionInfoOriginalFileName', levels: full },
  { column: 'InitiatingProcessVersionInfoFileDescription', key: 'VersionInfoFileDescription', levels: full },
  { column: 'InitiatingProcessSessionId', key: 'SessionId', levels: full },
  { column: 'IsInitiatingProcessRemoteSession', key: 'IsRemoteSession', levels: full },
  { column: 'InitiatingProcessRemoteSessionDeviceName', key: 'RemoteSessionDeviceName', levels: full },
  { column: 'InitiatingProcessRemoteSessionIP', key: 'RemoteSessionIP', levels: full },
] as const;

const eventColumns = [
  'Timestamp',
  'DeviceId',
  'DeviceName',
  'MachineGroup',
  'ReportId',
  'ActionType',
  'LocalIP',
  'LocalPort',
  'LocalIPType',
  'RemoteIP',
  'RemotePort',
  'RemoteIPType',
  'RemoteUrl',
  'Protocol',
  'AppGuardContainerId',
  'AdditionalFields',
] as const;

/** All columns of streamed DeviceNetworkEvents. */
export const modernColumns: readonly string[] = [
  ...eventColumns,
  ...initiatingProcessColumns.map(({ column }) => column),
];

export const knownColumns: ReadonlySet<string> = new Set([...modernColumns, ...Object.keys(legacyColumns)]);

/** Columns that exports, workspaces and retired tables add to any record: kept as sent, not reported as new. */
export const otherColumns: ReadonlySet<string> = new Set([
  'LogonID',
  'OsVersion',
  'SourceSystem',
  'TenantId',
  'TimeGenerated',
  'Type',
]);

/** Further documented columns of DeviceEvents, not part of a network session: kept as sent, not reported as new. */
export const otherDeviceEventColumns: ReadonlySet<string> = new Set([
  'FileName',
  'FolderPath',
  'SHA1',
  'SHA256',
  'MD5',
  'FileSize',
  'AccountDomain',
  'AccountName',
  'AccountSid',
  'RemoteDeviceName',
  'ProcessId',
  'ProcessCommandLine',
  'ProcessCreationTime',
  'ProcessTokenElevation',
  'ProcessUniqueId',
  'LogonId',
  'RegistryKey',
  'RegistryValueName',
  'RegistryValueData',
  'FileOriginUrl',
  'FileOriginIP',
  'InitiatingProcessLogonId',
  'CreatedProcessSessionId',
  'IsProcessRemoteSession',
  'ProcessRemoteSessionDeviceName',
  'ProcessRemoteSessionIP',
]);
