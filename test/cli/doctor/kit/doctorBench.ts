import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, makeCertificate } from 'azure-emulators/certificate';
import { type EventHubsEmulator, type EventHubsOptions, startEventHubs } from 'azure-emulators/eventhubs';
import { type IdentityEndpoint, startIdentity } from 'azure-emulators/identity';
import { type IngestionEmulator, startIngestion } from 'azure-emulators/ingestion';
import { columns } from '../../../../shared/sessions/networkSessionsColumns';
import { writableColumns } from '../../../../shared/sessions/row';
import { accountOf, type Ended, run } from '../../replay/kit/replayCommand';
import { type CheckpointServer, startCheckpointServer } from './checkpointServer';

/** A busy machine must not look like a server that does not answer. */
const patience = ['--timeout', '120'];

/** The defaults of the app's settings. */
export const hub = 'insights-logs-advancedhunting-devicenetworkevents';
export const deadLetterHub = 'network-sessions-dead-letters';
export const stream = 'Custom-NetworkSessions';
export const rule = 'dcr-1';
export const ruleWithoutRole = 'dcr-2';
/** Client id of an identity that may receive from the hubs and not send. */
export const reader = '11111111-2222-3333-4444-555555555555';

export interface Bench {
  readonly eventHubs: EventHubsEmulator;
  readonly identity: IdentityEndpoint;
  readonly ingestion: IngestionEmulator;
  readonly storage: CheckpointServer;
  readonly folder: string;
  /** That the command trusts. */
  readonly certificate: Certificate;
  /** Settings with which all is well: by identity, as in Azure. */
  readonly environment: Readonly<Record<string, string>>;
  /** The command with these settings in its environment, or with others in their place. */
  readonly doctor: (changes?: Readonly<Record<string, string>>, ...args: readonly string[]) => Promise<Report>;
  readonly stop: () => Promise<void>;
}

export interface Finding {
  readonly status: string;
  readonly subject: string;
  readonly found: string;
  readonly next?: string;
}

export interface Report extends Ended {
  readonly of: (check: string) => readonly Finding[];
  /** `check status`, of everything that is not ok. */
  readonly troubles: readonly string[];
}

export async function startBench(options: Partial<EventHubsOptions> = {}): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  const certificate = await makeCertificate();
  const identity = await startIdentity({ clientIds: [reader] });
  const eventHubs = await startEventHubs({
    hubs: [
      { name: hub, partitions: 2, consumerGroups: ['network-sessions'] },
      { name: deadLetterHub, partitions: 1 },
    ],
    tls: {
      certificate,
      identify: (token) => identity.inspect(token),
      claimsOf: (clientId) => (clientId === reader ? ['Listen'] : ['Send', 'Listen']),
    },
    ...options,
  });
  const declared = writableColumns.map((name) => ({ name, type: columns[name] }));
  const ingestion = await startIngestion({
    rules: [
      { immutableId: rule, streams: { [stream]: declared } },
      { immutableId: ruleWithoutRole, streams: { [stream]: declared }, allowedClientIds: [] },
    ],
    authorize: (authorization) => identity.verify(authorization, 'https://monitor.azure.com'),
    certificate,
    clientIdOf: (authorization) => identity.clientIdOf(authorization),
  });
  const storage = await startCheckpointServer();
  const trusted = join(folder, 'emulator.pem');
  await writeFile(trusted, certificate.cert);
  const environment = {
    EventHub__fullyQualifiedNamespace: eventHubs.fullyQualifiedNamespace ?? '',
    EVENT_HUB_CONSUMER_GROUP: 'network-sessions',
    LOGS_INGESTION_ENDPOINT: ingestion.endpoint,
    LOGS_INGESTION_RULE_IDS: rule,
    AzureWebJobsStorage: storage.connectionString,
    NODE_EXTRA_CA_CERTS: trusted,
    ...identity.environment,
  };
  return {
    eventHubs,
    identity,
    ingestion,
    storage,
    folder,
    certificate,
    environment,
    doctor: async (changes = {}, ...args) =>
      reportOf(await run('doctor', ['--json', ...patience, ...args], folder, { ...environment, ...changes })),
    stop: async () => {
      await Promise.all([eventHubs.stop(), identity.stop(), ingestion.stop(), storage.stop()]);
      await rm(folder, { recursive: true });
    },
  };
}

function reportOf(ended: Ended): Report {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the command promises this object in its last line.
  const { checks } = accountOf(ended) as { checks: { id: string; findings: Finding[] }[] };
  return {
    ...ended,
    of: (check) => checks.find(({ id }) => id === check)?.findings ?? [],
    troubles: checks.flatMap(({ id, findings }) =>
      findings.filter(({ status }) => status !== 'ok').map(({ status }) => `${id} ${status}`),
    ),
  };
}
