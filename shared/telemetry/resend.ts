import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { NotTaken } from './answers';
import { type Trouble, wordsOf } from './trouble';

/** What the three exporters of Application Insights have in common. */
interface Exporter<Items> {
  export(items: Items, done: (result: ExportResult) => void): void | Promise<void>;
}

/** After so long an attempt has failed, whatever it waits for: a token, say. */
const attemptMs = 25_000;

/** Answers after which the same telemetry may be taken the next time. */
const passing = new Set([401, 403, 404, 408, 429, 439]);

/**
 * Keeps what Application Insights did not take, and sends it before the next export. The exporter's own way would be a
 * folder on disk, of which it sends one file a minute again, and which workers on one machine share, so that some of it is
 * sent twice. The exporter's promises are awaited here: unhandled, a rejection would end the worker.
 */
export class Resend<Items> {
  readonly #waiting: Items[] = [];
  #running: Promise<boolean> | undefined;

  constructor(
    private readonly exporter: Exporter<Items>,
    private readonly trouble: Trouble,
    private readonly most: number,
  ) {}

  /** The SDK is told that all is well even if it is not yet: it has nothing to do about it but complain. */
  async export(items: Items, done: (result: ExportResult) => void): Promise<void> {
    this.#waiting.push(items);
    if (this.#waiting.length > this.most) {
      this.#waiting.shift();
      this.trouble.report('TelemetryLost', `More than ${this.most} exports wait; the oldest is given up.`);
    }
    await this.send();
    done({ code: ExportResultCode.SUCCESS });
  }

  /** Whether nothing waits any more. */
  async send(): Promise<boolean> {
    this.#running ??= this.sendAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  private async sendAll(): Promise<boolean> {
    for (let items = this.#waiting[0]; items !== undefined; items = this.#waiting[0]) {
      const { code, error } = await this.attempt(items);
      if (code !== ExportResultCode.SUCCESS && isPassing(error)) return false;
      if (code !== ExportResultCode.SUCCESS) this.trouble.report('TelemetryLost', wordsOf(error));
      // While it was on the way it may have been given up, as the oldest.
      if (this.#waiting[0] === items) this.#waiting.shift();
    }
    return true;
  }

  private attempt(items: Items): Promise<ExportResult> {
    return new Promise((resolve) => {
      const fail = (error: unknown): void =>
        resolve({ code: ExportResultCode.FAILED, error: error instanceof Error ? error : new Error(String(error)) });
      const late = new Error(`No answer within ${attemptMs / 1000} s.`);
      const timer = setTimeout(() => {
        this.trouble.report('TelemetryNotSent', late.message);
        fail(late);
      }, attemptMs);
      timer.unref();
      const done = (result: ExportResult): void => {
        clearTimeout(timer);
        resolve(result);
      };
      try {
        Promise.resolve(this.exporter.export(items, done)).catch(fail);
      } catch (error) {
        fail(error);
      }
    });
  }
}

/** No answer, or one that may be another the next time. */
function isPassing(error: Error | undefined): boolean {
  const status = error instanceof NotTaken ? error.status : undefined;
  return status === undefined || status >= 500 || passing.has(status);
}
