import type { Deployment } from './deployment';
import { hostStorage } from './hostStorage';

/** A role that the identity of the app needs. */
export interface NeededRole {
  readonly role: string;
  /** Roles that include it. */
  readonly orMore: readonly string[];
  readonly on: string;
  /** Matches the scope of the resource itself; scopes above it count too. */
  readonly scope: RegExp;
}

/** Roles of the identity that the app runs as. A connection string needs none. */
export function neededRoles({ hubs, environment }: Deployment): readonly NeededRole[] {
  const publisher = { role: 'Monitoring Metrics Publisher', orMore: [] };
  const roles: NeededRole[] = [];
  if (hubs !== undefined && !('connectionString' in hubs.eventHub)) {
    const namespace = hubs.eventHub.fullyQualifiedNamespace.split('.', 1)[0] ?? '';
    const hub = { orMore: ['Azure Event Hubs Data Owner'], scope: new RegExp(`/namespaces/${namespace}(?:$|/)`, 'i') };
    const sources = `the namespace ${namespace}, or the hubs ${hubs.eventHubNames.join(', ')}`;
    roles.push(
      { role: 'Azure Event Hubs Data Receiver', on: sources, ...hub },
      { role: 'Azure Event Hubs Data Sender', on: `the hub ${hubs.deadLetterEventHub} of ${namespace}`, ...hub },
    );
  }
  roles.push({ ...publisher, on: 'each DCR', scope: /\/dataCollectionRules\//i });
  const storage = hostStorage(environment);
  if (storage.kind === 'identity') {
    const name = storage.account.replaceAll(/[^\w-]/g, '.');
    const scope = new RegExp(`/storageAccounts/${name}(?:$|/)`, 'i');
    roles.push({ role: 'Storage Blob Data Owner', orMore: [], on: `the storage account ${storage.account}`, scope });
  }
  if (/authorization=aad/i.test(environment['APPLICATIONINSIGHTS_AUTHENTICATION_STRING'] ?? '')) {
    const scope = /\/providers\/microsoft\.insights\/components\//i;
    roles.push({ ...publisher, on: 'the Application Insights resource', scope });
  }
  return roles;
}
