import { Counts } from '../counts';

export interface StreamStatistics {
  /** Calls whose rows were stored, answered or not. */
  readonly calls: number;
  readonly rows: number;
  /** Bytes of the bodies after gunzip. */
  readonly bytes: number;
  /** Bytes of the bodies as sent. */
  readonly compressedBytes: number;
}

export interface IngestionStatistics {
  readonly requests: number;
  /** Number of calls by their status. Calls without an answer count as `reset`, `silence` or `aborted` (by the client). */
  readonly byStatus: Readonly<Record<string, number>>;
  /** Rejected calls by error code. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Stored calls by DCR, then by stream. */
  readonly stored: Readonly<Record<string, Readonly<Record<string, StreamStatistics>>>>;
  /** Rows whose TimeGenerated became the time of receipt. */
  readonly replacedTimes: number;
}

/** Counts what the emulator did since its start. */
export class Tally {
  readonly #byStatus = new Counts();
  readonly #rejected = new Counts();
  readonly #stored: Record<string, Record<string, StreamStatistics>> = {};
  #requests = 0;
  #replacedTimes = 0;

  countRequest(): void {
    this.#requests++;
  }

  countOutcome(outcome: number | 'reset' | 'silence' | 'aborted'): void {
    this.#byStatus.count(outcome);
  }

  countRejection(code: string): void {
    this.#rejected.count(code);
  }

  countStored(ruleId: string, stream: string, call: Omit<StreamStatistics, 'calls'>, replacedTimes: number): void {
    const streams = (this.#stored[ruleId] ??= {});
    const before = streams[stream] ?? { calls: 0, rows: 0, bytes: 0, compressedBytes: 0 };
    streams[stream] = {
      calls: before.calls + 1,
      rows: before.rows + call.rows,
      bytes: before.bytes + call.bytes,
      compressedBytes: before.compressedBytes + call.compressedBytes,
    };
    this.#replacedTimes += replacedTimes;
  }

  read(): IngestionStatistics {
    return structuredClone({
      requests: this.#requests,
      byStatus: this.#byStatus.read(),
      rejected: this.#rejected.read(),
      stored: this.#stored,
      replacedTimes: this.#replacedTimes,
    });
  }
}
