import { join } from 'node:path';
import Table from 'cli-table3';
import { counted } from '../common/numberText';
import { doctorLines, localSettings } from './localSettings';
import type { Services } from './services';

/** Everything that a program needs to use the emulators. */
export function particulars(services: Services, partitions: number): object {
  const { eventHubs, identity, ingestion, workspace, hub, deadLetterHub, ruleId, stream, directory, certificate } =
    services;
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
    workspace: { endpoint: workspace.endpoint, resourceId: workspace.resourceId, customerId: workspace.customerId },
    directory,
    settings: localSettings(services).Values,
  };
}

/** The same for a person, in lines of at most `width` characters; paths and the connection string stay whole for copying. */
export function overview(services: Services, partitions: number, width: number, root: string): string {
  const { eventHubs, identity, ingestion, workspace, hub, deadLetterHub, ruleId, stream, certificate } = services;
  const rows: [string, string][] = [
    ['Event Hubs', `127.0.0.1:${eventHubs.port}`],
    ['  by identity (TLS)', eventHubs.fullyQualifiedNamespace ?? ''],
    ['  source hub', hub],
    ['  its size', counted(partitions, 'partition')],
    ['  dead-letter hub', deadLetterHub],
    ['Logs Ingestion', ingestion.endpoint],
    ['  DCR', ruleId],
    ['  stream', stream],
    ['Log Analytics', workspace.endpoint],
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
    `${doctorLines(services, root)}\nNo app runs here (npm start runs one). Without one the record stays in the hub.`,
  ].join('\n\n');
}

function rowsFile({ directory, stream }: Services): string {
  return join(directory, `${stream}.ndjson`);
}
