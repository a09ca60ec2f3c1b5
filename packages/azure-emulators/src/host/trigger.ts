import { type Fields, isFields } from '../fields';
import { HostError, show } from './hostError';
import { type AppSettings, type Connection, expand, type Namespaces, resolveConnection } from './hostSettings';
import { type RetryPolicy, readRetryPolicy } from './retryPolicy';

/** One function that an event hub triggers, with every value resolved. It gets batches of bodies as bytes. */
export interface Trigger {
  readonly functionName: string;
  readonly functionId: string;
  readonly bindingName: string;
  readonly connection: Connection;
  readonly eventHubName: string;
  readonly consumerGroup: string;
  readonly retry: RetryPolicy | undefined;
}

/** @throws HostError if the function cannot be bound */
export function readTrigger(
  metadata: Fields,
  functionName: string,
  bindingName: string,
  binding: Fields,
  settings: AppSettings,
  namespaces: Namespaces,
): Trigger {
  const where = `Function "${functionName}"`;
  const resolved = (field: string, fallback?: string): string =>
    expand(text(binding[field] ?? fallback, where, field), settings, `${where}: "${field}"`);
  if (isFields(binding['properties']) && binding['properties']['supportsDeferredBinding'] === 'true') {
    throw new HostError(`${where}: "sdkBinding" is not served by this local host. Leave it out.`);
  }
  mustBe('many', binding['cardinality'], where, 'cardinality');
  mustBe('binary', binding['dataType'], where, 'dataType');
  const connection = resolveConnection(resolved('connection'), settings, where, namespaces);
  const retryOptions = metadata['retryOptions'];
  return {
    functionName,
    functionId: text(metadata['functionId'], where, 'functionId'),
    bindingName,
    connection,
    eventHubName: connection.entityPath ?? resolved('eventHubName'),
    consumerGroup: resolved('consumerGroup', '$Default'),
    retry: readRetryPolicy(isFields(retryOptions) ? retryOptions : undefined, functionName),
  };
}

/** Compares in any case, as .NET's Enum.TryParse with ignoreCase does. */
function mustBe(served: string, value: unknown, where: string, field: string): void {
  if (typeof value === 'string' && value.toLowerCase() === served) return;
  throw new HostError(`${where}: "${field}" is ${show(value)}; this host serves only "${served}".`);
}

export function text(value: unknown, where: string, field: string): string {
  if (typeof value !== 'string' || value === '') {
    throw new HostError(`${where}: "${field}" must be a text, not ${show(value)}.`);
  }
  return value;
}
