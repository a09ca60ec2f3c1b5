/** The expected outcome of a record, known from how the record was made, never from running the product. */
export type Outcome =
  | RowOutcome
  /** A copy of the record whose row has this EventUid, earlier in the message. */
  | { readonly state: 'duplicate'; readonly uid: string }
  /** The table, or `DeviceEvents/ActionType`. */
  | { readonly state: 'skipped'; readonly key: string }
  | { readonly state: 'dead'; readonly reason: DeadReason };

export interface RowOutcome {
  readonly state: 'row';
  /** Its EventUid. */
  readonly uid: string;
  /** Its session, as `sessionText` writes it. */
  readonly session: string;
  /** The end that opened the session; undefined if nobody did, or if its row only guesses it. */
  readonly client?: 'local' | 'remote' | undefined;
}

export type DeadReason = 'InvalidJson' | 'EmptyMessage' | 'NotARecord' | 'NoCategory' | 'NoProperties' | 'BadTimestamp';

/** What an event means: which end opened the session, and the direction that its row states. */
export interface Meaning {
  readonly from: 'local' | 'remote' | 'nobody';
  readonly direction?: 'Inbound' | 'Outbound';
  /** What the device did, for events that enforce something. */
  readonly deviceAction?: 'Allow' | 'Deny';
  /** Nothing tells which end opened the session: the row has the most likely one. */
  readonly isGuess?: true;
}

export const outbound: Meaning = { from: 'local', direction: 'Outbound' };
export const inbound: Meaning = { from: 'remote', direction: 'Inbound' };

export interface Endpoint {
  readonly ip: string | null;
  readonly port: number | string | null;
}

/** The columns of a row that describe its session; a column without a value is absent. */
export interface SessionColumns {
  readonly TimeGenerated?: string | undefined;
  readonly EventSubType?: string | undefined;
  readonly NetworkDirection?: string | undefined;
  readonly DvcAction?: string | undefined;
  readonly SrcIpAddr?: string | undefined;
  readonly SrcPortNumber?: number | undefined;
  readonly DstIpAddr?: string | undefined;
  readonly DstPortNumber?: number | undefined;
}

/** These columns in one line: `08:15:28.188350Z ConnectionSuccess Outbound 10.20.16.11 53795 > 203.0.113.82 443`. */
export function sessionText(columns: SessionColumns): string {
  const { TimeGenerated, EventSubType, NetworkDirection, DvcAction } = columns;
  const { SrcIpAddr = '-', SrcPortNumber = '-', DstIpAddr = '-', DstPortNumber = '-' } = columns;
  const what = [TimeGenerated, EventSubType, NetworkDirection, DvcAction].filter((word) => word !== undefined);
  return `${what.join(' ')} ${SrcIpAddr} ${SrcPortNumber} > ${DstIpAddr} ${DstPortNumber}`;
}

/** The session that the row of an event must describe. */
export function sessionOf(
  timestamp: string,
  action: string,
  { from, direction, deviceAction }: Meaning,
  local: Endpoint,
  remote: Endpoint,
): string {
  const [source, destination] =
    from === 'local' ? [local, remote] : from === 'remote' ? [remote, local] : [undefined, local];
  return sessionText({
    TimeGenerated: timestamp.replace(/\dZ$/, 'Z'),
    EventSubType: action,
    NetworkDirection: direction,
    DvcAction: deviceAction,
    SrcIpAddr: addressOf(source),
    SrcPortNumber: portOf(source),
    DstIpAddr: addressOf(destination),
    DstPortNumber: portOf(destination),
  });
}

/** An IPv4 address without the prefix that it has on an IPv6 socket. */
function addressOf(end: Endpoint | undefined): string | undefined {
  const ip = end?.ip ?? '-';
  return ip === '-' ? undefined : ip.replace(/^::ffff:(?=\d+\.)/, '');
}

function portOf(end: Endpoint | undefined): number | undefined {
  return Number(end?.port ?? 0) || undefined;
}
