import { type Device, domain } from './devices';
import type { NonEmpty, Random } from './random';
import type { Endpoint } from './truth';

/** What the ends of an event are drawn from. */
export interface Stage {
  readonly random: Random;
  readonly device: Device;
  /** Some workstation. */
  readonly colleague: () => Device;
}

/** The two ends of a connection, as a record names them. */
export interface Ends {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** The name of the server, where it has one. */
  readonly host?: string;
}

/** Draws the ends of an event. */
export type Meeting = (stage: Stage) => Ends;

const siteNames = ['news', 'shop', 'mail', 'maps', 'video', 'docs', 'bank', 'travel', 'music', 'wiki'] as const;
const siteKinds = ['www', 'cdn', 'api', 'login', 'img', 'sync', 'static', 'push', 'edge', 'media'] as const;
const siteCount = 360;

/** A site on the internet, in the ranges that are reserved for documentation. Low numbers are visited most. */
function site(random: Random): { readonly host: string; readonly ip: string; readonly ip6: string | undefined } {
  const number = Math.floor((random.below(siteCount) * random.below(siteCount)) / siteCount);
  const kind = siteKinds[Math.floor(number / 10) % 10] ?? siteKinds[0];
  return {
    host: `${kind}.${siteNames[number % 10]}${Math.floor(number / 100) || ''}.example.${['com', 'net', 'org'][number % 3]}`,
    ip: `${number % 2 === 0 ? '203.0.113' : '198.51.100'}.${1 + (number >> 1)}`,
    ip6: number % 4 === 0 ? `2001:db8:80::${(number + 1).toString(16)}` : undefined,
  };
}

/** The servers of the company, with the last number of their addresses. */
const servers = { dc1: 10, dc2: 11, files: 20, print: 30, ledger: 40, jump: 50 } as const;

const workstationPort = (random: Random): number => random.between(49_152, 65_535);
const clientPort = ({ device, random }: Stage): number =>
  device.kind === 'linux' ? random.between(32_768, 60_999) : workstationPort(random);

/** The device connects to one of the ports of a site on the internet, at times over IPv6. */
export function toSite(...ports: NonEmpty<number>): Meeting {
  return (stage) => {
    const { random, device } = stage;
    const { host, ip, ip6 } = site(random);
    const isIp6 = ip6 !== undefined && random.oneIn(3);
    return {
      local: { ip: isIp6 ? device.address6 : device.address, port: clientPort(stage) },
      remote: { ip: isIp6 ? ip6 : ip, port: random.pick(ports) },
      host,
    };
  };
}

export function toServer(server: keyof typeof servers, port: number): Meeting {
  return (stage) => ({
    local: { ip: stage.device.address, port: clientPort(stage) },
    remote: { ip: `10.0.0.${servers[server]}`, port },
    host: `${server}.${domain}`,
  });
}

/** The device asks a name server for a site. */
export const toNameServer: Meeting = (stage) => ({ ...toServer('dc1', 53)(stage), host: site(stage.random).host });

export function toItself(port: number): Meeting {
  return (stage) => ({ local: { ip: '127.0.0.1', port: clientPort(stage) }, remote: { ip: '127.0.0.1', port } });
}

/** A workstation connects to one of the ports of the device. */
export function fromColleague(...ports: NonEmpty<number>): Meeting {
  return ({ device, colleague, random }) => ({
    local: { ip: device.address, port: random.pick(ports) },
    remote: { ip: colleague().address, port: workstationPort(random) },
    host: device.name,
  });
}

export function fromInternet(...ports: NonEmpty<number>): Meeting {
  return ({ device, random }) => ({
    local: { ip: device.address, port: random.pick(ports) },
    remote: { ip: `192.0.2.${random.between(1, 254)}`, port: random.between(32_768, 60_999) },
    host: device.name,
  });
}

const nowhere: Endpoint = { ip: null, port: null };
export const nobody: Meeting = () => ({ local: nowhere, remote: nowhere });

/** A program of the device opens one of the ports. */
export function listening(...ports: NonEmpty<number>): Meeting {
  return ({ device, random }) => ({
    local: { ip: random.pick(['0.0.0.0', '127.0.0.1', '::', device.address]), port: random.pick(ports) },
    remote: nowhere,
  });
}

export function either(...meetings: NonEmpty<Meeting>): Meeting {
  return (stage) => stage.random.pick(meetings)(stage);
}

export function changed(meeting: Meeting, change: (ends: Ends) => Partial<Ends>): Meeting {
  return (stage) => {
    const ends = meeting(stage);
    return { ...ends, ...change(ends) };
  };
}

export const swapped = (meeting: Meeting): Meeting =>
  changed(meeting, ({ local, remote }) => ({ local: remote, remote: local }));
export const withoutPorts = (meeting: Meeting): Meeting =>
  changed(meeting, ({ local, remote }) => ({ local: { ...local, port: null }, remote: { ...remote, port: null } }));
export const localOnly = (meeting: Meeting): Meeting => changed(meeting, () => ({ remote: nowhere }));

/** Both addresses as an IPv6 socket reports those of IPv4. */
export const onIpv6Socket = (meeting: Meeting): Meeting =>
  changed(meeting, ({ local, remote }) => ({ local: mapped(local), remote: mapped(remote) }));

function mapped({ ip, port }: Endpoint): Endpoint {
  return { ip: ip === null || ip.includes(':') ? ip : `::ffff:${ip}`, port };
}
