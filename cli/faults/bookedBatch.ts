/** The books that the app logs for a batch. */
export interface BookedBatch {
  readonly messages: number;
  readonly bytesIn: number;
  readonly received: number;
  readonly sent: number;
  readonly skipped: number;
  readonly dropped: number;
  readonly merged: number;
  readonly duplicates: number;
  readonly deadLettered: number;
  readonly skippedByTable: Readonly<Record<string, number>>;
  readonly droppedByRule: Readonly<Record<string, number>>;
  readonly deadLetteredByReason: Readonly<Record<string, number>>;
}

/** Counts by name; their order does not matter. */
export class NamedCounts {
  readonly #counts = new Map<string, number>();

  add(name: string, count = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  equals(others: Readonly<Record<string, number>>): boolean {
    const names = new Set([...this.#counts.keys(), ...Object.keys(others)]);
    return [...names].every((name) => (this.#counts.get(name) ?? 0) === (others[name] ?? 0));
  }

  toString(): string {
    return JSON.stringify(Object.fromEntries(this.#counts));
  }
}
