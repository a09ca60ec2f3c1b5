import type { RowOutcome } from 'defender-samples';

/** The expected outcome of a published record, known from how it was made, never from running the product. */
export type RecordTruth =
  | RowOutcome
  | { readonly state: 'duplicate'; readonly uid: string }
  | { readonly state: 'skipped'; readonly key: string }
  | { readonly state: 'dropped'; readonly rule: string }
  | { readonly state: 'dead'; readonly reason: string }
  /** The service rejects its row: it must become a dead letter. */
  | { readonly state: 'rejected'; readonly uid: string };

/** A message, and the expected outcome of each of its records, by index. */
export interface ProducedMessage {
  readonly body: Uint8Array;
  readonly partitionKey: string;
  readonly truths: readonly RecordTruth[];
}

/** The reason in the dead letter of a row that the service rejected. */
export const rejectedReason = 'Refused';
