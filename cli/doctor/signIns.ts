import type { AccessToken, TokenCredential } from '@azure/identity';
import type { Environment } from '../../shared/config';
import { fieldsOf } from '../../shared/fieldsOf';
import { credentialOf } from '../azure/signIn';
import { once, within } from './timeLimit';

/** Requests each token once: the Azure CLI starts a process and takes a second for every one. */
export class SignIns {
  constructor(
    private readonly environment: Environment,
    private readonly seconds: number,
  ) {}

  /** @throws when nobody is signed in, or there is no token. */
  readonly token = once(async (audienceAndClient: string): Promise<AccessToken> => {
    const [audience = '', clientId = ''] = audienceAndClient.split(' ');
    const credential = credentialOf(this.environment, clientId || undefined);
    const token = await within(this.seconds, async (abortSignal) =>
      credential.getToken(`${audience}/.default`, { abortSignal }),
    );
    if (token === null) throw new NoToken(`No token for ${audience}.`);
    return token;
  });

  /** For the SDKs' clients. */
  credential(clientId: string | undefined): TokenCredential {
    return {
      getToken: async (scopes) => {
        // The Event Hubs SDK writes two slashes.
        const audience = [scopes]
          .flat()
          .join(' ')
          .replace(/\/+\.default$/, '');
        return this.token(tokenKey(audience, clientId));
      },
    };
  }
}

/** The key for `SignIns.token`. */
export function tokenKey(audience: string, clientId: string | undefined): string {
  return `${audience.replace(/\/$/, '')} ${clientId ?? ''}`;
}

class NoToken extends Error {
  override readonly name = 'AuthenticationError';
}

/** Whose token it is, if that can be read: the tokens of emulators are opaque. */
export function holderOf({ token }: AccessToken): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const fields = fieldsOf(claims);
    const name = ['upn', 'unique_name', 'appid', 'azp', 'oid'].find(
      (one) => typeof fields[one] === 'string' && fields[one] !== '',
    );
    return name === undefined ? undefined : `${name} ${String(fields[name])}`;
  } catch {
    return undefined;
  }
}
