import { join } from 'node:path';
import Table from 'cli-table3';
import { counted } from '../common/numberText';
import type { Services } from './services';

/** A whole local.settings.json for Azure Functions Core Tools. */
export interface LocalSettings {
  readonly IsEncrypted: false;
  readonly Values: Readonly<Record<string, string>>;
}

/**
 * Settings with which the app finds the emulators. The certificate is not among them: it belongs in the environment of the
 * process that starts Node.
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

/** The same for a person, in lines of at most `width` characters; paths and the connection string stay whole for copying. */
export function overview(services: Services, partitions: number, width: number): string {
  const { eventHubs, identity, ingestion, hub, deadLetterHub, ruleId, stream, certificate } = services;
  const rows: [string, string][] = [
    ['Event Hubs', `127.0.0.1:${eventHubs.port}`],
    ['  by identity (TLS)', eventHubs.fullyQualifiedNamespace ?? ''],
    ['  source hub', hub],
    ['  its size', counted(partitions, 'partition')],
    ['  dead-letter hub', deadLetterHub],
    ['Logs Ingestion', ingestion.endpoint],
    ['  DCR', ruleId],
    ['  stream', stream],
    ['Managed identity', identity.endpoint],
    ['  IDENTITY_HEADER', identity.header],
  ];
  const widest = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length));
  // Two cells, each with a space on both sides, between three lines.
  const isTable = widest(0) + widest(1) + 7 <= width;
  const table = new Table({ style: { head: [], border: [] } });
  table.push(...rows);
  return [
    isTable ? table.toString() : rows.map(([name, value]) => `${name}\n    ${value}`).join('\n'),
    `Rows are stored in\n  ${rowsFile(services)}`,
    `Certificate, for NODE_EXTRA_CA_CERTS:\n  ${certificate}`,
    `Connection string of Event Hubs:\n  ${eventHubs.connectionString()}`,
  ].join('\n\n');
}

function rowsFile({ directory, stream }: Services): string {
  return join(directory, `${stream}.ndjson`);
}
