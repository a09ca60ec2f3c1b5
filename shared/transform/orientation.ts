import type { Orientation } from './actions';
import type { End, NetworkEvent, Side } from './event';
import { toPort } from './values/numbers';

/** Who is source and who destination, and why. */
export interface Orientated {
  readonly src: End | undefined;
  readonly dst: End | undefined;
  /** The side that is the reporting device; undefined when the record does not tell. */
  readonly device: Side | undefined;
  /** Relative to the device; undefined when unknown. */
  readonly direction: 'Inbound' | 'Outbound' | undefined;
  /** What decided: the action type, Defender's AdditionalFields, the port rule, or nothing better than a default. */
  readonly basis: 'action' | 'additionalFields' | 'ports' | 'default';
}

const localToRemote = { src: 'Local', dst: 'Remote' } as const;
const remoteToLocal = { src: 'Remote', dst: 'Local' } as const;
/** The device is the local end. */
const outgoing = { ...localToRemote, device: 'Src', direction: 'Outbound' } as const;
const incoming = { ...remoteToLocal, device: 'Dst', direction: 'Inbound' } as const;

/** How a rule places the two ends, in words for the reference; `of` is the same in code. */
export interface OrientationRule {
  readonly src: string;
  readonly dst: string;
  readonly direction: string;
  /** Which side of the row the device is. */
  readonly device: string;
  readonly basis: string;
  readonly why: string;
  readonly of: (event: NetworkEvent) => Orientated;
}

export const orientationRules: Readonly<Record<Orientation, OrientationRule>> = {
  outbound: {
    src: 'Local',
    dst: 'Remote',
    direction: 'Outbound',
    device: 'Src',
    basis: 'action',
    why: "The device opened the connection, or was kept from opening it. Microsoft's parsers read the connections among them the same way.",
    of: () => ({ ...outgoing, basis: 'action' }),
  },

  inbound: {
    src: 'Remote',
    dst: 'Local',
    direction: 'Inbound',
    device: 'Dst',
    basis: 'action',
    why: 'The other end opened the connection to the device. Captured rows have server ports such as 443 or 135 on the Local end.',
    of: () => ({ ...incoming, basis: 'action' }),
  },

  originator: {
    src: 'Local',
    dst: 'Remote',
    direction: '`direction`: Out is Outbound, In is Inbound; else absent',
    device: 'Out: Src; In: Dst; else unknown',
    basis: 'additionalFields; without a readable `direction`: default',
    why: 'The inspection describes the session from the side that opened it, which is always Local, even when that side is not the device. A captured NTLM row with `In` has the client in Local and the name of the device itself as the server in Remote.',
    of: (event) => {
      const direction = statedDirection(event);
      if (direction === undefined) return { ...localToRemote, device: undefined, direction, basis: 'default' };
      return {
        ...localToRemote,
        device: direction === 'Inbound' ? 'Dst' : 'Src',
        direction,
        basis: 'additionalFields',
      };
    },
  },

  scan: {
    src: 'Local',
    dst: 'Remote',
    direction: 'Inbound',
    device: 'Dst',
    basis: 'action',
    why: 'Local is the scanner on the internet, Remote the public address of the device, the same as `PublicScannedIp`. That address may belong to a router, so DvcIpAddr stays absent.',
    of: () => ({ ...localToRemote, device: 'Dst', direction: 'Inbound', basis: 'action' }),
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
      const ends = server === 'Local' ? remoteToLocal : localToRemote;
      return { ...ends, device: undefined, direction: undefined, basis: server === undefined ? 'default' : 'ports' };
    },
  },

  attempt: {
    src: '`direction`: Out is Local, In is Remote; else the client by the port rule; else Remote',
    dst: 'the other end',
    direction: 'Outbound when Local is the source, else Inbound',
    device: 'the side of Local',
    basis: 'additionalFields, ports or default',
    why: 'A SYN that the device sent or received: captured rows show both. Where nothing decides, it is taken for incoming, the scenario that Microsoft documents for this action type.',
    of: (event) => {
      const direction = statedDirection(event);
      if (direction !== undefined) {
        return { ...(direction === 'Outbound' ? outgoing : incoming), basis: 'additionalFields' };
      }
      const server = serverByPorts(event);
      if (server === undefined) return { ...incoming, basis: 'default' };
      return { ...(server === 'Remote' ? outgoing : incoming), basis: 'ports' };
    },
  },

  ports: {
    src: 'the client by the port rule, else Local',
    dst: 'the other end',
    direction: 'Outbound when Local is the client, Inbound when Remote is; else absent',
    device: 'the side of Local',
    basis: 'ports or default',
    why: 'The session was seen half-way, so the action type does not say who opened it. A `direction` in AdditionalFields is not used: it would be that of a single packet.',
    of: (event) => {
      const server = serverByPorts(event);
      if (server === undefined) return { ...localToRemote, device: 'Src', direction: undefined, basis: 'default' };
      return { ...(server === 'Remote' ? outgoing : incoming), basis: 'ports' };
    },
  },

  listening: {
    src: 'absent',
    dst: 'Local',
    direction: 'absent',
    device: 'Dst',
    basis: 'action',
    why: 'A process opened a port. There is no peer yet, and the schema has no direction for it.',
    of: () => ({ src: undefined, dst: 'Local', device: 'Dst', direction: undefined, basis: 'action' }),
  },

  generic: {
    src: 'Local',
    dst: 'Remote',
    direction: 'absent',
    device: 'Src',
    basis: 'default',
    why: 'Nobody knows this action type yet: the row is kept, and the action type is counted by name.',
    of: () => ({ ...localToRemote, device: 'Src', direction: undefined, basis: 'default' }),
  },
};

/** What the values of DirectionBasis mean. */
export const bases: Readonly<Record<Orientated['basis'], string>> = {
  action: 'the action type alone decides',
  additionalFields: "`direction` in Defender's AdditionalFields decided",
  ports: 'the port rule decided',
  default: 'nothing decided; the row holds the most likely reading, so treat source and destination with care',
};

/** What the rules read. */
export const orientationSources = ['ActionType', 'LocalPort', 'RemotePort', 'AdditionalFields.direction'] as const;

export function orientate(event: NetworkEvent): Orientated {
  return orientationRules[event.action.orientation].of(event);
}

function statedDirection(event: NetworkEvent): 'Inbound' | 'Outbound' | undefined {
  const word = event.detailText('direction')?.toLowerCase();
  if (word === 'in') return 'Inbound';
  if (word === 'out') return 'Outbound';
  return undefined;
}

export const firstEphemeralPort = 32_768;
export const firstUnprivilegedPort = 1024;

/** The port rule: which end is the server, when the two ports say so. */
function serverByPorts(event: NetworkEvent): End | undefined {
  const local = toPort(event.field('LocalPort'));
  const remote = toPort(event.field('RemotePort'));
  if (local === undefined || remote === undefined) return undefined;
  if (local >= firstEphemeralPort !== remote >= firstEphemeralPort)
    return local >= firstEphemeralPort ? 'Remote' : 'Local';
  if (local < firstUnprivilegedPort !== remote < firstUnprivilegedPort)
    return local < firstUnprivilegedPort ? 'Local' : 'Remote';
  return undefined;
}
