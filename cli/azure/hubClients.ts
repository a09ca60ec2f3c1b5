import {
  type EventHubClientOptions,
  EventHubConsumerClient,
  EventHubProducerClient,
  parseEventHubConnectionString,
  RetryMode,
} from '@azure/event-hubs';
import type { Environment, EventHubConnection } from '../../shared/config';
import { signIn } from './signIn';

/** Sits out a moment of throttling; the SDK's defaults wait 30 s before each try. */
const options: EventHubClientOptions = {
  retryOptions: {
    maxRetries: 5,
    retryDelayInMs: 500,
    maxRetryDelayInMs: 10_000,
    mode: RetryMode.Exponential,
    timeoutInMs: 20_000,
  },
};

/** Reads with `$Default` unless told: no group has to be made for a person who looks. */
export async function openConsumer(
  connection: EventHubConnection,
  hub: string,
  environment: Environment,
  group = '$Default',
): Promise<EventHubConsumerClient> {
  if ('connectionString' in connection) {
    return new EventHubConsumerClient(group, withoutEntity(connection.connectionString), hub, options);
  }
  const { fullyQualifiedNamespace, clientId } = connection;
  const credential = await signIn(environment, clientId);
  return new EventHubConsumerClient(group, fullyQualifiedNamespace, hub, credential, options);
}

export async function openProducer(
  connection: EventHubConnection,
  hub: string,
  environment: Environment,
): Promise<EventHubProducerClient> {
  if ('connectionString' in connection) {
    return new EventHubProducerClient(withoutEntity(connection.connectionString), hub, options);
  }
  const { fullyQualifiedNamespace, clientId } = connection;
  return new EventHubProducerClient(fullyQualifiedNamespace, hub, await signIn(environment, clientId), options);
}

/** Host of the namespace: what tells one environment from another. */
export function namespaceOf(connection: EventHubConnection): string {
  if (!('connectionString' in connection)) return connection.fullyQualifiedNamespace.toLowerCase();
  const { endpoint } = parseEventHubConnectionString(connection.connectionString);
  return new URL(endpoint.replace(/^sb:/, 'https:')).host;
}

/** A connection string may name a hub; the SDK refuses one that names another hub than asked for. */
export function withoutEntity(connectionString: string): string {
  const parts = connectionString.split(';');
  return parts.filter((part) => !/^\s*EntityPath\s*=/i.test(part)).join(';');
}
