import type { Incoming, Listening } from '../activities';
import { second } from '../clock';
import type { Scene } from '../scene';
import { inbound, listening } from '../session';
import { workstationAddress } from '../world/offices';
import { nameOnly } from '../world/processes';
import { bare, classified, clientPort, mapped, visitor } from './endpoints';
import { publish } from './envelope';
import { inspect } from './inspections';
import { networkEvent, nowhere } from './networkEvent';
import { later } from './outgoing';
import { packetEvent } from './packets';

/** A device is connected to: the row of its kernel or a packet of the handshake, and what was seen inside. */
export function accept(scene: Scene, { program, port, from, inspected }: Incoming): void {
  const { random, device, at } = scene;
  const peer =
    from === 'internet'
      ? visitor(random)
      : workstationAddress(random.oneIn(5) ? random.below(6) : device.officeIndex, random.below(28));
  const peerPort = clientPort('Windows', random);
  const fate = random.below(100);
  const local = bare(device.address, port);
  const remote = bare(peer, peerPort);
  if (fate < 6) {
    const direction = random.oneIn(4) ? {} : { direction: 'In' as const };
    return scene.emit(
      publish(
        scene,
        packetEvent(scene, { action: 'ConnectionAttempt', local, remote, at, ...direction, meaning: inbound }),
      ),
    );
  }
  if (fate < 11) {
    return scene.emit(
      publish(scene, packetEvent(scene, { action: 'InboundConnectionAttempt', local, remote, at, meaning: inbound })),
    );
  }
  if (fate < 14) {
    return scene.emit(
      publish(
        scene,
        packetEvent(scene, { action: 'InboundConnectionAcknowledged', local, remote, at, meaning: inbound }),
      ),
    );
  }
  const process = scene.processes.of(device, program);
  const isFound = fate < 18 && device.os === 'Windows';
  const isMapped = random.oneIn(2);
  const ends = isMapped
    ? { local: mapped(device.address, port, !isFound), remote: mapped(peer, peerPort, !isFound) }
    : isFound
      ? { local, remote }
      : { local: classified(device.address, port), remote: classified(peer, peerPort) };
  scene.emit(
    publish(
      scene,
      networkEvent(scene, {
        ...ends,
        action: isFound ? 'ConnectionFound' : 'InboundConnectionAccepted',
        at,
        protocol: 'Tcp',
        url: null,
        process: isFound ? nameOnly(process) : process,
        additionalFields: isFound ? 'null' : process.posix,
        meaning: inbound,
      }),
    ),
  );
  if (inspected !== undefined && random.oneIn(inspected === 'ftp' || inspected === 'smtp' ? 2 : 8)) {
    const seenAt = later(at, random.between(second / 10, 2 * second));
    // The side that opened the connection is Local in these rows, here somebody else than the device.
    const flow = { direction: 'In' as const, originator: remote, responder: local, host: device.name, at: seenAt };
    scene.emit(publish(scene, inspect(scene, flow, inspected)));
  }
}

/** A program opens a port. */
export function listen(scene: Scene, { program, port, protocol }: Listening): void {
  const { random, device, at } = scene;
  const process = scene.processes.of(device, program);
  const isKernel = random.oneIn(2);
  const ip = random.pick(['0.0.0.0', '127.0.0.1', '::', device.address]);
  const inspectedProtocol = protocol === 'Tcp' ? 'TcpV4' : protocol;
  scene.emit(
    publish(
      scene,
      networkEvent(scene, {
        action: 'ListeningConnectionCreated',
        at,
        local: isKernel && ip === device.address ? classified(ip, port) : bare(ip, port),
        remote: nowhere,
        protocol: isKernel || ip === '::' ? protocol : inspectedProtocol,
        url: null,
        process,
        additionalFields: isKernel ? 'null' : process.posix,
        meaning: listening,
      }),
    ),
  );
}
