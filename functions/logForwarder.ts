import type { LogHookContext, LogLevel } from '@azure/functions';
import type { LogLine, Signals } from '../shared/telemetry/signals';

/** Lines that are kept until the SDK is loaded. */
const maxWaiting = 200;

/** Passes log lines of the worker to telemetry: the app's from Information on, the library's and worker's from Warning on. */
export class LogForwarder {
  readonly #waiting: LogLine[] = [];
  #signals: Pick<Signals, 'log'> | undefined;

  attach(signals: Pick<Signals, 'log'>): void {
    this.#signals = signals;
    for (const line of this.#waiting.splice(0)) signals.log(line);
  }

  take({ level, message, category, invocationContext }: LogHookContext): void {
    const severity = severities[level];
    if (severity === undefined || category === 'customMetric' || (category === 'system' && severity === 'info')) return;
    const line: LogLine = {
      severity,
      message,
      time: Date.now(),
      traceparent: invocationContext?.traceContext?.traceParent,
      attributes: {
        category,
        ...(invocationContext === undefined
          ? {}
          : { invocationId: invocationContext.invocationId, functionName: invocationContext.functionName }),
      },
    };
    if (this.#signals !== undefined) this.#signals.log(line);
    else if (this.#waiting.length < maxWaiting) this.#waiting.push(line);
  }
}

const severities: Readonly<Partial<Record<LogLevel, LogLine['severity']>>> = {
  information: 'info',
  warning: 'warn',
  error: 'error',
  critical: 'fatal',
};
