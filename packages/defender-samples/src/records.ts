/** What must become of a record; known from how the record was made. */
export type Outcome =
  | RowOutcome
  /** A copy of the record whose row has this EventUid, earlier in the message. */
  | { readonly state: 'duplicate'; readonly uid: string }
  /** The table, or `DeviceEvents/ActionType`. */
  | { readonly state: 'skipped'; readonly key: string }
  | { readonly state: 'dead'; readonly reason: DeadReason };

export interface RowOutcome {
  readonly state: 'row';
  /** Its EventUid. */
  readonly uid: string;
  /** What it says of the session, in the words of `sessionText`. */
  readonly session: string;
}

export type DeadReason = 'InvalidJson' | 'EmptyMessage' | 'NotARecord' | 'NoCategory' | 'NoProperties' | 'BadTimestamp';

export interface StreamRecord {
  /** JSON of the record in its envelope, one character a byte. */
  readonly text: string;
  readonly outcome: Outcome;
  readonly deviceId: string;
  /** When Defender published it, in ticks before the end of the stream. */
  readonly publishedAt: number;
}

const skips = new Map<string, Outcome>();

export function skipped(key: string): Outcome {
  let outcome = skips.get(key);
  if (outcome === undefined) {
    outcome = { state: 'skipped', key };
    skips.set(key, outcome);
  }
  return outcome;
}

export function dead(reason: DeadReason): Outcome {
  return { state: 'dead', reason };
}
