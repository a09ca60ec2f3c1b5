import { type Fields, isFields } from '../fields';
import { HostError, messageOf } from './hostError';
import type { AppSettings, Namespaces } from './hostSettings';
import { readTrigger, type Trigger, text } from './trigger';

export interface Registrations {
  /** Every function that the app registered, in order. */
  readonly names: readonly string[];
  /** The functions that this host runs. */
  readonly triggers: readonly Trigger[];
  readonly warnings: readonly string[];
}

/**
 * Reads what the app registered.
 * @param registered JSON of FunctionMetadata[]
 * @throws HostError if there is no function, or one that cannot be bound
 */
export function readRegistrations(
  registered: string,
  settings: AppSettings,
  namespaces: Namespaces = {},
): Registrations {
  const functions = parse(registered);
  if (functions.length === 0) {
    throw new HostError(
      'The app registered 0 functions. Its entry points must call app.eventHub or app.generic while they load.',
    );
  }
  const names: string[] = [];
  const triggers: Trigger[] = [];
  const warnings: string[] = [];
  for (const metadata of functions) {
    const name = text(metadata['name'], 'a registered function', 'name');
    names.push(name);
    const bindings = isFields(metadata['bindings']) ? metadata['bindings'] : {};
    const [bindingName, binding] = triggerBinding(bindings, name);
    const type = text(binding['type'], `Function "${name}"`, 'type of its trigger');
    if (type.toLowerCase() !== 'eventhubtrigger') {
      warnings.push(`Function "${name}" never runs here: its trigger is ${type}.`);
    } else if (isDisabled(name, settings)) {
      warnings.push(`Function "${name}" does not run: the app setting "AzureWebJobs.${name}.Disabled" disables it.`);
    } else {
      triggers.push(readTrigger(metadata, name, bindingName, binding, settings, namespaces));
      const others = Object.keys(bindings).filter((key) => key !== bindingName);
      if (others.length > 0) {
        warnings.push(
          `Function "${name}" runs without its other bindings, which this host does not serve: ${others.join(', ')}.`,
        );
      }
    }
  }
  return { names, triggers, warnings: [...warnings, ...sharedGroups(triggers)] };
}

function parse(registered: string): readonly Fields[] {
  try {
    const parsed: unknown = JSON.parse(registered);
    return Array.isArray(parsed) ? parsed.filter((entry: unknown) => isFields(entry)) : [];
  } catch (error) {
    throw new HostError(`The worker's list of functions cannot be read: ${messageOf(error)}`);
  }
}

function triggerBinding(bindings: Fields, functionName: string): readonly [string, Fields] {
  for (const [name, binding] of Object.entries(bindings)) {
    if (isFields(binding) && typeof binding['type'] === 'string' && /trigger$/i.test(binding['type'])) {
      return [name, binding];
    }
  }
  throw new HostError(`Function "${functionName}" has no trigger.`);
}

/** The platform's switch for one function. */
function isDisabled(name: string, settings: AppSettings): boolean {
  const wanted = `azurewebjobs.${name}.disabled`.toLowerCase();
  const key = Object.keys(settings).find((candidate) => candidate.toLowerCase().replaceAll('__', '.') === wanted);
  return key !== undefined && ['true', '1'].includes(settings[key]?.toLowerCase() ?? '');
}

/** The platform keeps checkpoints by hub and consumer group, not by function: two functions share the partitions. */
function sharedGroups(triggers: readonly Trigger[]): readonly string[] {
  const names = new Map<string, string>();
  const warnings: string[] = [];
  for (const { connection, eventHubName, consumerGroup, functionName } of triggers) {
    const key = `${connection.namespace}/${eventHubName}/${consumerGroup}`.toLowerCase();
    const other = names.get(key);
    names.set(key, functionName);
    if (other !== undefined) {
      warnings.push(
        `Functions "${other}" and "${functionName}" read "${eventHubName}" with the same consumer group ` +
          `"${consumerGroup}": each event reaches only one of them.`,
      );
    }
  }
  return warnings;
}
