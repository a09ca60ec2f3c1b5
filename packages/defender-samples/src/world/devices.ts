import { second } from '../clock';
import { plain } from '../json';
import type { Random } from '../random';
import { type User, userOf } from './accounts';
import {
  company,
  type Office,
  offices,
  type ServerPlace,
  type ServerRole,
  serverAddress,
  serverHost,
  serverRoleNames,
  serverRoles,
  workstationAddress,
} from './offices';
import type { Process } from './processes';
import type { Program } from './programs';

export interface Device {
  readonly id: string;
  /** As it reports itself: with its domain where it is a member of one. */
  readonly name: string;
  readonly host: string;
  readonly os: 'Windows' | 'macOS' | 'Linux';
  readonly role: 'workstation' | ServerRole;
  readonly office: Office;
  readonly officeIndex: number;
  readonly address: string;
  readonly address6: string | undefined;
  readonly user: User;
  /** In ticks before the end of the stream, always more than two hours. */
  readonly bootedAt: number;
  /** `"DeviceName":…,"DeviceId":…`, the way most tables begin. */
  readonly columns: string;
  readonly machineGroup: string;
  readonly appGuardContainerId: string;
  readonly processes: Map<Program, Process>;
  /** The counter behind ReportId. */
  reportId: number;
}

/** One device in six is a server; one workstation in eight is a Mac, one in four belongs to Entra ID alone. */
export function devicesOf(count: number, random: Random): { servers: Device[]; workstations: Device[] } {
  const servers: Device[] = [];
  const workstations: Device[] = [];
  for (let index = 0; index < count; index++) {
    if (index % 6 === 5) servers.push(server(servers.length, random));
    else workstations.push(workstation(workstations.length, random));
  }
  return { servers, workstations };
}

type Identity = Pick<Device, 'host' | 'os' | 'role' | 'officeIndex' | 'address' | 'address6' | 'user'> & {
  readonly domain: string | undefined;
};

function server(index: number, random: Random): Device {
  const officeIndex = index % offices.length;
  const place = Math.floor(index / offices.length);
  const role = serverRoleNames[(place + officeIndex * 2) % serverRoleNames.length] ?? serverRoleNames[0];
  const number = 1 + Math.floor(place / serverRoleNames.length);
  const at: ServerPlace = { office: officeIndex, role, number };
  return device(
    {
      host: serverHost(at),
      domain: company.domain,
      os: serverRoles[role].os,
      role,
      officeIndex,
      address: serverAddress(at),
      address6: `2001:db8:${20 + officeIndex}::${(256 + index).toString(16)}`,
      user: userOf(index * 7, false, random),
    },
    random,
  );
}

function workstation(index: number, random: Random): Device {
  const officeIndex = index % offices.length;
  const office = offices[officeIndex] ?? offices[0];
  const isMac = index % 8 === 3;
  const isCloudOnly = index % 4 === 1;
  const isAtHome = index % 5 === 4;
  const number = String(1000 + index);
  return device(
    {
      host: isMac ? `${office.code}-mac-${number}` : `${office.code}-${index % 3 === 0 ? 'pc' : 'lt'}-${number}`,
      domain: isMac || isCloudOnly ? undefined : company.domain,
      os: isMac ? 'macOS' : 'Windows',
      role: 'workstation',
      officeIndex,
      address: isAtHome
        ? homeAddress(index, random)
        : workstationAddress(officeIndex, Math.floor(index / offices.length)),
      address6: index % 4 === 0 ? `2001:db8:${20 + officeIndex}::${(4096 + index).toString(16)}` : undefined,
      user: userOf(index, isCloudOnly, random),
    },
    random,
  );
}

/** Behind somebody's own router, or on a mobile network. */
function homeAddress(index: number, random: Random): string {
  return index % 25 === 4
    ? `100.${random.between(64, 127)}.${random.below(256)}.${random.between(2, 250)}`
    : `192.168.${random.pick(['0', '1', '178'])}.${random.between(20, 199)}`;
}

function device({ domain, ...identity }: Identity, random: Random): Device {
  const name = domain === undefined ? identity.host : `${identity.host}.${domain}`;
  const id = random.hex(40);
  const office = offices[identity.officeIndex] ?? offices[0];
  return {
    ...identity,
    id,
    name,
    office,
    bootedAt: -second * random.between(2 * 3600, 20 * 86_400),
    columns: `"DeviceName":${plain(name)},"DeviceId":${plain(id)}`,
    machineGroup: plain(office.machineGroup),
    appGuardContainerId: random.oneIn(4) ? '""' : 'null',
    processes: new Map(),
    reportId: random.between(1000, 400_000),
  };
}
