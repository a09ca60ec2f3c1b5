import type { NetworkEvent } from './event';

/** What drop rules say of a record that becomes a row. */
export interface Ruling {
  /** The rule that drops it; undefined if it is kept. */
  readonly droppedBy: string | undefined;
  /** Rules of the action `count` that match it. */
  readonly countedBy: readonly string[];
  /** Rules that threw; they neither drop nor count it. */
  readonly failedIn: readonly string[];
}

/** Drop rules, as the transform calls them. */
export interface RowRules {
  /** Undefined if no rule matches and none throws. Never throws. */
  rulingOn(event: NetworkEvent): Ruling | undefined;
}
