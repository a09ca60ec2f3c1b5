import type { TokenCredential } from '@azure/identity';
import type { EventHubConnection } from '../config';
import { managedIdentity } from './managedIdentity';

/** Makes an Event Hubs client, signed in as the app's settings say. */
export async function signedInToHub<Client>(
  connection: EventHubConnection,
  byConnectionString: (connectionString: string) => Client,
  byIdentity: (namespace: string, credential: TokenCredential) => Client,
): Promise<Client> {
  if ('connectionString' in connection) return byConnectionString(withoutEntity(connection.connectionString));
  return byIdentity(connection.fullyQualifiedNamespace, await managedIdentity(connection.clientId));
}

/** A connection string may name a hub; the SDK rejects one that differs from the hub that it is asked for. */
export function withoutEntity(connectionString: string): string {
  return connectionString
    .split(';')
    .filter((part) => !/^\s*EntityPath\s*=/i.test(part))
    .join(';');
}
