/** How many ids are remembered: some hundred messages, a few megabytes. */
const defaultCapacity = 100_000;

/**
 * The EventUids of rows that this process has settled lately. Defender sends a small share of its events twice, and a
 * batch comes again when its checkpoint was lost; neither is stored, or billed, a second time.
 */
export class AcceptedWindow {
  readonly #uids = new Set<string>();

  constructor(private readonly capacity: number = defaultCapacity) {}

  has(uid: string): boolean {
    return this.#uids.has(uid);
  }

  add(uids: Iterable<string>): void {
    for (const uid of uids) {
      this.#uids.delete(uid);
      this.#uids.add(uid);
      const oldest = this.#uids.size > this.capacity ? this.#uids.values().next().value : undefined;
      if (oldest !== undefined) this.#uids.delete(oldest);
    }
  }
}
