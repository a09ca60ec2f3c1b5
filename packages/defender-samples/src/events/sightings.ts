import type { SightingName } from '../activities';
import { nested } from '../json';
import type { Event, Scene } from '../scene';
import { noProcess } from '../world/processes';
import { sites } from '../world/sites';
import { firewallIn, firewallOut, otherEvent, protection } from './deviceSightings';
import { bare, clientPort, visitor } from './endpoints';
import { inspectedEvent, uid } from './inspections';
import { lookUp } from './lookups';
import { networkEvent } from './networkEvent';
import { legacyEvent, processCreated } from './otherTables';
import { signatures } from './phrases';
import { nameServer } from './servers';

/** Events that are no connection of a program with a known peer, by name. */
export const sightings: Readonly<Record<SightingName, (scene: Scene) => Event>> = {
  lookup: (scene) => lookUp(scene, scene.random.pick(sites[scene.random.pick(lookedUp)]), scene.at),
  ping,
  scan,
  signature,
  firewallIn,
  firewallOut,
  protection,
  otherEvent,
  process: processCreated,
  legacy: legacyEvent,
};

const lookedUp = ['web', 'web', 'web', 'meetings', 'mail', 'updates'] as const;

/** Somebody pings: the device its name server or a site, or a colleague the device. No ports. */
function ping(scene: Scene): Event {
  const { random, device, at } = scene;
  const isIn = random.oneIn(5);
  const own = bare(device.address, null);
  const other = bare(random.oneIn(2) ? nameServer(scene) : random.pick(sites.web).addresses[0], null);
  const packets = random.between(1, 8);
  const answered = random.oneIn(6) ? 0 : packets;
  const flow = isIn
    ? { direction: 'In' as const, originator: bare(nameServer(scene), null), responder: own, host: null, at }
    : { direction: 'Out' as const, originator: own, responder: other, host: null, at };
  return inspectedEvent(scene, flow, 'IcmpConnectionInspected', 'Icmp', {
    conn_state: 'OTH',
    duration: `${packets - 1}.${String(random.below(1_000_000_000)).padStart(9, '0')}`,
    missed_bytes: '0',
    orig_bytes: String(packets * 32),
    orig_ip_bytes: String(packets * 60),
    orig_pkts: String(packets),
    resp_bytes: String(answered * 32),
    resp_ip_bytes: String(answered * 60),
    resp_pkts: String(answered),
    uid: uid(random),
  });
}

/** Defender's own scan of the internet found a port of the office open. Local is the scanner. */
function scan(scene: Scene): Event {
  const { random, device, at } = scene;
  const port = random.pick([443, 22, 25, 3389, 161]);
  const address = device.office.publicAddress;
  return networkEvent(scene, {
    action: 'InboundInternetScanInspected',
    at,
    local: bare(visitor(random), random.between(32_768, 60_999)),
    remote: bare(address, port),
    protocol: port === 161 ? 'Udp' : 'Tcp',
    url: null,
    process: noProcess,
    additionalFields: nested({ PublicScannedPort: port, PublicScannedIp: address }),
    meaning: { from: 'local', direction: 'Inbound' },
  });
}

/** A packet matched a signature. Local is its sender, here the server that answers. */
function signature(scene: Scene): Event {
  const { random, device, at } = scene;
  const { port, name, matched } = random.pick(signatures);
  const sender = port === 445 ? nameServer(scene) : random.pick(sites.web).addresses[0];
  return networkEvent(scene, {
    action: 'NetworkSignatureInspected',
    at,
    local: bare(sender, port),
    remote: bare(device.address, clientPort(device.os, random)),
    protocol: null,
    url: null,
    process: noProcess,
    additionalFields: nested({ SignatureName: name, SignatureMatchedContent: matched, SamplePacketContent: '[""]' }),
    meaning: { from: 'remote', direction: undefined },
  });
}
