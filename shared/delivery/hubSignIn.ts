import type { EventHubConnection } from '../config';

/** Makes an Event Hubs client by the way that the settings choose: a connection string, or an identity. */
export function signedInToHub<Client>(
  connection: EventHubConnection,
  byConnectionString: (connectionString: string) => Client,
  byIdentity: (namespace: string, clientId: string | undefined) => Client,
): Client {
  if ('connectionString' in connection) return byConnectionString(withoutEntity(connection.connectionString));
  return byIdentity(connection.fullyQualifiedNamespace, connection.clientId);
}

/** A connection string may name a hub; the SDK rejects one that differs from the hub that it is asked for. */
function withoutEntity(connectionString: string): string {
  return connectionString
    .split(';')
    .filter((part) => !/^\s*EntityPath\s*=/i.test(part))
    .join(';');
}
