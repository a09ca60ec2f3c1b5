import { eventUidOf } from '../eventUid';
import type { RowOutcome } from '../records';
import type { Scene } from '../scene';
import { type Meaning, sessionOf } from '../session';
import type { Endpoint } from './networkEvent';

/** The columns by which an event is known, as they are sent. */
export interface Identified {
  /** Its name of today. */
  readonly table: 'DeviceNetworkEvents' | 'DeviceEvents';
  /** In ticks before the end of the stream. */
  readonly at: number;
  /** Its digits. */
  readonly reportId: string;
  readonly action: string;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly url: string | null;
}

/** The row that must come of an event, worked out from how the event was made. */
export function rowOf({ clock, device, tenantId }: Scene, event: Identified, meaning: Meaning): RowOutcome {
  const { table, at, reportId, action, local, remote, url } = event;
  const uid = eventUidOf({
    tenantId,
    table,
    deviceId: device.id,
    timestamp: clock.published(at),
    reportId,
    actionType: action,
    localIp: local.ip ?? '',
    localPort: String(local.port ?? ''),
    remoteIp: remote.ip ?? '',
    remotePort: String(remote.port ?? ''),
    remoteUrl: url ?? '',
  });
  return { state: 'row', uid, session: sessionOf(action, meaning, local, remote) };
}
