import { randomBytes } from 'node:crypto';

/** Why a token is not valid. */
export type TokenProblem = 'missing' | 'unknown' | 'expired' | 'audience';

/** What a token was issued for. */
export interface TokenGrant {
  readonly audience: string;
  readonly clientId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Expired tokens are deleted when there are this many, so that a test that asks in a loop does not fill the memory. */
const deleteExpiredFrom = 1000;

/** Opaque random tokens. They contain nothing; only `verify` knows which are valid. */
export class TokenStore {
  readonly #grants = new Map<string, TokenGrant>();

  /** @returns the token, and when it expires in seconds since 1970 */
  issue(audience: string, clientId: string, lifetimeSeconds: number): { token: string; expiresOn: number } {
    if (this.#grants.size >= deleteExpiredFrom) this.deleteExpired();
    const token = randomBytes(32).toString('base64url');
    const expiresOn = Math.floor(Date.now() / 1000) + lifetimeSeconds;
    this.#grants.set(token, { audience: withoutSlash(audience), clientId, expiresAt: expiresOn * 1000 });
    return { token, expiresOn };
  }

  verify(authorization: string | undefined, audience: string): TokenProblem | undefined {
    const token = bearerOf(authorization);
    if (token === undefined) return 'missing';
    const grant = this.#grants.get(token);
    if (grant === undefined) return 'unknown';
    if (grant.expiresAt <= Date.now()) return 'expired';
    return grant.audience === withoutSlash(audience) ? undefined : 'audience';
  }

  clientIdOf(authorization: string | undefined): string | undefined {
    const token = bearerOf(authorization);
    return token === undefined ? undefined : this.#grants.get(token)?.clientId;
  }

  inspect(token: string): TokenGrant | undefined {
    return this.#grants.get(token);
  }

  private deleteExpired(): void {
    const now = Date.now();
    for (const [token, grant] of this.#grants) {
      if (grant.expiresAt <= now) this.#grants.delete(token);
    }
  }
}

function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer ([^ ]+)$/i.exec(authorization ?? '')?.[1];
}

/** Clients ask for `https://monitor.azure.com` with and without the slash at the end; both name the same resource. */
function withoutSlash(audience: string): string {
  return audience.replace(/\/$/, '');
}
