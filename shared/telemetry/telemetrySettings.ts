import type { Environment } from '../config';
import { guid } from '../guid';

/** Where telemetry is sent, and how. */
export interface TelemetrySettings {
  readonly connectionString: string;
  /** The managed identity to sign in with. Without it the key in the connection string is enough. */
  readonly identity: { readonly clientId: string | undefined } | undefined;
  readonly intervalSeconds: number;
}

export type ReadSettings =
  | { readonly kind: 'off' }
  | { readonly kind: 'on'; readonly connectionString: string; readonly identity: TelemetrySettings['identity'] }
  | { readonly kind: 'wrong'; readonly problem: string };

const connectionName = 'APPLICATIONINSIGHTS_CONNECTION_STRING';
const authenticationName = 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING';

/**
 * Reads the platform's two settings. Telemetry is off without the first. A problem never quotes a value, because it may hold
 * the key.
 */
export function readTelemetrySettings(environment: Environment): ReadSettings {
  const connectionString = environment[connectionName]?.trim() ?? '';
  if (connectionString === '') return { kind: 'off' };
  const connection = partsOf(connectionString);
  if (connection === undefined) return wrong(connectionName, 'expected Name=value pairs, separated by semicolons');
  // The exporter accepts a key in lower case only.
  const key = connection.get('instrumentationkey') ?? '';
  if (!guid.test(key) || key !== key.toLowerCase()) {
    return wrong(connectionName, 'expected InstrumentationKey=<GUID in lower case>');
  }
  const endpoint = connection.get('ingestionendpoint');
  if (endpoint !== undefined && !(URL.canParse(endpoint) && new URL(endpoint).protocol === 'https:')) {
    return wrong(connectionName, 'expected IngestionEndpoint=https://...');
  }
  const authentication = environment[authenticationName]?.trim() ?? '';
  if (authentication === '') return { kind: 'on', connectionString, identity: undefined };
  const parts = partsOf(authentication);
  if (parts?.get('authorization')?.toUpperCase() !== 'AAD') {
    return wrong(authenticationName, 'expected Authorization=AAD, and ClientId=<GUID> for a user-assigned identity');
  }
  const clientId = parts.get('clientid');
  if (clientId !== undefined && !guid.test(clientId)) return wrong(authenticationName, 'expected ClientId=<GUID>');
  return { kind: 'on', connectionString, identity: { clientId } };
}

function wrong(name: string, expected: string): ReadSettings {
  return { kind: 'wrong', problem: `${name}: ${expected}; its value is not shown. The app works without telemetry.` };
}

/** Undefined when a part is not `Name=value`: the exporter would ignore the whole string. */
function partsOf(text: string): ReadonlyMap<string, string> | undefined {
  const parts = new Map<string, string>();
  for (const part of text.split(';').map((one) => one.trim())) {
    if (part === '') continue;
    const [name = '', value = '', ...more] = part.split('=');
    if (name.trim() === '' || value.trim() === '' || more.length > 0) return undefined;
    parts.set(name.trim().toLowerCase(), value.trim());
  }
  return parts.size === 0 ? undefined : parts;
}
