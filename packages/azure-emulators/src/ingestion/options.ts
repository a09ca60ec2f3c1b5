import type { Certificate } from '../certificate';

export interface ColumnDeclaration {
  readonly name: string;
  /** string, int, long, real, boolean, datetime or dynamic. */
  readonly type: string;
}

/** One data collection rule. */
export interface RuleOptions {
  /** `dcr-...`, as in the address of each call. */
  readonly immutableId: string;
  /** Columns of each stream by the stream's name, e.g. `Custom-NetworkSessions`. */
  readonly streams: Readonly<Record<string, readonly ColumnDeclaration[]>>;
  /** Client ids that hold the role Monitoring Metrics Publisher on this rule; everyone unless told. Needs `clientIdOf`. */
  readonly allowedClientIds?: readonly string[];
  /** Per rule; 12,000 requests and 2,000,000,000 uncompressed bytes a minute unless told. */
  readonly requestsPerMinute?: number;
  readonly bytesPerMinute?: number;
}

/** Sizes in bytes. */
export interface Limits {
  /** The body as sent. Default 1,000,000; 1,048,576 is what senders report of the gateway. */
  readonly compressedBytes?: number;
  /** The body after gunzip. Default 1,000,000; 52,428,800 is what senders report. */
  readonly uncompressedBytes?: number;
  /** One field, in UTF-8. Default 65,536. */
  readonly fieldBytes?: number;
}

/** A call whose rows were stored. Its numbers are of one clock, which ticks with whatever the emulator notices. */
export interface StoredCall {
  readonly ruleId: string;
  /** Each row as its JSON text. */
  readonly rows: readonly string[];
  /** When the rows were stored. */
  readonly at: number;
  /** Header x-ms-client-request-id: which call of which sender it was. */
  readonly clientRequestId: string | undefined;
  readonly answer: StoredAnswer;
}

export interface StoredAnswer {
  /**
   * When it became clear that the sender had not heard of the 204: a fault kept it back, or the sender closed the
   * connection without another call on it. Infinity as long as it looks well; a process that ends closes its connections, too.
   */
  readonly lostAt: number;
}

export interface IngestionOptions {
  readonly rules: readonly RuleOptions[];
  /** Undefined when the header holds a good token, else why not (answered with 401). */
  readonly authorize: (authorization: string | undefined) => string | undefined;
  /** Client id behind a good token; needed by rules with `allowedClientIds`. */
  readonly clientIdOf?: (authorization: string | undefined) => string | undefined;
  /** Folder for one NDJSON file a stream, appended to; rows are kept in memory if absent. */
  readonly directory?: string;
  /** Port on 127.0.0.1; the system chooses unless told. */
  readonly port?: number;
  /** Made at the start unless given. */
  readonly certificate?: Certificate;
  readonly limits?: Limits;
  /** Called for each call whose rows were stored. */
  readonly onStored?: (call: StoredCall) => void;
  /** Called for each call whose rows could not be written to the disk; the sender gets a 500. */
  readonly onWriteFailed?: (error: Error) => void;
  /** Milliseconds since 1970; the system's clock unless told. */
  readonly now?: () => number;
}
