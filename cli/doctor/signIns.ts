import type { AccessToken, TokenCredential } from '@azure/identity';
import type { Environment } from '../../shared/config';
import { signIn } from '../azure/signIn';
import { fieldsOf } from '../common/settingsSource';
import { once, within } from './timeLimit';

/** Asks for each token once: the Azure CLI takes a second and starts a process for every one. */
export class SignIns {
  readonly #credentials: (clientId: string) => Promise<TokenCredential>;

  constructor(
    environment: Environment,
    private readonly seconds: number,
  ) {
    this.#credentials = once((clientId) => signIn(environment, clientId === '' ? undefined : clientId));
  }

  /** @throws when nobody is signed in, or no token is to be had. */
  readonly token = once(async (audienceAndClient: string): Promise<AccessToken> => {
    const [audience = '', clientId = ''] = audienceAndClient.split(' ');
    const credential = await this.#credentials(clientId);
    const token = await within(this.seconds, async (signal) =>
      credential.getToken(`${audience}/.default`, { abortSignal: signal }),
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

/** Of `SignIns.token`. */
export function tokenKey(audience: string, clientId: string | undefined): string {
  return `${audience.replace(/\/$/, '')} ${clientId ?? ''}`;
}

class NoToken extends Error {
  override readonly name = 'AuthenticationError';
}

/** Who a token speaks for, as far as it can be read: emulators give opaque ones. */
export function holderOf({ token }: AccessToken): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const fields = fieldsOf(claims);
    const names = ['upn', 'unique_name', 'appid', 'azp', 'oid'].map((name) => ({ name, value: fields[name] }));
    const found = names.find(({ value }) => typeof value === 'string' && value !== '');
    return found === undefined ? undefined : `${found.name} ${String(found.value)}`;
  } catch {
    return undefined;
  }
}
