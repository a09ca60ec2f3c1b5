import { second } from './clock';
import type { FamilyName } from './families';
import { Maker } from './maker';
import { Random } from './random';
import { type StreamRecord, write } from './sampleEvent';
import { type ScenarioName, scenarios } from './scenarios';
import type { StreamOptions } from './streamOptions';
import type { Endpoint } from './truth';

/** What a hunting query must find of an attack in the stream. */
export interface Planted {
  readonly name: ScenarioName;
  readonly about: string;
  /** The device that connects. */
  readonly deviceId: string;
  readonly deviceName: string;
  readonly address: string;
  /** Addresses and ports that it connects to, each once. */
  readonly peers: readonly string[];
  readonly ports: readonly number[];
  /** TimeGenerated of its first and last row. */
  readonly first: string;
  readonly last: string;
  /** The EventUids of all its rows. */
  readonly uids: readonly string[];
}

export interface PlantedRecord {
  readonly at: number;
  readonly record: StreamRecord;
}

/** An attack on workstations needs this many devices, so that it always finds another one. */
const leastDevices = 24;

/**
 * What must be found of the attacks, and their records in the order of their times.
 * @throws RangeError when the stream is too small for them, in minutes, records or devices.
 */
export function plant(options: Required<StreamOptions>): {
  readonly planted: readonly Planted[];
  readonly records: readonly PlantedRecord[];
} {
  const attacks = options.scenarios.map(({ name, at }, index) => attack(options, name, at, index));
  const records = attacks.flatMap((one) => one.records).toSorted((a, b) => a.at - b.at);
  if (records.length > 0 && records.length >= options.records) {
    throw new RangeError(`The stream's records must be more than the ${records.length} of its scenarios.`);
  }
  return { planted: attacks.map(({ planted }) => planted), records };
}

function attack(options: Required<StreamOptions>, name: ScenarioName, position: number, index: number) {
  const { about, times, every, family, peer, answer, port, isOne = false } = scenarios[name];
  const maker = new Maker(new Random(options.seed + 7919 * (index + 1)), options);
  const { random, devices } = maker;
  const minutes = Math.ceil((times * every) / 60) + 1;
  if (minutes > options.minutes) {
    throw new RangeError(`The stream's minutes must be ${minutes} or more for ${name}, not ${options.minutes}.`);
  }
  if (peer === 'workstations' && options.devices < leastDevices) {
    throw new RangeError(`The stream's devices must be ${leastDevices} or more for ${name}, not ${options.devices}.`);
  }
  const begin = (options.minutes - minutes) * 60 * second * position - maker.span;
  const device = devices.any('windows', random);
  const records: PlantedRecord[] = [];
  const peers = new Set<string>();
  const ports = new Set<number>();
  for (let time = 0; time < times; time++) {
    const other = devices.any('windows', random);
    if (peer === 'workstations' && other === device) continue;
    const local = { ip: device.address, port: 50_000 + ((200 * index + (isOne ? 0 : time)) % 15_000) };
    const remote = {
      ip: peer === 'workstations' ? other.address : peer.ip,
      port: typeof port === 'number' ? port : port(time),
    };
    peers.add(remote.ip);
    ports.add(remote.port);
    const at = Math.floor(begin + time * every * second);
    const host = peer === 'workstations' ? other.name : peer.host;
    const add = (of: FamilyName, on: typeof device, ends: { local: Endpoint; remote: Endpoint }): void => {
      const event = maker.named(of, at, { device: on, ends: host === undefined ? ends : { ...ends, host } });
      // Far above the ReportIds of the devices.
      records.push({ at, record: write({ ...event, reportId: String(2e9 + 1000 * index + records.length) }) });
    };
    add(family, device, { local, remote });
    if (answer !== undefined) add(answer, other, { local: remote, remote: local });
  }
  const rows = records.flatMap(({ record: { outcome } }) => (outcome.state === 'row' ? [outcome] : []));
  const timeOf = (row: (typeof rows)[number] | undefined): string => row?.session.split(' ')[0] ?? '';
  const planted: Planted = {
    name,
    about,
    deviceId: device.id,
    deviceName: device.name,
    address: device.address,
    peers: [...peers],
    ports: [...ports],
    first: timeOf(rows[0]),
    last: timeOf(rows.at(-1)),
    uids: rows.map(({ uid }) => uid),
  };
  return { planted, records };
}
