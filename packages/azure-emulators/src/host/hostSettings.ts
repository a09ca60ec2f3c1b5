import { parseEventHubConnectionString } from '@azure/event-hubs';
import { HostError, messageOf } from './hostError';

export type AppSettings = Readonly<Record<string, string>>;

/** A setting by name. As in .NET, case does not matter. */
function find(settings: AppSettings, name: string): string | undefined {
  const wanted = name.toLowerCase();
  const key = Object.keys(settings).find((candidate) => candidate.toLowerCase() === wanted);
  return key === undefined || settings[key] === '' ? undefined : settings[key];
}

/**
 * Replaces each `%Name%` by the app setting of that name.
 * @throws HostError if there is no such setting
 */
export function expand(text: string, settings: AppSettings, where: string): string {
  return text.replace(/%([^%]*)%/g, (_, name: string) => {
    const value = find(settings, name);
    if (value === undefined) {
      throw new HostError(`${where} is "${text}", but there is no app setting "${name}".`);
    }
    return value;
  });
}

export interface Connection {
  readonly connectionString: string;
  /** Host name of the namespace. */
  readonly namespace: string;
  /** The hub that the connection string names. It replaces the binding's. */
  readonly entityPath: string | undefined;
}

/** Connection strings by their fully qualified namespace (`host` or `host:port`). */
export type Namespaces = Readonly<Record<string, string>>;

/**
 * Resolves a binding's `connection` by Functions' convention (EventHubClientFactory.cs of the WebJobs extension): the
 * app setting `AzureWebJobs<name>` or `<name>` holds a connection string, or `<name>__fullyQualifiedNamespace` a host
 * name for an identity. This host does not sign in as the app: it uses the namespace's connection string.
 */
export function resolveConnection(
  name: string,
  settings: AppSettings,
  where: string,
  namespaces: Namespaces = {},
): Connection {
  const value =
    find(settings, `AzureWebJobs${name}`) ??
    find(settings, name) ??
    namespaces[find(settings, `${name}__fullyQualifiedNamespace`) ?? ''];
  if (value === undefined) {
    throw missingConnection(name, settings, where);
  }
  try {
    const { endpoint, eventHubName } = parseEventHubConnectionString(value);
    return { connectionString: value, namespace: new URL(endpoint).hostname, entityPath: eventHubName };
  } catch (error) {
    throw new HostError(`${where}: the app setting "${name}" is no Event Hubs connection string: ${messageOf(error)}`);
  }
}

function missingConnection(name: string, settings: AppSettings, where: string): HostError {
  if (/\bEndpoint\s*=/i.test(name)) {
    return new HostError(
      `${where}: "connection" holds a connection string (not shown); it must hold the name of an app setting.`,
    );
  }
  if (find(settings, `${name}__fullyQualifiedNamespace`) !== undefined) {
    return new HostError(
      `${where}: "${name}__fullyQualifiedNamespace" asks for an identity. This local host needs a connection string: set "${name}" to one, or start the host with one for that namespace.`,
    );
  }
  return new HostError(`${where}: there is no app setting "${name}". Set it to an Event Hubs connection string.`);
}
