import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { messageOf } from '../errors/messageOf';
import { isTransientStatus, NotAccepted } from './responsePolicy';
import type { TelemetryErrors } from './telemetryErrors';

/** What the three exporters of Application Insights have in common. */
interface Exporter<Items> {
  export(items: Items, done: (result: ExportResult) => void): void | Promise<void>;
}

/** An attempt that takes longer has failed; it may wait for a token. */
const attemptMs = 25_000;

/** Somebody corrects these in Azure; then the same telemetry is accepted. */
const correctedStatuses = new Set([401, 403, 404]);

/**
 * Keeps exports that Application Insights did not accept, and sends them before the next one. The exporter's own storage does
 * not do that: see docs/decisions.md. Handles rejected promises of the exporter, which would end the worker.
 */
export class ExportQueue<Items> {
  readonly #waiting: Items[] = [];
  #running: Promise<boolean> | undefined;

  constructor(
    private readonly exporter: Exporter<Items>,
    private readonly errors: TelemetryErrors,
    private readonly most: number,
  ) {}

  /** Always reports success: about a failure the SDK could only write to the log. */
  async export(items: Items, done: (result: ExportResult) => void): Promise<void> {
    this.#waiting.push(items);
    if (this.#waiting.length > this.most) {
      this.#waiting.shift();
      this.errors.report('TelemetryLost', `More than ${this.most} exports are waiting; the oldest is dropped.`);
    }
    await this.send();
    done({ code: ExportResultCode.SUCCESS });
  }

  /** Resolves with whether everything was sent. */
  async send(): Promise<boolean> {
    this.#running ??= this.sendAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  private async sendAll(): Promise<boolean> {
    for (let items = this.#waiting[0]; items !== undefined; items = this.#waiting[0]) {
      const { code, error } = await this.attempt(items);
      if (code !== ExportResultCode.SUCCESS && isTransient(error)) return false;
      if (code !== ExportResultCode.SUCCESS) this.errors.report('TelemetryLost', messageOf(error));
      // It may have been dropped as the oldest while it was being sent.
      if (this.#waiting[0] === items) this.#waiting.shift();
    }
    return true;
  }

  private attempt(items: Items): Promise<ExportResult> {
    return new Promise((resolve) => {
      const fail = (error: unknown): void =>
        resolve({ code: ExportResultCode.FAILED, error: error instanceof Error ? error : new Error(String(error)) });
      const late = new Error(`No response within ${attemptMs / 1000} s.`);
      const timer = setTimeout(() => {
        this.errors.report('TelemetryNotSent', late.message);
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

function isTransient(error: Error | undefined): boolean {
  const status = error instanceof NotAccepted ? error.status : undefined;
  return status === undefined || isTransientStatus(status) || correctedStatuses.has(status);
}
