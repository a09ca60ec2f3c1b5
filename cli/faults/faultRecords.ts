import type { Range, RowOutcome } from 'defender-samples';

/** The expected outcome of a published record, known from how it was made, never from running the product. */
export type RecordTruth =
  | (RowOutcome & {
      /** EventCount of the row, if several records share it. */
      readonly eventCount?: number;
    })
  | { readonly state: 'duplicate'; readonly uid: string }
  | { readonly state: 'skipped'; readonly key: string }
  | { readonly state: 'dropped'; readonly uid: string; readonly rule: string }
  | { readonly state: 'dead'; readonly reason: string }
  /** The service rejects its row: it must become a dead letter. */
  | {
      readonly state: 'rejected';
      readonly uid: string;
      readonly client?: RowOutcome['client'];
      /** How many records share the row; all are in its dead letter. */
      readonly records?: number;
    }
  /** Shares the row with this EventUid, which an earlier record of the message has. */
  | { readonly state: 'merged'; readonly uid: string };

/** A message, and the expected outcome of each of its records, by index. */
export interface ProducedMessage {
  readonly body: Uint8Array;
  readonly partitionKey: string;
  readonly truths: readonly RecordTruth[];
  /** Where the body has each of these records. */
  readonly ranges: readonly Range[];
}

/** The reason in the dead letter of a row that the service rejected. */
export const rejectedReason = 'Refused';
