/**
 * Throughput limit for ingress, namespace-wide like the service's throughput units. A second's worth may arrive at once;
 * a message that starts within the allowance is taken whole, and the debt is paid before the next.
 */
export class Throttle {
  #allowance: number;
  #at: number;

  constructor(
    private readonly bytesPerSecond: number,
    private readonly now: () => number,
  ) {
    this.#allowance = bytesPerSecond;
    this.#at = now();
  }

  /** Whether a message of this many bytes may come in now. */
  admit(bytes: number): boolean {
    const now = this.now();
    const earned = ((now - this.#at) / 1000) * this.bytesPerSecond;
    this.#allowance = Math.min(this.bytesPerSecond, this.#allowance + earned);
    this.#at = now;
    if (this.#allowance <= 0) return false;
    this.#allowance -= bytes;
    return true;
  }
}
