import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificate } from 'azure-emulators/certificate';
import { type EventHubsEmulator, startEventHubs } from 'azure-emulators/eventhubs';
import { startIdentity } from 'azure-emulators/identity';
import { type Children, waitFor } from './child';

export interface Emulators {
  readonly eventHubs: EventHubsEmulator;
  /** What packages/azure-emulators/test/interop/Settings.cs reads. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Partitions of the hub of each check, whose name it has. */
const hubs = { properties: 4, send: 4, idempotent: 4, receive: 8, epoch: 1, balance: 8, identity: 2, retry: 1 };

export async function startEmulators(children: Children, out: string, storageProgram: string): Promise<Emulators> {
  const certificate = await makeCertificate();
  const certificateFile = join(out, 'emulator.pem');
  await writeFile(certificateFile, certificate.cert);
  const identity = await startIdentity();
  const eventHubs = await startEventHubs({
    hubs: Object.entries(hubs).map(([name, partitions]) => ({ name, partitions })),
    tls: { certificate, identify: (token) => identity.inspect(token) },
  });
  const stop = async (): Promise<void> => {
    await eventHubs.stop();
    await identity.stop();
  };
  try {
    return {
      eventHubs,
      environment: {
        INTEROP_CONNECTION_STRING: eventHubs.connectionString(),
        INTEROP_NAMESPACE: eventHubs.fullyQualifiedNamespace ?? '',
        INTEROP_CERTIFICATE: certificateFile,
        INTEROP_STORAGE: await startStorage(children, out, storageProgram),
        ...identity.environment,
        NO_PROXY: '127.0.0.1,localhost',
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts the storage emulator, blobs in memory, with a key of its own; returns its connection string. */
async function startStorage(children: Children, directory: string, program: string): Promise<string> {
  const account = 'interop';
  const key = randomBytes(64).toString('base64');
  const child = children.start(
    process.execPath,
    [program, '--blobHost', '127.0.0.1', '--blobPort', '0', '--inMemoryPersistence', '--disableTelemetry'],
    { directory, environment: { AZURITE_ACCOUNTS: `${account}:${key}` } },
  );
  let over: string | undefined;
  void child.ended.then(
    ({ stdout, stderr }) => (over = stdout + stderr),
    (error: unknown) => (over = String(error)),
  );
  const listening = (): string | undefined =>
    child.lines().flatMap((line) => /successfully listens on (http:\/\/\S+)/.exec(line)?.[1] ?? [])[0];
  const endpoint = await waitFor(() => listening() ?? over, 60_000);
  if (endpoint === undefined || over !== undefined) {
    throw new Error(`Azurite did not start: ${over ?? 'it did not listen after 60 s'}`);
  }
  return `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${endpoint}/${account};`;
}
