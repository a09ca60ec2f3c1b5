import type { Books } from '../books';
import type { DeadLetter } from '../delivery/deadLetters';
import type { DeliveryError } from '../delivery/deliveryError';

import type { Row } from '../sessions/row';

export type Step = 'transform' | 'delivery' | 'deadLetters';

/** One call to the Logs Ingestion API. */
export interface Call {
  readonly ruleId: string;
  readonly rows: number;
  /** Of the body, before compression. */
  readonly bytes: number;
  /** The passing trouble after which this call repeats an earlier one. */
  readonly repeats: DeliveryError | undefined;
}

/** What telemetry is told while one batch is settled. Nothing here throws, but for what the work itself throws. */
export interface BatchRecording {
  step<T>(step: Step, work: () => T | Promise<T>): Promise<T>;
  call<T extends { readonly bytesSent: number }>(call: Call, work: () => Promise<T>): Promise<T>;
  /** Rows or dead letters that an earlier attempt had settled. */
  ledgerHits(what: 'row' | 'deadLetter', count: number): void;
  letterWritten(letter: DeadLetter): void;
  /** Every record of the batch is settled; `sent` are its accepted rows. */
  settled(books: Books, sent: readonly Pick<Row, 'time'>[]): void;
  /** The invocation is over: settled, or to be given again because of the error. */
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
