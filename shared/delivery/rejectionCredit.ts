/** How many more rows a DCR may reject than it accepts before the DCR itself is taken to be misconfigured. */
export const maxCredit = 20;

/**
 * Decides whether rejected rows or the DCR are at fault. If a DCR accepts at least half of a batch, the rows are. For
 * other batches the DCR has a small credit, shared by all partitions: rejected rows beyond the accepted ones of their batch
 * use it up, accepted rows of any batch restore it. Without the credit a small batch of bad rows would be held for ever; with
 * a larger one a DCR that breaks would have too many good rows dead-lettered. A larger batch of bad rows is held until the DCR
 * has accepted enough rows of other batches to show that it works.
 */
export class RejectionCredit {
  #credit = maxCredit;
  /** Rows that the DCR has accepted since the process started, minus those that it rejected one by one. */
  balance = 0;

  rejected(rows: number): void {
    this.balance -= rows;
  }

  accepted(rows: number): void {
    this.balance += rows;
    this.#credit = Math.min(maxCredit, this.#credit + rows);
  }

  /** Uses credit for this many rows; false, with nothing used, if there is not enough. */
  take(rows: number): boolean {
    if (rows > this.#credit) return false;
    this.#credit -= Math.max(0, rows);
    return true;
  }
}
