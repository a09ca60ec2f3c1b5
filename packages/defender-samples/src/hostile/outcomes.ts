/** What must become of a record; known from how it was made, never by running the product. */
export type Outcome = 'row' | 'skipped' | 'duplicate' | DeadReason;

export type DeadReason = 'InvalidJson' | 'EmptyMessage' | 'NotARecord' | 'NoCategory' | 'NoProperties' | 'BadTimestamp';

export interface HostileRecord {
  /** JSON without line breaks. */
  readonly text: string;
  readonly outcome: Outcome;
}
