import { BoundedMap } from '../boundedMap';
import type { Row } from '../sessions/row';

/** More than can be in flight at a time; some tens of megabytes at most. */
const maxAccepted = 200_000;
/** Some megabytes at most. */
const maxRejected = 5000;

/**
 * What this process remembers of rows whose batch is settled. Positions tell a redelivered record from another record: one
 * that is redelivered, or read again after a lost checkpoint, has the position that it had before. A replayed dead letter has
 * a new position and is sent again, because the cause of the rejection may be gone.
 */
export class SettledRows {
  /** EventUid to position. The same EventUid at another position is a copy; Defender sends a few events twice. */
  readonly accepted = new BoundedMap<string, string>(maxAccepted);
  /** Rows that were dead-lettered because the service rejected them. */
  readonly #rejected = new BoundedMap<string, string>(maxRejected);

  /** The service's message; undefined when this row was not rejected, or too long ago. */
  rejectionOf(row: Pick<Row, 'uid' | 'position'>): string | undefined {
    // Most processes never have one, and a key costs more than all other look-ups of a row.
    return this.#rejected.size === 0 ? undefined : this.#rejected.get(keyOf(row));
  }

  reject(row: Pick<Row, 'uid' | 'position'>, message: string): void {
    this.#rejected.set(keyOf(row), message);
  }
}

/** With the EventUid, because a hub that is deleted and created again counts its messages from the start. */
function keyOf({ position, uid }: Pick<Row, 'uid' | 'position'>): string {
  return `${position} ${uid}`;
}
