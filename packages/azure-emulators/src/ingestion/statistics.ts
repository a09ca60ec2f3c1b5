export interface StreamStatistics {
  /** Calls whose rows were stored, answered or not. */
  readonly calls: number;
  readonly rows: number;
  /** Of the bodies after gunzip. */
  readonly bytes: number;
  /** Of the bodies as sent. */
  readonly compressedBytes: number;
}

export interface IngestionStatistics {
  readonly requests: number;
  /** By the status answered; `reset`, `silence` and `aborted` (by the client) for those without an answer. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** Refused calls by error code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Stored calls by rule, then by stream. */
  readonly stored: Readonly<Record<string, Readonly<Record<string, StreamStatistics>>>>;
  readonly droppedColumns: number;
  readonly truncatedFields: number;
  /** Rows whose TimeGenerated became the time of receipt. */
  readonly replacedTimes: number;
  /** Calls answered with 204 that stored nothing because the body was no array. */
  readonly ignoredBodies: number;
}

export interface StoredCall {
  readonly rule: string;
  readonly stream: string;
  readonly rows: number;
  readonly bytes: number;
  readonly compressedBytes: number;
  readonly droppedColumns: number;
  readonly truncatedFields: number;
  readonly replacedTimes: number;
}

type Outcome = number | 'reset' | 'silence' | 'aborted';

/** Counts what the emulator did since its start. */
export class Tally {
  readonly #byStatus: Record<string, number> = {};
  readonly #refused: Record<string, number> = {};
  readonly #stored: Record<string, Record<string, StreamStatistics>> = {};
  #requests = 0;
  #droppedColumns = 0;
  #truncatedFields = 0;
  #replacedTimes = 0;
  #ignoredBodies = 0;

  countRequest(): void {
    this.#requests++;
  }

  countOutcome(outcome: Outcome): void {
    this.#byStatus[outcome] = (this.#byStatus[outcome] ?? 0) + 1;
  }

  countRefusal(code: string): void {
    this.#refused[code] = (this.#refused[code] ?? 0) + 1;
  }

  countIgnoredBody(): void {
    this.#ignoredBodies++;
  }

  countStored(call: StoredCall): void {
    const streams = (this.#stored[call.rule] ??= {});
    const before = streams[call.stream] ?? { calls: 0, rows: 0, bytes: 0, compressedBytes: 0 };
    streams[call.stream] = {
      calls: before.calls + 1,
      rows: before.rows + call.rows,
      bytes: before.bytes + call.bytes,
      compressedBytes: before.compressedBytes + call.compressedBytes,
    };
    this.#droppedColumns += call.droppedColumns;
    this.#truncatedFields += call.truncatedFields;
    this.#replacedTimes += call.replacedTimes;
  }

  read(): IngestionStatistics {
    return structuredClone({
      requests: this.#requests,
      byStatus: this.#byStatus,
      refused: this.#refused,
      stored: this.#stored,
      droppedColumns: this.#droppedColumns,
      truncatedFields: this.#truncatedFields,
      replacedTimes: this.#replacedTimes,
      ignoredBodies: this.#ignoredBodies,
    });
  }
}
