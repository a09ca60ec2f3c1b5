import { join } from 'node:path';
import Table from 'cli-table3';
import type { Services } from './services';

/** A whole local.settings.json for Azure Functions Core Tools. */
export interface LocalSettings {
  readonly IsEncrypted: false;
  readonly Values: Readonly<Record<string, string>>;
}

/**
 * Settings with which the app finds the emulators. The certificate is not among them: it belongs into the environment of
 * the process that starts Node.
 */
export function localSettings({ appSettings, hub, deadLetterHub, stream }: Services): LocalSettings {
  const { NODE_EXTRA_CA_CERTS: _, ...settings } = appSettings;
  return {
    IsEncrypted: false,
    Values: {
      FUNCTIONS_WORKER_RUNTIME: 'node',
      AzureWebJobsStorage: 'UseDevelopmentStorage=true',
      ...settings,
      EVENT_HUB_NAMES: hub,
      DEAD_LETTER_EVENT_HUB: deadLetterHub,
      LOGS_INGESTION_STREAM: stream,
    },
  };
}

/** Everything that a program needs to use the emulators. */
export function particulars(services: Services, partitions: number): object {
  const { eventHubs, identity, ingestion, hub, deadLetterHub, ruleId, stream, directory, certificate } = services;
  return {
    eventHubs: {
      port: eventHubs.port,
      connectionString: eventHubs.connectionString(),
      fullyQualifiedNamespace: eventHubs.fullyQualifiedNamespace,
      hub,
      partitions,
      deadLetterHub,
    },
    ingestion: { endpoint: ingestion.endpoint, ruleId, stream, rows: rowsFile(services), certificate },
    identity: { endpoint: identity.endpoint, header: identity.header },
    directory,
    settings: localSettings(services).Values,
  };
}

/** The same for a reader. */
export function overview(services: Services, partitions: number): string {
  const { eventHubs, identity, ingestion, hub, deadLetterHub, ruleId, stream, certificate } = services;
  const table = new Table({ style: { head: [], border: [] } });
  table.push(
    ['Event Hubs', `127.0.0.1:${eventHubs.port}`],
    ['  by identity (TLS)', eventHubs.fullyQualifiedNamespace],
    ['  source hub', `${hub} (${partitions} partition${partitions === 1 ? '' : 's'})`],
    ['  dead-letter hub', deadLetterHub],
    ['Logs Ingestion', ingestion.endpoint],
    ['  rule, stream', `${ruleId}, ${stream}`],
    ['  rows', rowsFile(services)],
    ['Managed identity', identity.endpoint],
    ['  IDENTITY_HEADER', identity.header],
    ['Certificate', certificate],
  );
  // Outside the table, so that it can be copied whole.
  return `${table.toString()}\n\nConnection string of Event Hubs:\n  ${eventHubs.connectionString()}`;
}

function rowsFile({ directory, stream }: Services): string {
  return join(directory, `${stream}.ndjson`);
}
