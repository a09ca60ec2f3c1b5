import { nested } from '../json';
import type { Random } from '../random';
import type { Event, Scene } from '../scene';
import type { Meaning } from '../session';
import { noProcess } from '../world/processes';
import { type Endpoint, networkEvent } from './networkEvent';

const syn = 2;
const synAck = 18;

export interface Packet {
  readonly action:
    | 'ConnectionAttempt'
    | 'ConnectionAcknowledged'
    | 'InboundConnectionAttempt'
    | 'InboundConnectionAcknowledged';
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly at: number;
  /** Only some rows say it. */
  readonly direction?: 'In' | 'Out';
  readonly meaning: Meaning;
}

/** A single packet of a handshake: here AdditionalFields holds numbers. */
export function packetEvent(scene: Scene, { action, local, remote, at, direction, meaning }: Packet): Event {
  const { random } = scene;
  const additionalFields = nested({
    ...(direction === undefined ? {} : { direction }),
    'Source Mac': hardwareAddress(random),
    'Destination Mac': hardwareAddress(random),
    'Tcp Flags': action.endsWith('Attempt') ? syn : synAck,
    'Packet Size': random.pick([60, 66, 66, 74]),
  });
  return networkEvent(scene, {
    action,
    at,
    local,
    remote,
    protocol: 'Tcp',
    url: null,
    process: noProcess,
    additionalFields,
    meaning,
  });
}

/** From the range that is reserved for documentation (RFC 7042). */
function hardwareAddress(random: Random): string {
  return `00:00:5e:00:53:${random.below(256).toString(16).padStart(2, '0')}`;
}
