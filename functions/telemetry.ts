import { setTimeout as sleep } from 'node:timers/promises';
import { app, type LogHookContext } from '@azure/functions';
import type { Config } from '../shared/config';
import { BacklogMonitor } from '../shared/telemetry/backlog';
import type { Export } from '../shared/telemetry/exporter';
import { Partitions } from '../shared/telemetry/partitions';
import { Recorder } from '../shared/telemetry/recorder';
import { readTelemetrySettings, type TelemetrySettings } from '../shared/telemetry/telemetrySettings';
import { Trouble, wordsOf } from '../shared/telemetry/trouble';
import { LogForwarder } from './logForwarder';

/** The SDKs are loaded after the worker has answered the host, or with the first batch if that comes sooner. */
const loadAfterMs = 1000;
/** The platform gives appTerminate 5 s, of which the batches in flight have had some. */
const flushMs = 3000;

export interface Telemetry {
  readonly recorder: Recorder;
  /** Resolves when everything from here on is counted. Never rejects: without telemetry the app works all the same. */
  ready(): Promise<void>;
  /** Sends what is there, in the time that the platform gives. Never rejects. */
  close(): Promise<void>;
}

/** Switches telemetry on where the platform's setting asks for it. Called while functions are registered. */
export function setUpTelemetry(config: Config, environment: NodeJS.ProcessEnv): Telemetry {
  const trouble = new Trouble((line) => console.warn(line));
  const partitions = new Partitions();
  const recorder = new Recorder(config.consumerGroup, partitions);
  const settings = readTelemetrySettings(environment);
  if (settings.kind === 'wrong') trouble.report('InvalidTelemetrySettings', settings.problem);
  if (settings.kind !== 'on') return { recorder, ready: () => Promise.resolve(), close: () => Promise.resolve() };

  const forwarder = new LogForwarder();
  if (hasLogHook((line) => forwarder.take(line))) {
    // The host leaves the app's logs to the app from here on.
    app.setup({ capabilities: { WorkerOpenTelemetryEnabled: true } });
  }
  const monitor = new BacklogMonitor(config, partitions, trouble);
  const { intervalSeconds, backlogSeconds } = config.telemetry;

  async function load(on: TelemetrySettings): Promise<Export | undefined> {
    try {
      const { startExport } = await import('../shared/telemetry/exporter');
      const exported = startExport(on, environment, trouble);
      recorder.attach(exported.signals);
      forwarder.attach(exported.signals);
      monitor.start(backlogSeconds);
      return exported;
    } catch (error) {
      trouble.report('InvalidTelemetrySettings', wordsOf(error));
      return undefined;
    }
  }
  let loading: Promise<Export | undefined> | undefined;
  const loaded = (): Promise<Export | undefined> => (loading ??= load({ ...settings, intervalSeconds }));
  setTimeout(() => void loaded(), loadAfterMs).unref();

  return {
    recorder,
    async ready() {
      await loaded();
    },
    async close() {
      const patience = new AbortController();
      const sent = loading?.then((exported) => exported?.flush());
      await Promise.race([
        Promise.allSettled([sent, monitor.close()]),
        sleep(flushMs, undefined, { signal: patience.signal }).catch(() => undefined),
      ]);
      patience.abort();
    },
  };
}

/** Workers before 3.10 have no log hook and throw; the host then forwards the app's logs itself, as it always did. */
function hasLogHook(take: (line: LogHookContext) => void): boolean {
  try {
    app.hook.log(take);
    return true;
  } catch {
    return false;
  }
}
