/** What must become of a record; known from how the record was made. */
export type Outcome =
  | { readonly state: 'row' }
  | { readonly state: 'duplicate' }
  /** The table, or `DeviceEvents/ActionType`. */
  | { readonly state: 'skipped'; readonly key: string }
  | { readonly state: 'dead'; readonly reason: DeadReason };

export type DeadReason = 'InvalidJson' | 'EmptyMessage' | 'NotARecord' | 'NoCategory' | 'NoProperties' | 'BadTimestamp';

export interface StreamRecord {
  /** JSON of the record in its envelope, one character a byte. */
  readonly text: string;
  readonly outcome: Outcome;
  readonly deviceId: string;
  /** When Defender published it, in ticks before the end of the stream. */
  readonly publishedAt: number;
}

export const row: Outcome = { state: 'row' };
export const duplicate: Outcome = { state: 'duplicate' };

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
