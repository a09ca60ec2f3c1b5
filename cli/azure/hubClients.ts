import {
  EventHubConsumerClient,
  EventHubProducerClient,
  parseEventHubConnectionString,
  RetryMode,
  type RetryOptions,
} from '@azure/event-hubs';
import type { TokenCredential } from '@azure/identity';
import type { Environment, EventHubConnection } from '../../shared/config';
import { signedInToHub } from '../../shared/delivery/hubSignIn';
import { credentialOf } from './signIn';

/** Retries until a short throttling is over; the SDK would wait 30 s before each attempt. */
const patient: RetryOptions = {
  maxRetries: 5,
  retryDelayInMs: 500,
  maxRetryDelayInMs: 10_000,
  mode: RetryMode.Exponential,
  timeoutInMs: 20_000,
};

export interface ClientOptions {
  readonly retryOptions?: RetryOptions;
  /** Instead of signing in by the environment. */
  readonly credential?: TokenCredential;
}

/** Reads with the consumer group `$Default` by default, which every hub has. */
export function openConsumer(
  connection: EventHubConnection,
  hub: string,
  environment: Environment,
  group = '$Default',
  { retryOptions = patient, credential }: ClientOptions = {},
): EventHubConsumerClient {
  return signedInToHub(
    connection,
    (connectionString) => new EventHubConsumerClient(group, connectionString, hub, { retryOptions }),
    (namespace, clientId) => {
      const signedIn = credential ?? credentialOf(environment, clientId);
      return new EventHubConsumerClient(group, namespace, hub, signedIn, { retryOptions });
    },
  );
}

export function openProducer(
  connection: EventHubConnection,
  hub: string,
  environment: Environment,
  { retryOptions = patient, credential }: ClientOptions = {},
): EventHubProducerClient {
  return signedInToHub(
    connection,
    (connectionString) => new EventHubProducerClient(connectionString, hub, { retryOptions }),
    (namespace, clientId) => {
      const signedIn = credential ?? credentialOf(environment, clientId);
      return new EventHubProducerClient(namespace, hub, signedIn, { retryOptions });
    },
  );
}

/** Host of the namespace, with its port if it has one. */
export function namespaceOf(connection: EventHubConnection): string {
  if (!('connectionString' in connection)) return connection.fullyQualifiedNamespace.toLowerCase();
  const { endpoint } = parseEventHubConnectionString(connection.connectionString);
  return new URL(endpoint.replace(/^sb:/, 'https:')).host;
}
