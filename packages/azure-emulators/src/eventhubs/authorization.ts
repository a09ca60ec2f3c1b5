/** Checks what a client's tokens allow. */

import { type AmqpFailure, type Claim, failures } from './amqpFailures';
import type { Broker } from './broker';
import { checkToken, findGrant, type Grant, sasPrefix, sasTokenType, type TokenRequest } from './cbs';
import { type AmqpValue, describeValue } from './encoding';
import { checkEntraToken, entraTokenType } from './entra';
import type { IncomingLink, OutgoingLink } from './links';
import type { Peer } from './peer';

const longestTimerMs = 2 ** 31 - 1;

/** Stores the rights that a client's newest token grants for a path. */
export function addGrant(broker: Broker, peer: Peer, grant: Grant): void {
  const grants = broker.grants.get(peer) ?? new Map<string, Grant>();
  broker.grants.set(peer, grants.set(grant.path, grant));
}

/** What a token grants, of whichever type it is, or the failure to answer with. */
export function checkAnyToken(broker: Broker, request: TokenRequest): Grant | AmqpFailure {
  const { entra, policies } = broker;
  return entra && request.type === entraTokenType
    ? checkEntraToken(request, entra, broker.now())
    : checkToken(request, policies, broker.now());
}

/**
 * Returns the failure if a client may not read the properties of a hub; any of the three claims allows it. The token was
 * sent to `$cbs` or, by the .NET client, in the request itself; then it is valid for that request alone.
 */
export function rejectReading(broker: Broker, peer: Peer, hub: string, token: AmqpValue): AmqpFailure | undefined {
  const paths = [hub, `${hub}/$management`];
  if (paths.some((path) => currentGrant(broker, peer, undefined, path))) return undefined;
  if (token === null) return failures.unauthorized('Listen', hub);
  if (typeof token !== 'string') {
    return failures.malformedToken(`security_token is no text, but ${describeValue(token)}.`);
  }
  const type = token.startsWith(sasPrefix) ? sasTokenType : entraTokenType;
  const grant = checkAnyToken(broker, { type, audience: hub, token });
  if ('condition' in grant) return grant;
  return findGrant([grant], undefined, hub, broker.now()) ? undefined : failures.unauthorized('Listen', hub);
}

/**
 * Returns the failure if a client's tokens do not allow its link. Detaches the link when they expire and are not renewed.
 */
export function authorize(broker: Broker, link: IncomingLink | OutgoingLink, claim: Claim): AmqpFailure | undefined {
  const grant = currentGrant(broker, link.peer, claim, link.address);
  if (!grant) return failures.unauthorized(claim, link.address);
  let timer: NodeJS.Timeout | undefined;
  function checkAtExpiry({ expiresAt }: Grant): void {
    timer = setTimeout(check, Math.min(Math.max(expiresAt - broker.now(), 1), longestTimerMs));
    timer.unref();
  }
  function check(): void {
    const renewed = currentGrant(broker, link.peer, claim, link.address);
    if (renewed) checkAtExpiry(renewed);
    else link.close(failures.authorizationEnded(claim, link.address));
  }
  checkAtExpiry(grant);
  link.onClose(() => clearTimeout(timer));
  return undefined;
}

function currentGrant(broker: Broker, peer: Peer, claim: Claim | undefined, address: string): Grant | undefined {
  return findGrant(broker.grants.get(peer)?.values() ?? [], claim, address, broker.now());
}
