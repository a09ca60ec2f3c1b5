import { members, plain } from '../json';
import { skipped } from '../records';
import type { Event, Scene } from '../scene';
import type { Meaning } from '../session';
import type { Process } from '../world/processes';
import { type Endpoint, nextReportId, nowhere, portOf } from './networkEvent';
import { rowOf } from './rows';

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
  /** What session it is; undefined for what is none: such rows of this table are skipped. */
  readonly meaning: Meaning | undefined;
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
export function deviceEvent(scene: Scene, columns: DeviceColumns): Event {
  const { clock, device } = scene;
  const { action, at, process, local = nowhere, remote = nowhere, url = null } = columns;
  const { additionalFields = 'null', isInFolder = false, meaning } = columns;
  const next = nextReportId(scene);
  const reportId = columns.reportId ?? String(next);
  return {
    table: 'DeviceEvents',
    at,
    properties: `{${before},"RemoteUrl":${plain(url)},${middle},"LocalIP":${plain(local.ip)},"LocalPort":${portOf(local)},"RemoteIP":${plain(remote.ip)},"RemotePort":${portOf(remote)},"ProcessId":null,"ProcessCommandLine":null,"AdditionalFields":${additionalFields},"ActionType":"${action}",${isInFolder ? process.startInFolder : process.start},${process.identity},${process.version},"AppGuardContainerId":${device.appGuardContainerId},"MachineGroup":${device.machineGroup},"Timestamp":${plain(clock.timestamp(at))},${device.columns},"ReportId":${reportId},${process.session}}`,
    outcome:
      meaning === undefined
        ? skipped(`DeviceEvents/${action}`)
        : rowOf(scene, { table: 'DeviceEvents', at, reportId, action, local, remote, url }, meaning),
  };
}
