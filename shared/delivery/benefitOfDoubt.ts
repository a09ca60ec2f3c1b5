/** Rows that a rule may refuse beyond those that it accepts before its refusals are taken for its own fault. */
export const mostInDoubt = 20;

/**
 * Tells a rule that refuses what it gets from rows that are at fault. A batch of which at least as many rows are accepted as
 * refused speaks for itself. For the others a rule has a small credit, which all partitions share: refused rows beyond the
 * accepted ones of their batch use it up, accepted rows of any batch fill it again. Without it a batch of a few rows, all of
 * them bad, would be held for ever; with more of it a rule that was broken on a good day would have too much set aside.
 * A larger batch of bad rows is held until the rule has meanwhile accepted so many rows more of other batches than it refused.
 */
export class BenefitOfDoubt {
  #credit = mostInDoubt;
  /** Rows of any batch that the rule has accepted in the life of the process, less those that it refused by themselves. */
  balance = 0;

  refused(rows: number): void {
    this.balance -= rows;
  }

  accepted(rows: number): void {
    this.balance += rows;
    this.#credit = Math.min(mostInDoubt, this.#credit + rows);
  }

  /** Takes so many rows' credit; false, and nothing taken, when there is not so much. */
  take(rows: number): boolean {
    if (rows > this.#credit) return false;
    this.#credit -= Math.max(0, rows);
    return true;
  }
}
