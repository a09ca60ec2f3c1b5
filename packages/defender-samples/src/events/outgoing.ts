import type { Outgoing } from '../activities';
import { second } from '../clock';
import type { Scene } from '../scene';
import { outbound } from '../session';
import { company, serverAddress, serverHost } from '../world/offices';
import { nameOnly } from '../world/processes';
import { type Site, sites } from '../world/sites';
import { aggregatedReport } from './aggregated';
import { bare, classified, clientPort, mapped } from './endpoints';
import { publish } from './envelope';
import { inspect } from './inspections';
import { lookUp } from './lookups';
import { type NetworkColumns, networkEvent } from './networkEvent';
import { packetEvent } from './packets';
import { placeOf } from './servers';

interface Target {
  readonly ip: string;
  readonly host: string | null;
  readonly site: Site | undefined;
}

/** A device opens a connection: the row of its kernel or of its network inspection, and what else was seen of it. */
export function connect(scene: Scene, activity: Outgoing): void {
  const { random, device } = scene;
  const { port, protocol, inspected } = activity;
  const { ip, host, site } = targetOf(scene, activity.to);
  let { at } = scene;
  if (site !== undefined && random.oneIn(24)) {
    scene.emit(publish(scene, lookUp(scene, site, at)));
    at = later(at, random.between(second / 500, second / 20));
  }
  const columns = columnsOf(scene, activity, { ip, host, site }, at);
  scene.emit(publish(scene, networkEvent(scene, columns)));
  if (isAggregated(columns.action) && device.os === 'Windows' && random.oneIn(50)) {
    scene.emit(publish(scene, aggregatedReport(scene, columns)));
  }
  if (columns.action === 'ConnectionFailed' || protocol === 'Udp') return;
  const local = { ...columns.local, type: null };
  const remote = { ...columns.remote, type: null };
  if (random.oneIn(45)) {
    const direction = random.oneIn(3) ? { direction: 'Out' as const } : {};
    scene.emit(
      publish(
        scene,
        packetEvent(scene, { action: 'ConnectionAttempt', local, remote, at, ...direction, meaning: outbound }),
      ),
    );
  }
  if (random.oneIn(55)) {
    scene.emit(
      publish(
        scene,
        packetEvent(scene, {
          action: 'ConnectionAcknowledged',
          local,
          remote,
          at: later(at, second / 50),
          meaning: outbound,
        }),
      ),
    );
  }
  if (inspected !== undefined && random.oneIn(inspected === 'ftp' || inspected === 'smtp' ? 2 : 8)) {
    const seenAt = later(at, random.between(second / 10, 2 * second));
    const localPort = Number(columns.local.port);
    const originator = bare(ip.includes(':') ? (columns.local.ip ?? device.address) : device.address, localPort);
    const flow = { direction: 'Out' as const, originator, responder: bare(ip, port), host, at: seenAt };
    scene.emit(publish(scene, inspect(scene, flow, inspected)));
  }
}

/** The action types of connections that Defender has hourly reports of. */
function isAggregated(action: string): boolean {
  return action === 'ConnectionSuccess' || action === 'ConnectionFailed';
}

/** `ticks` later, yet not after the end of the stream. */
export function later(at: number, ticks: number): number {
  return Math.min(0, at + ticks);
}

function targetOf(scene: Scene, to: Outgoing['to']): Target {
  const { random, device } = scene;
  if (to === 'itself') return { ip: '127.0.0.1', host: null, site: undefined };
  if (typeof to === 'object') {
    const place = placeOf(scene, to.server);
    return { ip: serverAddress(place), host: `${serverHost(place)}.${company.domain}`, site: undefined };
  }
  const site = random.pick(sites[to]);
  const isIp6 = device.address6 !== undefined && random.oneIn(2);
  return { ip: (isIp6 ? site.address6 : undefined) ?? random.pick(site.addresses), host: site.host, site };
}

function columnsOf(
  scene: Scene,
  { program, to, port, protocol, inspected }: Outgoing,
  target: Target,
  at: number,
): NetworkColumns {
  const { random, device, processes } = scene;
  const { ip, host, site } = target;
  const isWindows = device.os === 'Windows';
  const process = processes.of(device, program);
  const localPort = clientPort(device.os, random);
  const ownAddress =
    to === 'itself' ? '127.0.0.1' : ip.includes(':') ? (device.address6 ?? device.address) : device.address;
  const ordinary = {
    at,
    local: classified(ownAddress, localPort),
    remote: classified(ip, port),
    protocol,
    // The sensor learns the name of a site from its lookup, and not always.
    url: site === undefined || random.oneIn(3) ? null : host,
    process,
    additionalFields: process.posix,
    meaning: outbound,
  };
  const fate = random.below(100);
  if (fate < 8) return { ...ordinary, action: 'ConnectionFailed', additionalFields: 'null' };
  if (!isWindows) return { ...ordinary, action: fate < 82 ? 'ConnectionRequest' : 'ConnectionSuccess' };
  if (fate < 13 && protocol === 'Tcp' && to !== 'itself') {
    const isMapped = random.oneIn(2) && !ip.includes(':');
    const ends = isMapped
      ? { local: mapped(ownAddress, localPort, false), remote: mapped(ip, port, false) }
      : { local: bare(ownAddress, localPort), remote: bare(ip, port) };
    return { ...ordinary, ...ends, action: 'ConnectionFound', url: null, process: nameOnly(process) };
  }
  if (to === 'web' && fate < 55 && !ip.includes(':') && host !== null) {
    return {
      ...ordinary,
      action: 'ConnectionSuccess',
      local: bare(ownAddress, localPort),
      remote: bare(ip, port),
      protocol: 'TcpV4',
      url: `${inspected === 'http' ? 'http' : 'https'}://${host}${random.oneIn(4) ? '/' : ''}`,
      additionalFields: '"{}"',
    };
  }
  return { ...ordinary, action: 'ConnectionSuccess' };
}
