/** Holds clients to what their tokens allow. */
import type { Broker } from './broker';
import { findGrant, type Grant } from './cbs';
import { type AmqpFailure, type Claim, failures } from './failures';
import type { IncomingLink, OutgoingLink } from './links';
import type { Peer } from './peer';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Notes what a client's newest token for a path allows. */
export function addGrant(broker: Broker, peer: Peer, grant: Grant): void {
  const grants = broker.grants.get(peer) ?? new Map<string, Grant>();
  broker.grants.set(peer, grants.set(grant.path, grant));
}

/** Any of the three claims allows reading the properties of a hub. */
export function mayReadProperties(broker: Broker, peer: Peer, hub: string): boolean {
  return [hub, `${hub}/$management`].some((path) => currentGrant(broker, peer, undefined, path) !== undefined);
}

/**
 * Returns the failure if a client's tokens do not allow its link now; detaches the link when they expire without having
 * been renewed.
 */
export function authorize(broker: Broker, link: IncomingLink | OutgoingLink, claim: Claim): AmqpFailure | undefined {
  const grant = currentGrant(broker, link.peer, claim, link.address);
  if (!grant) return failures.unauthorized(claim, link.address);
  let timer: NodeJS.Timeout | undefined;
  function checkAtExpiry({ expiresAt }: Grant): void {
    timer = setTimeout(check, Math.min(Math.max(expiresAt - broker.now(), 1), LONGEST_TIMER_MS));
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
