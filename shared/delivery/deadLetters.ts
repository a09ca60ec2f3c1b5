/** A record or message that cannot become a row, kept with the reason so that it can be sent again. */
export interface DeadLetter {
  /** `hub/partition/sequence number/record index`: the same at every attempt, so that it is replayed once. */
  readonly id: string;
  /** A code of the table of failures: `InvalidJson`, `BadTimestamp`, ... */
  readonly reason: string;
  /** Where it failed: `envelope`, `transform`, `chunks`, `delivery`. */
  readonly step: string;
  /** The error, without personal data. */
  readonly error: string;
  readonly table: string | undefined;
  /** What `body` holds: a message, as received or with those of its records that share a row; or one record of it as JSON. */
  readonly scope: 'message' | 'record';
  readonly body: Uint8Array;
  /** How many records it stands for; 1 by default. */
  readonly records?: number;
}

export interface WriteOptions {
  /** Ends the attempt. */
  readonly signal: AbortSignal;
  /** Called with the id of each letter that the hub has acknowledged. */
  readonly onAcknowledged: (id: string) => void;
}

export interface DeadLetters {
  /** Resolves when all letters are acknowledged. When it rejects, some of them may be. */
  write(letters: readonly DeadLetter[], options: WriteOptions): Promise<void>;
  close(): Promise<void>;
}
