import type { TokenCredential } from '@azure/identity';
import type { Environment } from '../../shared/config';

/**
 * Who signs in where no key is given: the managed identity where Azure offers one (`IDENTITY_ENDPOINT`), else the person
 * at the keyboard, as signed in by `az login`, `azd auth login` or `Connect-AzAccount`, in this order.
 * DefaultAzureCredential is not used: it prefers secrets that happen to be in the environment, and asks an address on the
 * network for an identity, so nobody could say beforehand who sends.
 */
export async function signIn(environment: Environment, clientId: string | undefined): Promise<TokenCredential> {
  const identity = await import('@azure/identity');
  if (environment['IDENTITY_ENDPOINT']) {
    return clientId === undefined
      ? new identity.ManagedIdentityCredential()
      : new identity.ManagedIdentityCredential({ clientId });
  }
  return new identity.ChainedTokenCredential(
    new identity.AzureCliCredential(),
    new identity.AzureDeveloperCliCredential(),
    new identity.AzurePowerShellCredential(),
  );
}
