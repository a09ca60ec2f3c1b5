import type { TokenCredential } from '@azure/identity';

/** The user-assigned identity with this client id, else the system-assigned one. Loads the SDK when first called. */
export async function managedIdentity(clientId: string | undefined): Promise<TokenCredential> {
  const { ManagedIdentityCredential } = await import('@azure/identity');
  return clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
}
