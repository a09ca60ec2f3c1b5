/** How many rows are remembered: more than can be in flight at a time; some tens of megabytes at the most. */
const defaultCapacity = 200_000;

/**
 * The rows that this process saw accepted lately: their EventUids, and the place of the record that each came from. A
 * record at the same place is the same one again, given once more after a failure or a lost checkpoint; at another place
 * it is a copy, and Defender sends a small share of its events twice. Neither is stored, or billed, a second time.
 */
export class AcceptedWindow {
  readonly #places = new Map<string, string>();

  constructor(private readonly capacity: number = defaultCapacity) {}

  /** Where the record with this EventUid stood; undefined when it was not accepted, or too long ago. */
  placeOf(uid: string): string | undefined {
    return this.#places.get(uid);
  }

  add(uid: string, place: string): void {
    this.#places.delete(uid);
    this.#places.set(uid, place);
    const oldest = this.#places.size > this.capacity ? this.#places.keys().next().value : undefined;
    if (oldest !== undefined) this.#places.delete(oldest);
  }
}
