import type { Json } from '../json';
import type { WritableColumn } from '../sessions/row';
import { userAadId, userDomain, userName, userSid, userUpn } from './accounts';
import type { NetworkEvent } from './event';
import { toColumnText } from './mappingEntry';
import type { Side } from './orientation';
import type { End } from './recordReader';

/** The columns of a row that hold what a key of AdditionalFields would hold. The level `lean` leaves out such a key. */
export interface Held {
  /** One of them holds the value. If a setting takes any of them out of the row, the key stays. */
  readonly columns: readonly WritableColumn[];
  /** When they hold it, for docs/mapping.md. */
  readonly rule: string;
  /** Also needed to find the value there. If a setting takes any of them away, the key stays. */
  readonly foundBy?: readonly (WritableColumn | 'DirectionBasis')[];
  /** Whether they hold this value of the event, with nothing lost: no cut, no other spelling, no other type. */
  readonly holds: (event: NetworkEvent, value: Json) => boolean;
}

/** What tells a reader of the row which end is Local: docs/mapping.md, "Source and destination". */
const whichEnd = ['EventSubType', 'NetworkDirection', 'DirectionBasis'] as const;
const whichEndRule = 'and the row says which side is the device';

/** The side of the row that an end is; undefined if a reader of the row cannot know it. */
function sideOf({ device, orientation: { src, dst } }: NetworkEvent, end: End): Side | undefined {
  if (device === undefined) return undefined;
  if (src === end) return 'Src';
  return dst === end ? 'Dst' : undefined;
}

function address(end: End): Held {
  return {
    columns: ['SrcIpAddr', 'DstIpAddr'],
    rule: `spelt as sent, ${whichEndRule}`,
    foundBy: whichEnd,
    holds(event, value) {
      const side = sideOf(event, end);
      return side !== undefined && event.address(side) === value;
    },
  };
}

function port(end: End): Held {
  return {
    columns: ['SrcPortNumber', 'DstPortNumber'],
    rule: `sent as a number, ${whichEndRule}`,
    foundBy: whichEnd,
    holds(event, value) {
      const side = sideOf(event, end);
      return side !== undefined && event.port(side) === value;
    },
  };
}

type UserPart = 'AadId' | 'Domain' | 'Name' | 'Sid' | 'Upn';
type ReadUser = (event: NetworkEvent, side: Side) => string | undefined;

const userColumns = (part: UserPart) => [`SrcUser${part}`, `DstUser${part}`] as const;

function user(part: UserPart, read: ReadUser): Held {
  return {
    columns: userColumns(part),
    rule: 'spelt as sent, on the side of the device',
    holds: (event, value) => event.device !== undefined && toColumnText(read(event, event.device)) === value,
  };
}

/** The ASim transform shows a name only together with its domain. */
function nameOrDomain(part: UserPart, read: ReadUser, other: UserPart, readOther: ReadUser): Held {
  const { columns, holds } = user(part, read);
  return {
    columns,
    rule: 'spelt as sent, on the side of the device, both name and domain; not for FTP and NTLM, where they can be those of the login',
    foundBy: userColumns(other),
    holds(event, value) {
      if (event.device === undefined || isLogin(event) || !holds(event, value)) return false;
      return toColumnText(readOther(event, event.device)) !== undefined;
    },
  };
}

function isLogin(event: NetworkEvent): boolean {
  return event.is('NtlmAuthenticationInspected') || event.is('FtpConnectionInspected');
}

/** Defender's usual spellings. NetworkProtocol holds them in capitals, so that they can be told from it. */
const usualProtocols: ReadonlySet<Json> = new Set(['Tcp', 'Udp', 'Icmp']);

/** By the column of Defender's that the key holds. */
export const heldInColumns: Readonly<Record<string, Held>> = {
  ActionType: {
    columns: ['EventSubType'],
    rule: 'spelt as sent',
    holds: (event, value) => toColumnText(event.actionType) === value,
  },
  LocalIP: address('Local'),
  LocalPort: port('Local'),
  RemoteIP: address('Remote'),
  RemotePort: port('Remote'),
  Protocol: {
    columns: ['NetworkProtocol'],
    rule: '`Tcp`, `Udp` or `Icmp`, in capitals',
    holds: (_, value) => usualProtocols.has(value),
  },
  InitiatingProcessAccountName: nameOrDomain('Name', userName, 'Domain', userDomain),
  InitiatingProcessAccountDomain: nameOrDomain('Domain', userDomain, 'Name', userName),
  InitiatingProcessAccountSid: user('Sid', userSid),
  InitiatingProcessAccountUpn: user('Upn', userUpn),
  InitiatingProcessAccountObjectId: user('AadId', userAadId),
};
