/**
 * The settings that send less, in the order in which they act: each takes from what those before it left. So what is sent and
 * what all of them save add up to what would be sent without any.
 */
export const levers = [
  'KEEP_COLUMNS',
  'OMIT_COLUMNS',
  'OMIT_ADDITIONAL_FIELDS',
  'ADDITIONAL_FIELDS',
  'DROP_RULES_FILE',
  'MERGE_FLOWS',
] as const;
export type Lever = (typeof levers)[number];

/** What a lever saved. */
export interface Saving {
  readonly lever: Lever;
  /** The rule that dropped the rows, or the value of the setting; empty where the value is a list. */
  readonly name: string;
  /** Rows that are not sent; 0 for the levers that only make rows smaller. */
  readonly rows: number;
  /** Bytes of JSON text that are not sent. */
  readonly bytes: number;
}

/** Its key in a tally. */
export function savingKey({ lever, name }: Pick<Saving, 'lever' | 'name'>): string {
  return name === '' ? lever : `${lever}/${name}`;
}
