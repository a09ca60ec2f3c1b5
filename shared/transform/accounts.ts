import type { NetworkEvent } from './event';
import type { Side } from './orientation';
import { entraObjectId, toSid } from './values/sid';

/** The initiating process runs on the device, so its account belongs to the device's side, never to the peer. */

function account(event: NetworkEvent, side: Side, part: string): string | undefined {
  return event.device === side ? event.text(`InitiatingProcessAccount${part}`) : undefined;
}

export function userName(event: NetworkEvent, side: Side): string | undefined {
  return account(event, side, 'Name') ?? (side === 'Dst' ? loginName(event) : undefined);
}

/** The account used to log in at the destination. */
function loginName(event: NetworkEvent): string | undefined {
  if (event.is('NtlmAuthenticationInspected')) return event.detailText('username');
  const name = event.is('FtpConnectionInspected') ? event.detailText('user') : undefined;
  return name === '<unknown>' ? undefined : name;
}

export function userDomain(event: NetworkEvent, side: Side): string | undefined {
  const login = side === 'Dst' && event.is('NtlmAuthenticationInspected') ? event.detailText('domainname') : undefined;
  return account(event, side, 'Domain') ?? login;
}

export function userSid(event: NetworkEvent, side: Side): string | undefined {
  return toSid(account(event, side, 'Sid'));
}

export function userUpn(event: NetworkEvent, side: Side): string | undefined {
  return account(event, side, 'Upn');
}

/** The Entra object id, as sent or read from the SID of an Entra account. */
export function userAadId(event: NetworkEvent, side: Side): string | undefined {
  return account(event, side, 'ObjectId') ?? entraObjectId(account(event, side, 'Sid'));
}
