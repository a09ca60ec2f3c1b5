import { setTimeout as sleep } from 'node:timers/promises';
import { app, type LogHookContext } from '@azure/functions';
import type { Config } from '../shared/config';
import { messageOf } from '../shared/errors/messageOf';
import { BacklogMonitor } from '../shared/telemetry/backlog';
import type { Export } from '../shared/telemetry/exporter';
import { Partitions } from '../shared/telemetry/partitions';
import { Recorder } from '../shared/telemetry/recorder';
import { TelemetryErrors } from '../shared/telemetry/telemetryErrors';
import { readTelemetrySettings, type TelemetrySettings } from '../shared/telemetry/telemetrySettings';
import { LogForwarder } from './logForwarder';

/** The SDKs are loaded once the worker has answered the host, or with the first batch if it comes sooner. */
const loadAfterMs = 1000;
/** Of the 5 s that the platform gives appTerminate; batches in flight have used some. */
const flushMs = 3000;

export interface Telemetry {
  readonly recorder: Recorder;
  /** Resolves when telemetry is ready to count. Never rejects: the app works without telemetry, too. */
  ready(): Promise<void>;
  /** Sends what is recorded, within the time that the platform gives. Never rejects. */
  close(): Promise<void>;
}

/** Turns telemetry on if the platform's setting is there. Called while functions are registered. */
export function setUpTelemetry(config: Config, environment: NodeJS.ProcessEnv): Telemetry {
  const errors = new TelemetryErrors((line) => console.warn(line));
  const partitions = new Partitions();
  const recorder = new Recorder(config.consumerGroup, partitions);
  const settings = readTelemetrySettings(environment);
  if (settings.kind === 'wrong') errors.report('InvalidTelemetrySettings', settings.problem);
  if (settings.kind !== 'on') return { recorder, ready: () => Promise.resolve(), close: () => Promise.resolve() };

  const forwarder = new LogForwarder();
  if (hasLogHook((line) => forwarder.take(line))) {
    // From now on the host leaves the app's logs to the app.
    app.setup({ capabilities: { WorkerOpenTelemetryEnabled: true } });
  }
  const monitor = new BacklogMonitor(config, partitions, errors);
  const { intervalSeconds, backlogSeconds } = config.telemetry;

  async function load(on: TelemetrySettings): Promise<Export | undefined> {
    try {
      const { startExport } = await import('../shared/telemetry/exporter');
      const exported = await startExport(on, environment, errors);
      recorder.attach(exported.signals);
      forwarder.attach(exported.signals);
      monitor.start(backlogSeconds);
      return exported;
    } catch (error) {
      errors.report('InvalidTelemetrySettings', messageOf(error));
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

/** Workers before 3.10 have no log hook and throw; the host then forwards the app's logs. */
function hasLogHook(take: (line: LogHookContext) => void): boolean {
  try {
    app.hook.log(take);
    return true;
  } catch {
    return false;
  }
}
