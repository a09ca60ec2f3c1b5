import type { Deployment } from './deployment';
import { hostStorage } from './hostStorage';

/** A role that the identity of the app needs. */
export interface NeededRole {
  readonly role: string;
  /** Roles that include it. */
  readonly orMore: readonly string[];
  readonly on: string;
  /** What a scope looks like that is the resource itself; scopes above it hold for it too. */
  readonly scope: RegExp;
}

/** Roles of the identity with which the app runs. By key no role is needed. */
export function neededRoles({ hubs, environment }: Deployment): readonly NeededRole[] {
  const byIdentity = hubs !== undefined && !('connectionString' in hubs.eventHub) ? hubs.eventHub : undefined;
  const namespace = byIdentity?.fullyQualifiedNamespace.split('.', 1)[0] ?? '';
  const inNamespace = new RegExp(`/namespaces/${namespace}(?:$|/)`, 'i');
  const storage = hostStorage(environment);
  const signsInToTelemetry = /authorization=aad/i.test(environment['APPLICATIONINSIGHTS_AUTHENTICATION_STRING'] ?? '');
  const owner = ['Azure Event Hubs Data Owner'];
  return [
    ...(hubs === undefined || byIdentity === undefined
      ? []
      : [
          {
            role: 'Azure Event Hubs Data Receiver',
            orMore: owner,
            on: `the namespace ${namespace}, or the hubs ${hubs.eventHubNames.join(', ')}`,
            scope: inNamespace,
          },
          {
            role: 'Azure Event Hubs Data Sender',
            orMore: owner,
            on: `the hub ${hubs.deadLetterEventHub} of ${namespace}`,
            scope: inNamespace,
          },
        ]),
    {
      role: 'Monitoring Metrics Publisher',
      orMore: [],
      on: 'each Data Collection Rule',
      scope: /\/dataCollectionRules\//i,
    },
    ...(storage.kind !== 'identity'
      ? []
      : [
          {
            role: 'Storage Blob Data Owner',
            orMore: [],
            on: `the storage account ${storage.account}`,
            scope: new RegExp(`/storageAccounts/${storage.account.replaceAll(/[^\w-]/g, '.')}(?:$|/)`, 'i'),
          },
        ]),
    ...(signsInToTelemetry
      ? [
          {
            role: 'Monitoring Metrics Publisher',
            orMore: [],
            on: 'the Application Insights resource',
            scope: /\/providers\/microsoft\.insights\/components\//i,
          },
        ]
      : []),
  ];
}
