import { withoutSecrets } from '../secrets';
import type { Code } from './codes';
import { runbookEntry } from './codes';

const quietMs = 60 * 60_000;

/** Tells of telemetry's own trouble, each code once an hour: it must not fill the log that it cannot send. */
export class Trouble {
  readonly #told = new Map<Code, { at: number; leftOut: number }>();

  constructor(
    private readonly write: (line: string) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  report(code: Code, message: string): void {
    const told = this.#told.get(code);
    if (told !== undefined && this.now() - told.at < quietMs) {
      told.leftOut++;
      return;
    }
    this.#told.set(code, { at: this.now(), leftOut: 0 });
    const leftOut = told?.leftOut ?? 0;
    const line = { event: 'TelemetryTrouble', code, message: withoutSecrets(message), leftOut };
    this.write(JSON.stringify({ ...line, runbook: runbookEntry(code) }));
  }
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
