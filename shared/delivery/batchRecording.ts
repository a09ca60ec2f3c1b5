import type { Books } from '../books';
import type { DeliveryError } from '../errors/batchErrors';
import type { Row } from '../sessions/row';
import type { DeadLetter } from './deadLetters';

export type Step = 'transform' | 'delivery' | 'deadLetters';

/** One call to the Logs Ingestion API. */
export interface Call {
  readonly dcrId: string;
  readonly rows: number;
  /** Of the body, before compression. */
  readonly bytes: number;
  /** The transient error of the call that this one retries. */
  readonly retries: DeliveryError | undefined;
}

/** Telemetry hooks for one batch. They never throw; errors from `work` pass through. */
export interface BatchRecording {
  step<T>(step: Step, work: () => T | Promise<T>): Promise<T>;
  call<T extends { readonly bytesSent: number }>(call: Call, work: () => Promise<T>): Promise<T>;
  /** Rows or dead letters that an earlier attempt has settled. */
  ledgerHits(what: 'row' | 'deadLetter', count: number): void;
  letterWritten(letter: DeadLetter): void;
  /** Every record of the batch is settled; `sent` are its accepted rows. */
  settled(books: Books, sent: readonly Pick<Row, 'time'>[]): void;
  /** The invocation is over. With an error the batch is redelivered. */
  ended(error?: unknown): void;
}

/** Telemetry is off. */
export const notRecorded: BatchRecording = {
  step: async (_, work) => work(),
  call: async (_, work) => work(),
  ledgerHits: () => undefined,
  letterWritten: () => undefined,
  settled: () => undefined,
  ended: () => undefined,
};
