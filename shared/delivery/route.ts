import type { BatchRecording } from './batchRecording';
import type { DcrGate } from './dcrGate';
import type { PartitionLedger } from './ledger';
import type { Sender } from './sender';
import type { SettledRows } from './settledRows';

/** How the rows of one batch get to one DCR. */
export interface Route {
  readonly dcrId: string;
  readonly gate: DcrGate;
  readonly sender: Sender;
  readonly settledRows: SettledRows;
  readonly ledger: PartitionLedger;
  /** How many other records of the batch are copies of accepted rows: they show, too, that the DCR works. */
  readonly copies?: number;
  readonly invocationId?: string | undefined;
  readonly recording?: BatchRecording | undefined;
  /** 0 to 1. */
  readonly random?: () => number;
  /**
   * Aborted when the invocation's budget is spent or the app shuts down. No call is started after that; a call in flight is
   * completed, because its rows may be stored even if it is cut off.
   */
  readonly signal: AbortSignal;
}
