import type { RowOutcome } from 'defender-samples';

/** What must become of a produced record: known from how it was made, never by running the product. */
export type RecordTruth =
  | RowOutcome
  | { readonly state: 'duplicate'; readonly uid: string }
  | { readonly state: 'skipped'; readonly key: string }
  | { readonly state: 'dead'; readonly reason: string }
  /** Its row is one that the service refuses: it must be set aside. */
  | { readonly state: 'refused'; readonly uid: string };

/** A message as it is published, with the truth about each of its records, by their index. */
export interface ProducedMessage {
  readonly body: Uint8Array;
  readonly partitionKey: string;
  readonly truths: readonly RecordTruth[];
}

/** The reason in the dead letter of a row that the service refused. */
export const refusedReason = 'Refused';
