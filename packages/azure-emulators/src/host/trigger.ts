import { type AppSettings, type Connection, expand, type Namespaces, resolveConnection } from './appSettings';
import { type Fields, HostError, isFields, show } from './checks';
import { type RetryPolicy, readRetryPolicy } from './retryPolicy';

/** One function that an event hub triggers, with every value resolved. */
export interface Trigger {
  readonly functionName: string;
  readonly functionId: string;
  readonly bindingName: string;
  readonly connection: Connection;
  readonly eventHubName: string;
  readonly consumerGroup: string;
  readonly cardinality: 'one' | 'many';
  readonly dataType: 'binary' | 'string' | 'none';
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
  const connection = resolveConnection(resolved('connection'), settings, where, namespaces);
  const retryOptions = metadata['retryOptions'];
  return {
    functionName,
    functionId: text(metadata['functionId'], where, 'functionId'),
    bindingName,
    connection,
    eventHubName: connection.entityPath ?? resolved('eventHubName'),
    consumerGroup: resolved('consumerGroup', '$Default'),
    // Case does not matter, as in .NET's Enum.TryParse with ignoreCase.
    cardinality: oneOf(binding['cardinality'] ?? 'one', ['one', 'many'] as const, where, 'cardinality'),
    dataType: dataTypeOf(binding['dataType'], where),
    retry: readRetryPolicy(isFields(retryOptions) ? retryOptions : undefined, functionName),
  };
}

function dataTypeOf(value: unknown, where: string): Trigger['dataType'] {
  if (value === undefined || value === null) return 'none';
  const dataType = oneOf(value, ['binary', 'string', 'undefined'] as const, where, 'dataType');
  return dataType === 'undefined' ? 'none' : dataType;
}

function oneOf<const Choice extends string>(
  value: unknown,
  choices: readonly Choice[],
  where: string,
  field: string,
): Choice {
  const found = choices.find((choice) => choice === String(value).toLowerCase());
  if (found === undefined) {
    throw new HostError(`${where}: "${field}" must be one of ${choices.join(', ')}, not ${show(value)}.`);
  }
  return found;
}

export function text(value: unknown, where: string, field: string): string {
  if (typeof value !== 'string' || value === '') {
    throw new HostError(`${where}: "${field}" must be a text, not ${show(value)}.`);
  }
  return value;
}
