/** A record or message that cannot become a row, kept with its reason so that it can be sent again. */
export interface DeadLetter {
  /** `hub/partition/sequence number/record index`: the same for every attempt, so that a replay happens once. */
  readonly id: string;
  /** A stable word: `InvalidJson`, `BadTimestamp`, ... */
  readonly reason: string;
  /** Where it happened: `envelope`, `transform`, `chunks`. */
  readonly step: string;
  /** What was wrong, without personal data. */
  readonly error: string;
  readonly table: string | undefined;
  /** What `body` holds: the message as it came, or one record of it as JSON. */
  readonly scope: 'message' | 'record';
  readonly body: Uint8Array;
  /** How many records it stands for; one unless told. */
  readonly records?: number;
}

export interface WriteOptions {
  /** Ends the attempt. */
  readonly signal: AbortSignal;
  /** Called with the id of each letter that is stored for certain. */
  readonly onAcknowledged: (id: string) => void;
}

export interface DeadLetters {
  /** Resolves when all of them are acknowledged; some may be when it rejects. */
  write(letters: readonly DeadLetter[], options: WriteOptions): Promise<void>;
  close(): Promise<void>;
}

/** Letters could not be written; some may be there all the same. */
export class DeadLetterError extends Error {
  override readonly name = 'DeadLetterError';
  readonly code = 'DeadLettersNotWritten';
}
