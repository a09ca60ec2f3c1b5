/**
 * Claims-based security: a client puts a token on the node `$cbs` before it opens links, and again before the token
 * expires. The token is a shared access signature (resource, expiry and key name, signed with the key by HMAC-SHA256), or
 * one of Entra: see entra.ts.
 */
import { createHmac } from 'node:crypto';
import { type AmqpFailure, type Claim, failures } from './amqpFailures';
import { pathOf } from './hubs';

export interface SharedAccessPolicy {
  readonly name: string;
  readonly key: string;
  readonly claims: readonly Claim[];
}

/** What a token allows, and for how long. */
export interface Grant {
  /** Everything at and below this path, e.g. `hub/Partitions/0`; empty for the whole namespace. Lower case. */
  readonly path: string;
  readonly claims: readonly Claim[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface TokenRequest {
  readonly type: unknown;
  /** What the token is to be used for. */
  readonly audience: unknown;
  readonly token: unknown;
}

export const sasTokenType = 'servicebus.windows.net:sastoken';
export const sasPrefix = 'SharedAccessSignature ';

/** Checks a token for an audience; returns what it grants, or the failure to answer with. */
export function checkToken(
  request: TokenRequest,
  policies: readonly SharedAccessPolicy[],
  now: number,
): Grant | AmqpFailure {
  const { type, audience, token } = request;
  if (type !== sasTokenType) return failures.malformedToken(`token type '${String(type)}' is not ${sasTokenType}.`);
  if (typeof audience !== 'string' || typeof token !== 'string' || !token.startsWith(sasPrefix)) {
    return failures.malformedToken('the request carries no shared access signature.');
  }
  const fields = tokenFields(token);
  const resource = fields.get('sr') ?? '';
  const expiry = fields.get('se') ?? '';
  const policy = policies.find(({ name }) => name === decoded(fields.get('skn') ?? ''));
  if (!policy || !signed(`${resource}\n${expiry}`, policy.key, fields.get('sig') ?? '')) {
    return failures.invalidSignature();
  }
  const expiresAt = Number(expiry) * 1000;
  if (!(expiresAt > now)) return failures.expiredToken(Number.isFinite(expiresAt) ? expiresAt : 0);
  const path = pathOf(audience).toLowerCase();
  if (!covers(pathOf(decoded(resource)).toLowerCase(), path)) return failures.invalidAudience();
  return { path, claims: policy.claims, expiresAt };
}

/** The grant that allows the claim (any claim, if none is named) on an address for the longest time. */
export function findGrant(
  grants: Iterable<Grant>,
  claim: Claim | undefined,
  address: string,
  now: number,
): Grant | undefined {
  const path = pathOf(address).toLowerCase();
  const claimed = (grant: Grant): boolean =>
    claim === undefined ? grant.claims.length > 0 : grant.claims.includes(claim) || grant.claims.includes('Manage');
  return [...grants]
    .filter((grant) => grant.expiresAt > now && covers(grant.path, path) && claimed(grant))
    .toSorted((one, other) => other.expiresAt - one.expiresAt)[0];
}

function tokenFields(token: string): Map<string, string> {
  const fields = Array.from(token.slice(sasPrefix.length).matchAll(/([^&=]*)=?([^&]*)/g));
  return new Map(fields.map(([, name = '', value = '']) => [name, value]));
}

/** The signature covers the resource as the token contains it, percent-encoding included. */
function signed(text: string, key: string, signature: string): boolean {
  return createHmac('sha256', key).update(text).digest('base64') === decoded(signature);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not percent-encoded: it matches nothing
  }
}

function covers(granted: string, path: string): boolean {
  const prefix = granted.replace(/\/$/, '');
  return prefix === '' || path === prefix || path.startsWith(`${prefix}/`);
}
