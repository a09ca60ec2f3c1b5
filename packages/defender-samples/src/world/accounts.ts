import type { Random } from '../random';
import type { Device } from './devices';
import { company } from './offices';
import { firstNames, lastNames } from './people';
import type { Account } from './programs';

/** Who a process runs as, as Defender reports it. */
export interface AccountColumns {
  readonly name: string;
  readonly domain: string;
  readonly sid: string;
  readonly upn: string | null;
  readonly objectId: string | null;
}

export interface User extends AccountColumns {
  readonly upn: string;
}

/** The domain's part of the SIDs of its accounts. */
const domainSid = 'S-1-5-21-1004336348-1177238915-682003330';

/**
 * The `index`-th employee. With `isCloudOnly` the account lives in Entra ID alone: its SID is made from its object id,
 * four 32-bit numbers in little-endian order.
 */
export function userOf(index: number, isCloudOnly: boolean, random: Random): User {
  const first = firstNames[index % firstNames.length] ?? firstNames[0];
  const round = Math.floor(index / firstNames.length);
  const last = lastNames[(index + round) % lastNames.length] ?? lastNames[0];
  const namesake = Math.floor(round / lastNames.length);
  const name = `${first}.${last}${namesake === 0 ? '' : namesake + 1}`.toLowerCase();
  const id = [
    random.word(),
    ((random.word() & 0x0fffffff) | 0x40000000) >>> 0,
    ((random.word() & 0xffffff3f) | 0x80) >>> 0,
    random.word(),
  ] as const;
  return {
    name,
    domain: isCloudOnly ? 'azuread' : company.netbios,
    sid: isCloudOnly ? `S-1-12-1-${id.join('-')}` : `${domainSid}-${1100 + index}`,
    upn: `${name}@${company.mail}`,
    objectId: guidOf(id),
  };
}

function guidOf([a, b, c, d]: readonly [number, number, number, number]): string {
  const tail = littleEndian(c) + littleEndian(d);
  return `${hex(a, 8)}-${hex(b & 0xffff, 4)}-${hex(b >>> 16, 4)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

function littleEndian(value: number): string {
  const text = hex(value, 8);
  return text.slice(6, 8) + text.slice(4, 6) + text.slice(2, 4) + text.slice(0, 2);
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

const builtIn: Readonly<Record<Exclude<Account, 'user'>, { readonly name: string; readonly sid: string }>> = {
  system: { name: 'system', sid: 'S-1-5-18' },
  'network service': { name: 'network service', sid: 'S-1-5-20' },
  'local service': { name: 'local service', sid: 'S-1-5-19' },
  root: { name: 'root', sid: 'S-1-5-18' },
  daemon: { name: 'svc-app', sid: 'S-1-5-21-3118829304-2098557716-1477130214-2996' },
};

export function accountOf({ user, os, host, office }: Device, account: Account): AccountColumns {
  if (account === 'user') return os === 'macOS' ? { ...user, domain: host, objectId: null } : user;
  return { ...builtIn[account], domain: os === 'Windows' ? office.authority : host, upn: null, objectId: null };
}
