import { members, plain } from '../json';
import { row, skipped } from '../records';
import type { Event, Scene } from '../scene';
import type { Process } from '../world/processes';
import { type Endpoint, nowhere, portOf } from './networkEvent';

/** What differs between two DeviceEvents of a device, as columns. */
export interface DeviceColumns {
  readonly action: string;
  readonly at: number;
  readonly process: Process;
  readonly local?: Endpoint;
  readonly remote?: Endpoint;
  readonly url?: string | null;
  /** JSON of the column: `null`, or a string that holds JSON. */
  readonly additionalFields?: string;
  /** The initiating process with its folder instead of its path. */
  readonly isInFolder?: boolean;
  /** Its digits, where the counter of the device is not used. */
  readonly reportId?: string;
  /** Whether it is a network session: the other rows of this table are skipped. */
  readonly isSession: boolean;
}

const before = members({
  AccountSid: null,
  AccountDomain: null,
  AccountName: null,
  LogonId: null,
  FileName: null,
  FolderPath: null,
  MD5: null,
  SHA1: null,
  FileSize: null,
  SHA256: null,
  ProcessCreationTime: null,
  ProcessTokenElevation: null,
});
const middle = members({
  RegistryKey: null,
  RegistryValueName: null,
  RegistryValueData: null,
  RemoteDeviceName: null,
  FileOriginIP: null,
  FileOriginUrl: null,
});

/** All columns, in the order in which Defender streams them. */
export function deviceEvent({ clock, device, random }: Scene, columns: DeviceColumns): Event {
  const { action, at, process, local = nowhere, remote = nowhere, url = null } = columns;
  const { additionalFields = 'null', isInFolder = false, isSession } = columns;
  device.reportId += 1 + random.below(3);
  const reportId = columns.reportId ?? String(device.reportId);
  return {
    table: 'DeviceEvents',
    at,
    properties: `{${before},"RemoteUrl":${plain(url)},${middle},"LocalIP":${plain(local.ip)},"LocalPort":${portOf(local)},"RemoteIP":${plain(remote.ip)},"RemotePort":${portOf(remote)},"ProcessId":null,"ProcessCommandLine":null,"AdditionalFields":${additionalFields},"ActionType":"${action}",${isInFolder ? process.startInFolder : process.start},${process.identity},${process.version},"AppGuardContainerId":${device.appGuardContainerId},"MachineGroup":${device.machineGroup},"Timestamp":${plain(clock.timestamp(at))},${device.columns},"ReportId":${reportId},${process.session}}`,
    outcome: isSession ? row : skipped(`DeviceEvents/${action}`),
  };
}
