import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeCertificate } from 'azure-emulators/certificate';
import { type EventHubsEmulator, startEventHubs } from 'azure-emulators/eventhubs';
import { type FunctionsHost, type HostOptions, startHost } from 'azure-emulators/host';
import { type IdentityEndpoint, startIdentity } from 'azure-emulators/identity';
import { type IngestionEmulator, type StoredCall, startIngestion } from 'azure-emulators/ingestion';
import { startTelemetry, type TelemetryEndpoint } from 'azure-emulators/telemetry';
import { startWorkspace, type WorkspaceEmulator } from 'azure-emulators/workspace';
import { columns } from '../../shared/sessions/networkSessionsColumns';
import { type WritableColumn, writableColumns } from '../../shared/sessions/row';
import { firstEventAnswer } from './firstEventAnswer';

/** The emulators that replace Azure on a laptop, and the app settings for them. */
export interface Services {
  readonly eventHubs: EventHubsEmulator;
  readonly identity: IdentityEndpoint;
  readonly ingestion: IngestionEmulator;
  /** The workspace of the rows, in which `npm run doctor -- --send` finds its row. */
  readonly workspace: WorkspaceEmulator;
  /** Application Insights, if `telemetry` is set. */
  readonly telemetry: TelemetryEndpoint | undefined;
  readonly hub: string;
  readonly deadLetterHub: string;
  readonly stream: string;
  readonly ruleId: string;
  /** Absolute path of the folder with the rows, one NDJSON file per stream. */
  readonly directory: string;
  /** File with the certificate of all that speak TLS, for NODE_EXTRA_CA_CERTS. */
  readonly certificate: string;
  /** App settings as in `local.settings.json`: Event Hubs by connection string. */
  readonly appSettings: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface ServicesOptions {
  /** The folder for the stored rows, one file per stream, and for the certificate that clients must trust. */
  readonly directory: string;
  /** Partitions of the source hub. */
  readonly partitions?: number;
  /** Ports on 127.0.0.1; default any free one. */
  readonly ports?: Readonly<
    Partial<Record<'eventHubs' | 'eventHubsTls' | 'identity' | 'ingestion' | 'workspace', number>>
  >;
  /** Secret of the identity endpoint (IDENTITY_HEADER); default a new one. */
  readonly identityHeader?: string;
  /** Added to the app settings made here; replaces those with the same name. */
  readonly appSettings?: Readonly<Record<string, string>>;
  /** Keep the events of the hubs in files below `directory`, not in memory. */
  readonly keepEventsOnDisk?: boolean;
  /** Consumer groups of each hub, besides `$Default`. */
  readonly consumerGroups?: readonly string[];
  /** Bytes that each partition keeps; the oldest events expire first. Default no limit. */
  readonly retentionBytes?: number;
  /** Wrong types that the DCR declares for some columns: it rejects rows that fill them. */
  readonly wrongTypes?: Readonly<Partial<Record<WritableColumn, string>>>;
  readonly onStored?: (call: StoredCall) => void;
  /** Called when rows or telemetry cannot be written to `directory`. */
  readonly onWriteFailed?: (error: Error) => void;
  /** Also run Application Insights, which writes `telemetry.ndjson` in `directory`. Default no. */
  readonly telemetry?: boolean;
}

const hub = 'insights-logs-advancedhunting-devicenetworkevents';
const deadLetterHub = 'network-sessions-dead-letters';
const stream = 'Custom-NetworkSessions';
const audience = 'https://monitor.azure.com';
const ruleId = 'dcr-00000000000000000000000000000001';

/** The same settings with Event Hubs by identity, as in Azure. */
function identitySettings({ appSettings, eventHubs }: Services): Record<string, string> {
  const { EventHub: _, ...others } = appSettings;
  return { ...others, EventHub__fullyQualifiedNamespace: eventHubs.fullyQualifiedNamespace ?? '' };
}

export async function startServices(options: ServicesOptions): Promise<Services> {
  const { partitions = 4, ports = {}, identityHeader, wrongTypes = {}, onStored } = options;
  const { consumerGroups = [], retentionBytes, onWriteFailed } = options;
  const writeFailed = onWriteFailed === undefined ? {} : { onWriteFailed };
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).toReversed()) await each();
  };
  try {
    const certificate = await makeCertificate();
    const identity = await startIdentity({
      port: ports.identity ?? 0,
      ...(identityHeader === undefined ? {} : { header: identityHeader }),
    });
    stops.push(() => identity.stop());
    const eventHubs = await startEventHubs({
      hubs: [
        { name: hub, partitions, consumerGroups },
        { name: deadLetterHub, partitions: 1, consumerGroups },
      ],
      port: ports.eventHubs ?? 0,
      ...(retentionBytes === undefined ? {} : { retentionBytes }),
      tls: { port: ports.eventHubsTls ?? 0, certificate, identify: (token) => identity.inspect(token) },
      ...(options.keepEventsOnDisk === true ? { directory: join(directory, 'hubs') } : {}),
    });
    stops.push(() => eventHubs.stop());
    const declared = writableColumns.map((name) => ({ name, type: wrongTypes[name] ?? columns[name] }));
    const ingestion = await startIngestion({
      rules: [{ immutableId: ruleId, streams: { [stream]: declared } }],
      authorize: (authorization) => identity.verify(authorization, audience),
      directory,
      certificate,
      port: ports.ingestion ?? 0,
      ...(onStored === undefined ? {} : { onStored }),
      ...writeFailed,
    });
    stops.push(() => ingestion.stop());
    const workspace = await startWorkspace({
      tables: { NetworkSessions_CL: 'Analytics' },
      answer: await firstEventAnswer(() => ingestion.storedRows(stream)),
      authorize: (authorization, wanted) => identity.verify(authorization, wanted),
      certificate,
      port: ports.workspace ?? 0,
    });
    stops.push(() => workspace.stop());
    const telemetry =
      options.telemetry === true
        ? await startTelemetry({
            authorize: (authorization) => identity.verify(authorization, audience),
            directory,
            certificate,
            ...writeFailed,
          })
        : undefined;
    if (telemetry !== undefined) stops.push(() => telemetry.stop());
    const certificateFile = join(directory, 'emulator.pem');
    await writeFile(certificateFile, certificate.cert, { mode: 0o600 });
    return {
      eventHubs,
      identity,
      ingestion,
      workspace,
      telemetry,
      hub,
      deadLetterHub,
      stream,
      ruleId,
      directory,
      certificate: certificateFile,
      appSettings: {
        EventHub: eventHubs.connectionString(),
        LOGS_INGESTION_ENDPOINT: ingestion.endpoint,
        LOGS_INGESTION_RULE_IDS: ruleId,
        ...identity.environment,
        NODE_EXTRA_CA_CERTS: certificateFile,
        ...(telemetry === undefined
          ? {}
          : {
              APPLICATIONINSIGHTS_CONNECTION_STRING: telemetry.connectionString,
              APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD',
            }),
        ...options.appSettings,
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs the built app in `appDirectory` against the services, signed in with its managed identity everywhere. */
export async function startApp(
  services: Services,
  appDirectory: string,
  options: Pick<HostOptions, 'log' | 'workers' | 'clockScale' | 'onEvent' | 'checkpointDirectory'>,
): Promise<FunctionsHost> {
  const { eventHubs } = services;
  return startHost({
    ...options,
    appDirectory,
    environment: identitySettings(services),
    namespaces: { [eventHubs.fullyQualifiedNamespace ?? '']: eventHubs.connectionString() },
  });
}
