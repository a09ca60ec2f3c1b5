import { runbookEntry } from '../errors/classify';
import type { Code } from '../errors/failures';
import { LogThrottle } from '../logThrottle';
import { withoutSecrets } from '../secrets';

/** Each code once an hour: the lines must not fill the log that cannot be sent. */
const intervalMs = 60 * 60_000;

/** Logs errors of telemetry itself. */
export class TelemetryErrors {
  readonly #throttle;

  constructor(
    private readonly write: (line: string) => void,
    now?: () => number,
  ) {
    this.#throttle = new LogThrottle(intervalMs, now);
  }

  report(code: Code, message: string): void {
    const leftOut = this.#throttle.next(code);
    if (leftOut === undefined) return;
    const line = { event: 'TelemetryTrouble', code, message: withoutSecrets(message), leftOut };
    this.write(JSON.stringify({ ...line, runbook: runbookEntry(code) }));
  }
}
