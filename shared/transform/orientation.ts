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

const rules: Readonly<Record<Orientation, (event: NetworkEvent) => Orientated>> = {
  outbound: () => ({ ...outgoing, basis: 'action' }),

  inbound: () => ({ ...incoming, basis: 'action' }),

  originator: (event) => {
    const direction = statedDirection(event);
    if (direction === undefined) return { ...localToRemote, device: undefined, direction, basis: 'default' };
    return { ...localToRemote, device: direction === 'Inbound' ? 'Dst' : 'Src', direction, basis: 'additionalFields' };
  },

  scan: () => ({ ...localToRemote, device: 'Dst', direction: 'Inbound', basis: 'action' }),

  packet: (event) => {
    const server = serverByPorts(event);
    const ends = server === 'Local' ? remoteToLocal : localToRemote;
    return { ...ends, device: undefined, direction: undefined, basis: server === undefined ? 'default' : 'ports' };
  },

  attempt: (event) => {
    const direction = statedDirection(event);
    if (direction !== undefined) {
      return { ...(direction === 'Outbound' ? outgoing : incoming), basis: 'additionalFields' };
    }
    const server = serverByPorts(event);
    if (server === undefined) return { ...incoming, basis: 'default' };
    return { ...(server === 'Remote' ? outgoing : incoming), basis: 'ports' };
  },

  ports: (event) => {
    const server = serverByPorts(event);
    if (server === undefined) return { ...localToRemote, device: 'Src', direction: undefined, basis: 'default' };
    return { ...(server === 'Remote' ? outgoing : incoming), basis: 'ports' };
  },

  listening: () => ({ src: undefined, dst: 'Local', device: 'Dst', direction: undefined, basis: 'action' }),

  generic: () => ({ ...localToRemote, device: 'Src', direction: undefined, basis: 'default' }),
};

export function orientate(event: NetworkEvent): Orientated {
  return rules[event.action.orientation](event);
}

function statedDirection(event: NetworkEvent): 'Inbound' | 'Outbound' | undefined {
  const word = event.detailText('direction')?.toLowerCase();
  if (word === 'in' || word === 'inbound') return 'Inbound';
  if (word === 'out' || word === 'outbound') return 'Outbound';
  return undefined;
}

const firstEphemeralPort = 32_768;
const firstUnprivilegedPort = 1024;

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
