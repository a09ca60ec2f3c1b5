import type { TokenCredential } from '@azure/identity';
import type { Environment } from '../../shared/config';

/**
 * Who signs in where the settings hold no key: the managed identity where Azure offers one (`IDENTITY_ENDPOINT`), otherwise
 * the person who is signed in with `az login`, `azd auth login` or `Connect-AzAccount`, in this order.
 * DefaultAzureCredential is not used: it prefers secrets in the environment and asks the network for an identity, so the
 * result is hard to predict.
 */
export async function signIn(environment: Environment, clientId: string | undefined): Promise<TokenCredential> {
  const identity = await import('@azure/identity');
  if (environment['IDENTITY_ENDPOINT']) return new identity.ManagedIdentityCredential(clientId ? { clientId } : {});
  return new identity.ChainedTokenCredential(
    new identity.AzureCliCredential(),
    new identity.AzureDeveloperCliCredential(),
    new identity.AzurePowerShellCredential(),
  );
}

/** Signs in when the first token is needed. */
export function credentialOf(environment: Environment, clientId: string | undefined): TokenCredential {
  let signedIn: Promise<TokenCredential> | undefined;
  return {
    getToken: async (scopes, options) => (await (signedIn ??= signIn(environment, clientId))).getToken(scopes, options),
  };
}
