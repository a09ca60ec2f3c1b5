import type { Row } from '../sessions/row';

/** How many rows are remembered; some megabytes at the most. */
const defaultCapacity = 5000;

interface RefusedRow {
  readonly uid: string;
  /** The service's words. */
  readonly why: string;
}

/**
 * The rows that this process has set aside lately, because the service refused them: by the place of their record. When the
 * host gives a settled batch once more, they are neither asked about nor set aside again. A record that is replayed from its
 * dead letter comes at another place, and is asked about: the cause may be gone.
 */
export class RefusedWindow {
  readonly #rows = new Map<string, RefusedRow>();

  constructor(private readonly capacity: number = defaultCapacity) {}

  /** The service's words; undefined when this row was not set aside, or too long ago. */
  whyOf({ uid, position }: Pick<Row, 'uid' | 'position'>): string | undefined {
    const row = this.#rows.get(position);
    // A hub that was deleted and made again counts its events from the start.
    return row?.uid === uid ? row.why : undefined;
  }

  add({ uid, position }: Pick<Row, 'uid' | 'position'>, why: string): void {
    this.#rows.delete(position);
    this.#rows.set(position, { uid, why });
    const oldest = this.#rows.size > this.capacity ? this.#rows.keys().next().value : undefined;
    if (oldest !== undefined) this.#rows.delete(oldest);
  }
}
