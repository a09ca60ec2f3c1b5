/**
 * Tokens of Microsoft Entra, which clients put on `$cbs` instead of a shared access signature when they sign in by
 * identity. They are opaque here: whoever issued them says what they hold.
 */
import type { Grant } from './cbs';
import { type AmqpFailure, type Claim, failures } from './failures';
import { pathOf } from './hubs';

/** What the issuer knows of a token. */
export interface EntraToken {
  /** Who it was issued to. */
  readonly clientId: string;
  /** What it is good for; of use here is `https://eventhubs.azure.net`, with or without a slash at the end. */
  readonly audience: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface EntraOptions {
  /** Undefined for a token of somebody else. */
  readonly identify: (token: string) => EntraToken | undefined;
  /**
   * What the roles of an identity allow in the whole namespace: Azure Event Hubs Data Sender, Receiver, Owner. Everyone
   * may send and listen unless told.
   */
  readonly claimsOf?: (clientId: string) => readonly Claim[];
}

export const entraTokenType = 'jwt';
const eventHubsAudience = /^https:\/\/eventhubs\.azure\.net\/?$/;

/** Checks a token; returns what it grants for the link that it is meant for, or the failure to answer with. */
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
