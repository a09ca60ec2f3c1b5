import { EventHubProducerClient } from '@azure/event-hubs';
import { type EventHubsEmulator, startEventHubs } from '../../../src/eventhubs';
import { type FunctionsHost, type HostOptions, startHost } from '../../../src/host';
import { bundle, removeFolders, writeApp } from './fixture';
import { Lines } from './lines';

const hubName = 'flows';

export interface BenchOptions {
  /** Body of the app's one file, in which `app` is `@azure/functions`' and `hub` the options of a binary batch trigger. */
  readonly code: string;
  readonly partitions?: number;
  /** Merged into `extensions.eventHubs`. */
  readonly eventHubs?: Readonly<Record<string, unknown>>;
  /** Merged into host.json. */
  readonly hostJson?: Readonly<Record<string, unknown>>;
  /** Events that are there before the host starts: bodies by partition. */
  readonly events?: Readonly<Record<string, readonly string[]>>;
  /** Added to the app's folder, replacing what is there. */
  readonly files?: Readonly<Record<string, unknown>>;
  readonly settings?: Readonly<Record<string, string>>;
  readonly host?: Partial<HostOptions>;
}

export interface Bench {
  readonly host: FunctionsHost;
  readonly eventHubs: EventHubsEmulator;
  readonly lines: Lines;
  readonly options: HostOptions;
  readonly producer: EventHubProducerClient;
  readonly send: (partitionId: string, bodies: readonly (string | Buffer)[]) => Promise<void>;
  /** Another host over the same app and hub. */
  readonly again: (options?: Partial<HostOptions>) => Promise<FunctionsHost>;
}

const cleaning: (() => Promise<void>)[] = [];

/** Ends everything that the test started, newest first. Call it in afterEach. */
export async function clean(): Promise<void> {
  for (const step of cleaning.splice(0).toReversed()) await step();
  removeFolders();
}

/** An emulator with one hub, an app, and a host that runs it. Waits are a hundredth of what host.json says. */
export async function startBench(options: BenchOptions): Promise<Bench> {
  const eventHubs = await startEventHubs({ hubs: [{ name: hubName, partitions: options.partitions ?? 1 }] });
  cleaning.push(() => eventHubs.stop());
  const producer = new EventHubProducerClient(eventHubs.connectionString(hubName));
  cleaning.push(() => producer.close());
  const send = async (partitionId: string, bodies: readonly (string | Buffer)[]): Promise<void> => {
    await producer.sendBatch(
      bodies.map((body) => ({ body: Buffer.from(body) })),
      { partitionId },
    );
  };
  for (const [partitionId, bodies] of Object.entries(options.events ?? {})) await send(partitionId, bodies);

  const lines = new Lines();
  const hostOptions: HostOptions = {
    appDirectory: appOf(options),
    environment: { EventHub: eventHubs.connectionString(), ...options.settings },
    log: lines.log,
    clockScale: 0.01,
    ...options.host,
  };
  const start = async (more: Partial<HostOptions> = {}): Promise<FunctionsHost> => {
    const host = await startHost({ ...hostOptions, ...more });
    cleaning.push(() => host.stop());
    return host;
  };
  return { host: await start(), eventHubs, lines, options: hostOptions, producer, send, again: start };
}

function appOf({ code, eventHubs, hostJson, files }: BenchOptions): string {
  return writeApp({
    'host.json': {
      version: '2.0',
      extensionBundle: bundle,
      logging: { logLevel: { default: 'Debug' } },
      extensions: { eventHubs: { maxEventBatchSize: 16, prefetchCount: 32, ...eventHubs } },
      ...hostJson,
    },
    'package.json': { main: 'dist/main.js' },
    'dist/main.js': `
      const { app } = require('@azure/functions');
      const hub = { connection: 'EventHub', eventHubName: '${hubName}', cardinality: 'many', dataType: 'binary' };
      const tell = (context, what) => context.log('seen', JSON.stringify(what));
      ${code}`,
    ...files,
  });
}
