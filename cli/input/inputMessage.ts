import type { Message } from '../../shared/batch';

/** A message of a file. */
export interface InputMessage extends Message {
  /** The number of its first line. */
  readonly sequenceNumber: string;
  readonly body: Buffer;
  /** It is one row of a table, and may share an event with others. */
  readonly isRow: boolean;
}
