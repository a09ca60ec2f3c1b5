import type { BatchRecording } from '../telemetry/batchRecording';
import type { AcceptedWindow } from './acceptedWindow';
import type { PartitionLedger } from './ledger';
import type { RefusedWindow } from './refusedWindow';
import type { RuleGate } from './ruleGate';
import type { Sender } from './sender';

/** The way of a batch's rows to one rule. */
export interface Route {
  readonly ruleId: string;
  readonly gate: RuleGate;
  readonly sender: Sender;
  readonly accepted: AcceptedWindow;
  /** Rows that were set aside with batches that are settled. */
  readonly refused: RefusedWindow;
  readonly ledger: PartitionLedger;
  /** Further records of the batch, copies of rows that the rule has accepted at other places: they speak for it. */
  readonly copies?: number;
  readonly invocationId?: string | undefined;
  /** What telemetry is told of it. */
  readonly recording?: BatchRecording | undefined;
  /** 0 to 1. */
  readonly random?: () => number;
  /**
   * No attempt begins after it is aborted: the invocation's budget is spent, or the app shuts down. An attempt under way is
   * let end, because one that is cut off may have been stored all the same.
   */
  readonly signal: AbortSignal;
}
