import { type AppSettings, type Connection, expand, resolveConnection } from './appSettings';
import { type Fields, HostError, isFields, messageOf, show } from './checks';
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

export interface Registrations {
  /** Every function that the app registered, in order. */
  readonly names: readonly string[];
  readonly triggers: readonly Trigger[];
  /** Functions with another trigger, which this host never runs, with the trigger's type. */
  readonly others: readonly { readonly name: string; readonly type: string }[];
}

/**
 * Reads what the app registered.
 * @param registered JSON of FunctionMetadata[]
 * @throws HostError if there is no function, or one that cannot be bound
 */
export function readRegistrations(registered: string, settings: AppSettings): Registrations {
  const functions = parse(registered);
  if (functions.length === 0) {
    throw new HostError(
      'The app registered 0 functions. Its entry points must call app.eventHub or app.generic while they load.',
    );
  }
  const names: string[] = [];
  const triggers: Trigger[] = [];
  const others: { name: string; type: string }[] = [];
  for (const metadata of functions) {
    const name = text(metadata['name'], 'a registered function', 'name');
    names.push(name);
    const [bindingName, binding] = triggerBinding(metadata['bindings'], name);
    const type = text(binding['type'], `Function "${name}"`, 'type of its trigger');
    if (type.toLowerCase() === 'eventhubtrigger') {
      triggers.push(readTrigger(metadata, name, bindingName, binding, settings));
    } else {
      others.push({ name, type });
    }
  }
  return { names, triggers, others };
}

function parse(registered: string): readonly Fields[] {
  try {
    const parsed: unknown = JSON.parse(registered);
    return Array.isArray(parsed) ? parsed.filter((entry: unknown) => isFields(entry)) : [];
  } catch (thrown) {
    throw new HostError(`The worker's list of functions cannot be read: ${messageOf(thrown)}`);
  }
}

function triggerBinding(bindings: unknown, functionName: string): readonly [string, Fields] {
  const entries = isFields(bindings) ? Object.entries(bindings) : [];
  for (const [name, binding] of entries) {
    if (isFields(binding) && typeof binding['type'] === 'string' && /trigger$/i.test(binding['type'])) {
      return [name, binding];
    }
  }
  throw new HostError(`Function "${functionName}" has no trigger.`);
}

function readTrigger(
  metadata: Fields,
  functionName: string,
  bindingName: string,
  binding: Fields,
  settings: AppSettings,
): Trigger {
  const where = `Function "${functionName}"`;
  const resolved = (field: string, fallback?: string): string =>
    expand(text(binding[field] ?? fallback, where, field), settings, `${where}: "${field}"`);
  const connection = resolveConnection(resolved('connection'), settings, where);
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

function text(value: unknown, where: string, field: string): string {
  if (typeof value !== 'string' || value === '') {
    throw new HostError(`${where}: "${field}" must be a text, not ${show(value)}.`);
  }
  return value;
}
