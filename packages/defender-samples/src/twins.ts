import { deviceEvent } from './events/deviceEvent';
import { publish } from './events/envelope';
import { type NetworkColumns, networkEvent, nextReportId } from './events/networkEvent';
import type { NonEmpty } from './random';
import type { StreamRecord } from './records';
import type { Scene } from './scene';
import { outbound } from './session';
import { windowsPrograms } from './world/programs';

/** What tells one event from another: an oddity for each is a pair of events that differ in nothing else. */
export const keyParts: NonEmpty<KeyPart> = [
  'tenantId',
  'table',
  'DeviceId',
  'Timestamp',
  'ReportId',
  'ActionType',
  'LocalIP',
  'LocalPort',
  'RemoteIP',
  'RemotePort',
  'RemoteUrl',
];
export type KeyPart = keyof typeof others | 'tenantId' | 'table' | 'DeviceId' | 'ReportId';

/** The columns of the second event, where the difference is one of columns. */
const others = {
  // The smallest that every producer of events writes: a microsecond.
  Timestamp: ({ at }) => ({ at: at - 10 }),
  ActionType: () => ({ action: 'ConnectionRequest' }),
  LocalIP: ({ local }) => ({ local: { ...local, ip: '192.168.7.250' } }),
  LocalPort: ({ local }) => ({ local: { ...local, port: Number(local.port) - 1 } }),
  RemoteIP: ({ remote }) => ({ remote: { ...remote, ip: '198.51.100.210' } }),
  RemotePort: ({ remote }) => ({ remote: { ...remote, port: 8443 } }),
  RemoteUrl: ({ url }) => ({ url: `https://${url}/` }),
} satisfies Record<string, (columns: NetworkColumns) => Partial<NetworkColumns>>;

/** Two events of one device and moment, with one ReportId, that differ in one part of their key. */
export function twins(scene: Scene, columns: NetworkColumns, part: KeyPart): readonly [StreamRecord, StreamRecord] {
  const reportId = nextReportId(scene);
  const made = (changes: Partial<NetworkColumns>, of: Scene = scene, itsReportId = reportId): StreamRecord =>
    publish(of, networkEvent(of, { ...columns, ...changes }, { reportId: itsReportId }));
  if (part === 'table') return inTwoTables(scene, columns, reportId);
  if (part === 'tenantId') return [made({}), made({}, { ...scene, tenantId: swapped(scene.tenantId) })];
  if (part === 'DeviceId') return [made({}), made({}, withOtherId(scene))];
  if (part === 'ReportId') return [made({}), made({}, scene, nextReportId(scene))];
  return [made({}), made(others[part](columns))];
}

/** A device that was onboarded once more. */
function withOtherId(scene: Scene): Scene {
  const { device } = scene;
  const id = swapped(device.id);
  return { ...scene, device: { ...device, id, columns: device.columns.replace(device.id, id) } };
}

/** Another id of the same form. */
function swapped(id: string): string {
  return `${id.startsWith('a') ? 'b' : 'a'}${id.slice(1)}`;
}

/** One action type in both tables: in DeviceNetworkEvents nobody knows what it means. */
function inTwoTables(
  scene: Scene,
  { local, remote }: NetworkColumns,
  reportId: number,
): readonly [StreamRecord, StreamRecord] {
  const process = scene.processes.of(scene.device, windowsPrograms.edge);
  // In whole microseconds, as both tables write it.
  const at = Math.floor(scene.at / 10) * 10;
  const columns = { action: 'FirewallOutboundConnectionBlocked', at, local, remote, process, url: null };
  const inDeviceEvents = {
    ...columns,
    reportId: String(reportId),
    meaning: { ...outbound, deviceAction: 'Deny' as const },
  };
  const inNetworkEvents = { ...columns, protocol: null, additionalFields: 'null' };
  return [
    publish(scene, deviceEvent(scene, inDeviceEvents)),
    publish(
      scene,
      networkEvent(scene, { ...inNetworkEvents, meaning: { from: 'local', direction: undefined } }, { reportId }),
    ),
  ];
}
