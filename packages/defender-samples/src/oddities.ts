import { second } from './clock';
import { classified, clientPort } from './events/endpoints';
import { publish, publishedAgain } from './events/envelope';
import { type NetworkColumns, networkEvent, type Overrides } from './events/networkEvent';
import { cloudAppEvent, urlClick } from './events/otherTables';
import type { NonEmpty } from './random';
import { dead, type StreamRecord } from './records';
import type { Event, Scene } from './scene';
import { outbound } from './session';
import { type KeyPart, keyParts, twins } from './twins';
import { windowsPrograms } from './world/programs';
import { sites } from './world/sites';
import { linuxPrograms, macPrograms } from './world/unixPrograms';

/** Odd records: each is made from an ordinary one, so that nothing else about it is strange. */
const odd = {
  noCategory: (scene) => {
    const record = publish(scene, ordinary(scene));
    return {
      ...record,
      text: record.text.replace('"category":"AdvancedHunting-DeviceNetworkEvents",', ''),
      outcome: dead('NoCategory'),
    };
  },
  noProperties: (scene) => {
    const record = publish(scene, { ...ordinary(scene), properties: 'null' });
    return {
      ...record,
      text: scene.random.oneIn(2) ? record.text : record.text.replace('"properties":null,', ''),
      outcome: dead('NoProperties'),
    };
  },
  notARecord: (scene) => {
    const record = publish(scene, ordinary(scene));
    return { ...record, text: scene.random.pick(['null', '17', '"heartbeat"', 'true']), outcome: dead('NotARecord') };
  },
  badTimestamp: (scene) => {
    const timestamp = scene.random.pick(badTimestamps);
    return publish(scene, { ...ordinary(scene, {}, { timestamp }), outcome: dead('BadTimestamp') });
  },
  unknownAction: (scene) =>
    publish(scene, ordinary(scene, { action: 'ConnectionMigrated', meaning: { from: 'local', direction: undefined } })),
  unknownColumn: (scene) => publish(scene, ordinary(scene, {}, { more: ',"NetworkInterfaceLabel":"Wi-Fi 2"' })),
  dashes: (scene) => {
    const dash = { ip: '-', port: 0, type: null };
    return publish(scene, ordinary(scene, scene.random.oneIn(2) ? { local: dash } : { remote: dash }));
  },
  textPorts: (scene) => {
    const { local, remote } = ordinaryColumns(scene);
    return publish(
      scene,
      ordinary(scene, {
        local: { ...local, port: String(local.port) },
        remote: { ...remote, port: String(remote.port) },
      }),
    );
  },
  otherTable: (scene) => publish(scene, scene.random.oneIn(2) ? urlClick(scene) : cloudAppEvent(scene)),
} satisfies Record<string, (scene: Scene) => StreamRecord>;

/** What can be odd about a message as a whole. */
export const messageOddities = ['truncated', 'empty', 'lines', 'byteOrderMark', 'full'] as const;
export type MessageOddity = (typeof messageOddities)[number];

export type RecordOddity = keyof typeof odd | 'duplicate' | KeyPart;
export const recordOddities: NonEmpty<RecordOddity> = [
  'noCategory',
  'noProperties',
  'notARecord',
  'badTimestamp',
  'unknownAction',
  'unknownColumn',
  'dashes',
  'textPorts',
  'otherTable',
  'duplicate',
  ...keyParts,
];

/** JSON of Timestamps that are none. */
const badTimestamps: NonEmpty<string> = ['null', '"yesterday"', '"2026-02-30T10:00:00Z"', '1795420800', '""'];

/** An odd record, or undefined where `earlier`, the last row of the same message, is needed and there is none. */
export function oddRecord(
  scene: Scene,
  oddity: RecordOddity,
  earlier: StreamRecord | undefined,
): StreamRecord | undefined {
  if (isKeyPart(oddity)) return firstOf(scene, twins(scene, ordinaryColumns(scene), oddity));
  if (oddity !== 'duplicate') return odd[oddity](scene);
  if (earlier?.outcome.state !== 'row') return undefined;
  const ticks = scene.random.between(30, 300) * second;
  const { uid } = earlier.outcome;
  return { ...earlier, text: publishedAgain(scene, earlier, ticks), outcome: { state: 'duplicate', uid } };
}

function isKeyPart(oddity: RecordOddity): oddity is KeyPart {
  return keyParts.some((part) => part === oddity);
}

/** The other one comes as the next record. */
function firstOf({ emit }: Scene, [first, next]: readonly [StreamRecord, StreamRecord]): StreamRecord {
  emit(next);
  return first;
}

/** Servers fetch with a command instead. */
const browsers = { Windows: windowsPrograms.edge, macOS: macPrograms.safari, Linux: linuxPrograms.curl } as const;

function ordinaryColumns({ random, device, at, processes }: Scene): NetworkColumns {
  const site = random.pick(sites.web);
  return {
    action: 'ConnectionSuccess',
    at,
    local: classified(device.address, clientPort(device.os, random)),
    remote: classified(site.addresses[0], 443),
    protocol: 'Tcp',
    url: site.host,
    process: processes.of(device, browsers[device.os]),
    additionalFields: 'null',
    meaning: outbound,
  };
}

function ordinary(scene: Scene, columns: Partial<NetworkColumns> = {}, overrides: Overrides = {}): Event {
  return networkEvent(scene, { ...ordinaryColumns(scene), ...columns }, overrides);
}
