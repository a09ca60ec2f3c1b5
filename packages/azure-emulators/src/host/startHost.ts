import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FaultPlan } from '../injectedFaults';
import { CheckpointFolder } from './checkpointFolder';
import type { HostOptions } from './functionsHost';
import type { HostFault } from './hostFaults';
import { readHostJson } from './hostJson';
import { Instance } from './instance';
import { filterLogs, type Log } from './logs';
import { readPartitionEnds } from './partitionEnds';
import { PartitionStore } from './partitionStore';
import { readRegistrations } from './registrations';
import { RunningHost } from './runningHost';
import { FunctionRuntime, type HostRuntime } from './runtime';
import { workerEnvironment } from './workerEnvironment';
import { workerSource } from './workerSource';

/** The platform's limit for a worker process to come up (WorkerProcessCountOptions.cs). */
const startTimeoutMs = 60_000;
/** If one of these is set, the platform's host sends telemetry. This host only passes on the trace context. */
const telemetrySettings = ['APPLICATIONINSIGHTS_CONNECTION_STRING', 'OTEL_EXPORTER_OTLP_ENDPOINT'];
const includeEmptyEntries = 'IncludeEmptyEntriesInMessagePayload';

/** Checks settings, the app, its functions and the hubs before it reads the first event. */
export async function start(options: HostOptions, workers: number): Promise<RunningHost> {
  const appDirectory = resolve(options.appDirectory);
  const settings = readHostJson(appDirectory, options.environment);
  const log = filterLogs(settings.logLevels, options.log ?? (() => {}));
  const noEffect = [
    ...settings.unknown.map((name) => `"${name}" is not known and has no effect`),
    ...settings.eventHubs.notServed.map((name) => `"extensions.eventHubs.${name}" has no effect in this local host`),
  ];
  warn(
    log,
    noEffect.map((text) => `host.json: ${text}.`),
  );
  const workerOptions = {
    source: await workerSource(),
    startTimeoutMs,
    appDirectory,
    environment: workerEnvironment(options.environment, appDirectory),
  };
  const checkpoints = await checkpointFolder(options.checkpointDirectory);
  const first = new Instance(workerOptions, log);
  try {
    const app = await first.started;
    const { names, triggers, warnings } = readRegistrations(app.functions, options.environment, options.namespaces);
    warn(log, warnings);
    const onEvent = options.onEvent ?? (() => {});
    const store = new PartitionStore(new CheckpointFolder(checkpoints.path));
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
    const runtimes = triggers.map((trigger) => new FunctionRuntime(host, trigger));
    // Throws if a hub cannot be read.
    await Promise.all(runtimes.map((runtime) => readPartitionEnds(runtime)));
    const running = new RunningHost(names, host, workerOptions, runtimes, checkpoints.release);
    running.join(first);
    await running.scale(workers).catch(async (error: unknown) => {
      await running.stop();
      throw error;
    });
    return running;
  } catch (error) {
    first.kill();
    await checkpoints.release();
    throw error;
  }
}

/** The folder of the options, or a temporary one, which is deleted when the host ends. */
async function checkpointFolder(
  directory: string | undefined,
): Promise<{ path: string; release: () => Promise<void> }> {
  if (directory !== undefined) return { path: resolve(directory), release: async () => {} };
  const path = await mkdtemp(join(tmpdir(), 'functions-host-'));
  return { path, release: () => rm(path, { recursive: true, force: true }) };
}

function warn(log: Log, messages: readonly string[]): void {
  for (const message of messages) log({ level: 'warning', category: 'Host.Startup', message });
}
