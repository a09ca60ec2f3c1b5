import type { Endpoint } from './events/networkEvent';

/** What the maker of an event means by it: who opened the session, and the direction that its row can state. */
export interface Meaning {
  readonly from: 'local' | 'remote' | 'nobody';
  readonly direction: 'Inbound' | 'Outbound' | undefined;
  /** What the device did, where it enforces something. */
  readonly deviceAction?: 'Allow' | 'Deny';
}

export const outbound: Meaning = { from: 'local', direction: 'Outbound' };
export const inbound: Meaning = { from: 'remote', direction: 'Inbound' };
export const listening: Meaning = { from: 'nobody', direction: undefined };

/** The columns of a row that say which session it is; what has no value is not there. */
export interface SessionColumns {
  readonly EventSubType?: string | undefined;
  readonly NetworkDirection?: string | undefined;
  readonly DvcAction?: string | undefined;
  readonly SrcIpAddr?: string | undefined;
  readonly SrcPortNumber?: number | undefined;
  readonly DstIpAddr?: string | undefined;
  readonly DstPortNumber?: number | undefined;
}

/** These columns in one line: `ConnectionSuccess Outbound 10.20.16.11 53795 > 203.0.113.82 443`. */
export function sessionText(columns: SessionColumns): string {
  const { EventSubType, NetworkDirection, DvcAction, SrcIpAddr, SrcPortNumber, DstIpAddr, DstPortNumber } = columns;
  const what = [EventSubType, NetworkDirection, DvcAction].filter((word) => word !== undefined);
  const from = `${SrcIpAddr ?? '-'} ${SrcPortNumber ?? '-'}`;
  return `${what.join(' ')} ${from} > ${DstIpAddr ?? '-'} ${DstPortNumber ?? '-'}`;
}

/** What the row of an event must say of its session. */
export function sessionOf(action: string, meaning: Meaning, local: Endpoint, remote: Endpoint): string {
  const { from, direction, deviceAction } = meaning;
  const [source, destination] =
    from === 'local' ? [local, remote] : from === 'remote' ? [remote, local] : [undefined, local];
  return sessionText({
    EventSubType: action,
    NetworkDirection: direction,
    DvcAction: deviceAction,
    SrcIpAddr: addressOf(source),
    SrcPortNumber: portOf(source),
    DstIpAddr: addressOf(destination),
    DstPortNumber: portOf(destination),
  });
}

/** An address of IPv4 without the prefix that it has on a socket of IPv6. */
function addressOf(end: Endpoint | undefined): string | undefined {
  const ip = end?.ip ?? '-';
  return ip === '-' ? undefined : ip.replace(/^::ffff:(?=\d+\.)/, '');
}

function portOf(end: Endpoint | undefined): number | undefined {
  return Number(end?.port ?? 0) || undefined;
}
