import type { Certificate } from '../certificate';

export interface ColumnDeclaration {
  readonly name: string;
  /** string, int, long, real, boolean, datetime or dynamic. */
  readonly type: string;
}

/** One data collection rule (DCR). */
export interface RuleOptions {
  /** `dcr-...`, part of the address of each call. */
  readonly immutableId: string;
  /** Columns of each stream by the stream's name, e.g. `Custom-NetworkSessions`. */
  readonly streams: Readonly<Record<string, readonly ColumnDeclaration[]>>;
  /** Client ids that hold the role Monitoring Metrics Publisher on this DCR; by default everyone. Needs `clientIdOf`. */
  readonly allowedClientIds?: readonly string[];
  /** Limits of this DCR. The default is 12,000 requests and 2,000,000,000 uncompressed bytes a minute. */
  readonly requestsPerMinute?: number;
  readonly bytesPerMinute?: number;
}

/** Sizes in bytes. */
export interface Limits {
  /** The body as sent. Default 1,000,000; 1,048,576 is what senders report of the gateway. */
  readonly compressedBytes?: number;
  /** The body after gunzip. Default 1,000,000; 52,428,800 is what senders report. */
  readonly uncompressedBytes?: number;
}

/** A call whose rows were stored. `at` and `lostAt` are numbers of one sequence, so that they can be compared. */
export interface StoredCall {
  readonly ruleId: string;
  /** Each row as its JSON text. */
  readonly rows: readonly string[];
  /** When the rows were stored. */
  readonly at: number;
  /** Header x-ms-client-request-id, which identifies the call. */
  readonly clientRequestId: string | undefined;
  readonly answer: StoredAnswer;
}

export interface StoredAnswer {
  /**
   * When the emulator saw that the sender did not read the 204: a fault suppressed it, or the sender closed the connection
   * without another call on it (a process that ends does so, too). Infinity until then.
   */
  readonly lostAt: number;
}

export interface IngestionOptions {
  readonly rules: readonly RuleOptions[];
  /** Returns undefined for a valid token, else the reason (answered with 401). */
  readonly authorize: (authorization: string | undefined) => string | undefined;
  /** The client id of a valid token; needed by DCRs with `allowedClientIds`. */
  readonly clientIdOf?: (authorization: string | undefined) => string | undefined;
  /** Folder for one NDJSON file per stream, which is appended to. Without it rows are in memory. */
  readonly directory?: string;
  /** Port on 127.0.0.1; by default the system chooses one. */
  readonly port?: number;
  /** The default is a new certificate. */
  readonly certificate?: Certificate;
  readonly limits?: Limits;
  /** Called for each call whose rows were stored. */
  readonly onStored?: (call: StoredCall) => void;
  /** Called for each call whose rows could not be written to the disk; the sender gets a 500. */
  readonly onWriteFailed?: (error: Error) => void;
  /** Milliseconds since 1970; by default the system's clock. */
  readonly now?: () => number;
}
