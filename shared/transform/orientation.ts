import type { Json } from '../json';
import type { Orientation } from './actions';
import type { End, RecordReader } from './recordReader';
import { toText } from './values/text';

/** The two sides of a row. */
export type Side = 'Src' | 'Dst';

/** Which end is the source and which the destination, and why. */
export interface Orientated {
  readonly src: End | undefined;
  readonly dst: End | undefined;
  /** The side that is the reporting device; undefined when unknown. */
  readonly device: Side | undefined;
  /** Relative to the device; undefined when unknown. */
  readonly direction: 'Inbound' | 'Outbound' | undefined;
  /** What decided: the action type, Defender's AdditionalFields, the ports, or only a default. */
  readonly basis: 'action' | 'additionalFields' | 'ports' | 'default';
}

/** One object for each conclusion and basis, so that events with the same conclusion are known by it. */
type ByBasis = Readonly<Record<Orientated['basis'], Orientated>>;

function byBasis(
  src: End | undefined,
  dst: End,
  device: Orientated['device'],
  direction: Orientated['direction'],
): ByBasis {
  const ends = { src, dst, device, direction };
  return {
    action: { ...ends, basis: 'action' },
    additionalFields: { ...ends, basis: 'additionalFields' },
    ports: { ...ends, basis: 'ports' },
    default: { ...ends, basis: 'default' },
  };
}

/** The device is the local end. */
const outgoing = byBasis('Local', 'Remote', 'Src', 'Outbound');
const incoming = byBasis('Remote', 'Local', 'Dst', 'Inbound');
/** It is unknown who opened the session. */
const halfWay = byBasis('Local', 'Remote', 'Src', undefined);
/** The device is the remote end. */
const fromPeer = byBasis('Local', 'Remote', 'Dst', 'Inbound');
/** It is unknown which end is the device. */
const localToRemote = byBasis('Local', 'Remote', undefined, undefined);
const remoteToLocal = byBasis('Remote', 'Local', undefined, undefined);
const noPeer = byBasis(undefined, 'Local', 'Dst', undefined);

/** How source and destination are found: in words for docs/mapping.md, and in code (`of`). */
export interface OrientationRule {
  readonly src: string;
  readonly dst: string;
  readonly direction: string;
  /** Which side of the row the device is. */
  readonly device: string;
  readonly basis: string;
  readonly why: string;
  readonly of: (event: RecordReader) => Orientated;
}

export const orientationRules: Readonly<Record<Orientation, OrientationRule>> = {
  outbound: {
    src: 'Local',
    dst: 'Remote',
    direction: 'Outbound',
    device: 'Src',
    basis: 'action',
    why: "The device opened the connection, or was kept from opening it. Microsoft's parsers read the connections among them the same way.",
    of: () => outgoing.action,
  },

  inbound: {
    src: 'Remote',
    dst: 'Local',
    direction: 'Inbound',
    device: 'Dst',
    basis: 'action',
    why: 'The other end opened the connection to the device. Captured rows have server ports such as 443 or 135 on the Local end.',
    of: () => incoming.action,
  },

  originator: {
    src: 'Local; Remote where a readable `direction` is contradicted by the port rule, which says that Local is the server',
    dst: 'the other end',
    direction:
      '`direction`: Out is Outbound, In is Inbound; Inbound where the ports turned the ends around; else absent',
    device: 'Out: Src; In: Dst; Dst where the ports turned the ends around; else unknown',
    basis: 'additionalFields; ports where they contradict; without a readable `direction`: default',
    why: 'The inspection describes the session from the side that opened it, which is always Local, even when that side is not the device. A captured NTLM row with `In` has the client in Local and the name of the device itself as the server in Remote. Local with the port of a server and Remote with that of a client contradict this: then Local is the device, and somebody connected to it, whatever `direction` says. Nearly all captured inspected rows are `Out`, and none contradicts its ports, so this rule is weakly supported.',
    of: (event) => {
      const direction = statedDirection(event);
      if (direction === undefined) return localToRemote.default;
      if (serverByPorts(event) === 'Local') return incoming.ports;
      return (direction === 'Inbound' ? fromPeer : outgoing).additionalFields;
    },
  },

  scan: {
    src: 'Local',
    dst: 'Remote',
    direction: 'Inbound',
    device: 'Dst',
    basis: 'action',
    why: 'Local is the scanner on the internet, Remote the public address of the device, the same as `PublicScannedIp`. That address may belong to a router, so DvcIpAddr stays absent.',
    of: () => fromPeer.action,
  },

  packet: {
    src: 'the client by the port rule, else Local',
    dst: 'the other end',
    direction: 'absent',
    device: 'unknown',
    basis: 'ports or default',
    why: 'Local sent the packet and Remote received it; neither needs to be the client, and the row does not say which one is the device. Names and addresses of the device are not filled on either side.',
    of: (event) => {
      const server = serverByPorts(event);
      if (server === undefined) return localToRemote.default;
      return (server === 'Local' ? remoteToLocal : localToRemote).ports;
    },
  },

  attempt: {
    src: 'the client by the port rule; else `direction`: Out is Local, In is Remote; else Remote',
    dst: 'the other end',
    direction: 'Outbound when Local is the source, else Inbound',
    device: 'the side of Local',
    basis: 'additionalFields; ports where there is no `direction` or they contradict it; else default',
    why: 'A SYN that the device sent or received: captured rows show both. Ports that decide win over a `direction` that contradicts them. Where nothing decides, it is taken for incoming, the scenario that Microsoft documents for this action type.',
    of: (event) => {
      const stated = endsOf(statedDirection(event));
      const byPorts = endsByPorts(event);
      if (byPorts !== undefined && byPorts !== stated) return byPorts.ports;
      return stated === undefined ? incoming.default : stated.additionalFields;
    },
  },

  acknowledged: {
    src: 'the client by the port rule; else `direction`: Out is Remote, In is Local; else Local',
    dst: 'the other end',
    direction: 'Outbound when Local is the client, Inbound when Remote is; else absent',
    device: 'the side of Local',
    basis: 'ports, additionalFields or default',
    why: 'A SYN/ACK travels from the server to the client. Where the ports do not decide, one that the device sent (`direction` Out) makes it the server, one that it received the client.',
    of: (event) => {
      const byPorts = endsByPorts(event);
      if (byPorts !== undefined) return byPorts.ports;
      const packet = statedDirection(event);
      if (packet === undefined) return halfWay.default;
      return (packet === 'Outbound' ? incoming : outgoing).additionalFields;
    },
  },

  ports: {
    src: 'the client by the port rule, else Local',
    dst: 'the other end',
    direction: 'Outbound when Local is the client, Inbound when Remote is; else absent',
    device: 'the side of Local',
    basis: 'ports or default',
    why: 'The session was already open when it was seen, so the action type does not say who opened it. A `direction` in AdditionalFields is not used: it would be that of a single packet.',
    of: (event) => {
      return endsByPorts(event)?.ports ?? halfWay.default;
    },
  },

  listening: {
    src: 'absent',
    dst: 'Local',
    direction: 'absent',
    device: 'Dst',
    basis: 'action',
    why: 'A process opened a port. There is no peer yet, and the schema has no direction for it.',
    of: () => noPeer.action,
  },

  generic: {
    src: 'Local',
    dst: 'Remote',
    direction: 'absent',
    device: 'Src',
    basis: 'default',
    why: 'The mapping does not know this action type yet: the row is kept, and the action type is counted by name.',
    of: () => halfWay.default,
  },
};

/** What the values of DirectionBasis mean. */
export const bases: Readonly<Record<Orientated['basis'], string>> = {
  action: 'the action type alone decides',
  additionalFields: "`direction` in Defender's AdditionalFields decided",
  ports: 'the port rule decided',
  default: 'nothing decided; the row holds the most likely reading, so treat source and destination with care',
};

/** The source fields of all rules. */
export const orientationSources = [
  'ActionType',
  'LocalPort',
  'RemotePort',
  'AdditionalFields.LocalPort',
  'AdditionalFields.RemotePort',
  'LocalIP',
  'RemoteIP',
  'AdditionalFields.LocalIP',
  'AdditionalFields.RemoteIP',
  'AdditionalFields.direction',
] as const;

export function orientate(event: RecordReader): Orientated {
  return orientationRules[event.action.orientation].of(event);
}

type Direction = 'Inbound' | 'Outbound';

const directions: Readonly<Record<string, Direction>> = {
  in: 'Inbound',
  inbound: 'Inbound',
  out: 'Outbound',
  outbound: 'Outbound',
};

function statedDirection(event: RecordReader): Direction | undefined {
  return toDirection(event.spelt('direction'));
}

/** `In`, `Out`, `Inbound`, `Outbound` in any case. */
export function toDirection(value: Json | undefined): Direction | undefined {
  const word = toText(value)?.toLowerCase();
  return word !== undefined && Object.hasOwn(directions, word) ? directions[word] : undefined;
}

/** The two ends of a session of this direction, where Local is the device. */
function endsOf(direction: Direction | undefined): ByBasis | undefined {
  if (direction === undefined) return undefined;
  return direction === 'Outbound' ? outgoing : incoming;
}

export const firstEphemeralPort = 32_768;
export const firstUnprivilegedPort = 1024;

/** Like {@link endsOf}, by the port rule. */
function endsByPorts(event: RecordReader): ByBasis | undefined {
  const server = serverByPorts(event);
  if (server === undefined) return undefined;
  return server === 'Remote' ? outgoing : incoming;
}

/**
 * The port rule: the end with the server port, if the two ports show it. An aggregated report has the local port of only one
 * of its connections.
 */
function serverByPorts(event: RecordReader): End | undefined {
  if (event.action.isAggregated) return undefined;
  const local = event.portOf('Local');
  const remote = event.portOf('Remote');
  if (local === undefined || remote === undefined) return undefined;
  if (local >= firstEphemeralPort !== remote >= firstEphemeralPort)
    return local >= firstEphemeralPort ? 'Remote' : 'Local';
  if (local < firstUnprivilegedPort !== remote < firstUnprivilegedPort)
    return local < firstUnprivilegedPort ? 'Local' : 'Remote';
  return undefined;
}
