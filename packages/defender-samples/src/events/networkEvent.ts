import { plain } from '../json';
import type { Event, Scene } from '../scene';
import type { Meaning } from '../session';
import type { ProcessColumns } from '../world/processes';
import { rowOf } from './rows';

/** What differs between two DeviceNetworkEvents of a device, as columns. */
export interface NetworkColumns {
  readonly action: string;
  /** In ticks before the end of the stream. */
  readonly at: number;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly protocol: string | null;
  readonly url: string | null;
  readonly process: ProcessColumns;
  /** JSON of the column: `null`, or a string that holds JSON. */
  readonly additionalFields: string;
  readonly meaning: Meaning;
}

export interface Endpoint {
  readonly ip: string | null;
  readonly port: number | string | null;
  /** Null where the producer of the event does not classify addresses. */
  readonly type: string | null;
}

export const nowhere: Endpoint = { ip: null, port: null, type: null };

/** JSON of the times and numbers of an event, where they are not to be the ordinary ones. */
export interface Overrides {
  readonly timestamp?: string;
  /** Instead of the next one of the device. */
  readonly reportId?: number;
  /** Further members, each with a comma before it. */
  readonly more?: string;
}

/** All 46 columns, in the order in which Defender streams them. */
export function networkEvent(scene: Scene, columns: NetworkColumns, overrides: Overrides = {}): Event {
  const { clock, device } = scene;
  const { action, at, local, remote, protocol, url, process, additionalFields, meaning } = columns;
  const reportId = overrides.reportId ?? nextReportId(scene);
  const microseconds = device.os === 'Windows' ? at : Math.floor(at / 10) * 10;
  const timestamp = overrides.timestamp ?? plain(clock.timestamp(microseconds));
  return {
    table: 'DeviceNetworkEvents',
    at,
    properties: `{${device.columns},"ReportId":${reportId},"RemoteIP":${plain(remote.ip)},"RemotePort":${portOf(remote)},"LocalIP":${plain(local.ip)},"LocalPort":${portOf(local)},"Protocol":${plain(protocol)},"RemoteUrl":${plain(url)},${process.start},${process.level},"AppGuardContainerId":${device.appGuardContainerId},"LocalIPType":${plain(local.type)},"RemoteIPType":${plain(remote.type)},"ActionType":"${action}",${process.identity},"AdditionalFields":${additionalFields},${process.version},"Timestamp":${timestamp},"MachineGroup":${device.machineGroup},${process.session}${overrides.more ?? ''}}`,
    outcome: rowOf(
      scene,
      {
        table: 'DeviceNetworkEvents',
        at: microseconds,
        reportId: String(reportId),
        action,
        local,
        remote,
        url,
      },
      meaning,
    ),
  };
}

/** Counts the device's events, with gaps. */
export function nextReportId({ device, random }: Scene): number {
  device.reportId += 1 + random.below(3);
  return device.reportId;
}

export function portOf({ port }: Endpoint): string {
  return typeof port === 'string' ? plain(port) : String(port);
}
