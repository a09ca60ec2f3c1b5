import { resolve } from 'node:path';
import { FaultPlan } from '../faults';
import type { HostOptions } from '.';
import type { HostFault } from './faults';
import { readHostJson } from './hostJson';
import { Instance } from './instance';
import { filterLogs, type Log } from './logs';
import { readPartitionEnds } from './positions';
import { readRegistrations } from './registrations';
import { RunningHost, type Source } from './runningHost';
import { FunctionRuntime, type HostRuntime } from './runtime';
import { DirectoryShelf } from './store/directoryShelf';
import { MemoryShelf } from './store/memoryShelf';
import { PartitionStore } from './store/partitionStore';
import type { Trigger } from './trigger';
import { workerEnvironment } from './workerEnvironment';
import { workerSource } from './workerSource';

/** The platform's limit for a worker process to come up (WorkerProcessCountOptions.cs). */
const startTimeoutMs = 60_000;
/** With one of these the platform's host sends telemetry; this one only traces as if it did. */
const telemetrySettings = ['APPLICATIONINSIGHTS_CONNECTION_STRING', 'OTEL_EXPORTER_OTLP_ENDPOINT'];
const includeEmptyEntries = 'IncludeEmptyEntriesInMessagePayload';

/** Everything that has to be right before the first event is read: settings, the app itself, its functions, the hubs. */
export async function start(options: HostOptions, workers: number): Promise<RunningHost> {
  const appDirectory = resolve(options.appDirectory);
  const settings = readHostJson(appDirectory, options.environment);
  const log = filterLogs(settings.logLevels, options.log ?? (() => {}));
  warn(
    log,
    settings.unknown.map((name) => `host.json: "${name}" is not known and has no effect.`),
  );
  if (settings.eventHubs.minEventBatchSize > 1) {
    warn(log, ['host.json: "extensions.eventHubs.minEventBatchSize" has no effect in this local host.']);
  }
  const workerOptions = {
    source: await workerSource(),
    startTimeoutMs: startTimeoutMs,
    appDirectory,
    environment: workerEnvironment(options.environment, appDirectory),
  };
  const first = new Instance(workerOptions, log);
  try {
    const app = await first.started;
    const { names, triggers, warnings } = readRegistrations(app.functions, options.environment, options.namespaces);
    warn(log, warnings);
    const onEvent = options.onEvent ?? (() => {});
    const store = new PartitionStore(newShelf(options.checkpointDirectory));
    store.on('checkpoint', (_, { partitionId, sequenceNumber }) =>
      onEvent({ kind: 'checkpoint', partitionId, sequenceNumber }),
    );
    store.on('claimed', (_, partitionId, ownerId) => onEvent({ kind: 'claimed', partitionId, ownerId }));
    const host: HostRuntime = {
      settings,
      store,
      faults: new FaultPlan<HostFault>(),
      log,
      clockScale: options.clockScale ?? 1,
      onEvent,
      hasTelemetry: telemetrySettings.some((name) => (options.environment[name] ?? '') !== ''),
      includeEmptyEntries: (app.capabilities[includeEmptyEntries] ?? '').trim() !== '',
    };
    const sources = await Promise.all(triggers.map((trigger) => open(host, trigger)));
    const running = new RunningHost(names, host, workerOptions, sources);
    running.join(first);
    await running.scale(workers).catch(async (error: unknown) => {
      await running.stop();
      throw error;
    });
    return running;
  } catch (error) {
    first.kill();
    throw error;
  }
}

async function open(host: HostRuntime, trigger: Trigger): Promise<Source> {
  const runtime = new FunctionRuntime(host, trigger);
  return { runtime, ends: await readPartitionEnds(runtime) };
}

function newShelf(directory: string | undefined): MemoryShelf | DirectoryShelf {
  return directory === undefined ? new MemoryShelf() : new DirectoryShelf(resolve(directory));
}

function warn(log: Log, messages: readonly string[]): void {
  for (const message of messages) log({ level: 'warning', category: 'Host.Startup', message });
}
