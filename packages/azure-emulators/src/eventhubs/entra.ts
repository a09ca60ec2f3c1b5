/**
 * Tokens of Microsoft Entra, which clients put on `$cbs` instead of a shared access signature when they sign in by
 * identity. They are opaque here; the issuer (`identify`) knows what they contain.
 */
import type { TokenGrant } from '../identity/tokens';
import { type AmqpFailure, type Claim, failures } from './amqpFailures';
import type { Grant } from './cbs';
import { pathOf } from './hubs';

export interface EntraOptions {
  /** Undefined for an unknown token. */
  readonly identify: (token: string) => TokenGrant | undefined;
  /**
   * What the roles of an identity allow in the whole namespace: Azure Event Hubs Data Sender, Receiver, Owner. By default
   * everyone may send and listen.
   */
  readonly claimsOf?: (clientId: string) => readonly Claim[];
}

export const entraTokenType = 'jwt';
const eventHubsAudience = /^https:\/\/eventhubs\.azure\.net\/?$/;

/** Checks a token. Returns what it grants for its audience, or the failure to answer with. */
export function checkEntraToken(
  { audience, token }: { readonly audience: unknown; readonly token: unknown },
  { identify, claimsOf = () => ['Send', 'Listen'] }: EntraOptions,
  now: number,
): Grant | AmqpFailure {
  if (typeof audience !== 'string' || typeof token !== 'string') {
    return failures.malformedToken('the request carries no token.');
  }
  const issued = identify(token);
  if (!issued) return failures.invalidIssuer();
  if (!eventHubsAudience.test(issued.audience)) return failures.invalidAudience();
  if (!(issued.expiresAt > now)) return failures.expiredToken(issued.expiresAt);
  return { path: pathOf(audience).toLowerCase(), claims: claimsOf(issued.clientId), expiresAt: issued.expiresAt };
}
