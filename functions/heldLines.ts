import type { Code } from '../shared/telemetry/codes';

/** A line about the same trouble of the same partition is worth repeating after so long. */
const repeatMs = 5 * 60_000;

interface Place {
  readonly hub: string;
  readonly partition: string;
}

/** Which lines about held batches are written: the first of each trouble, then one in five minutes. */
export class HeldLines {
  readonly #lines = new Map<string, { readonly code: Code; readonly at: number; leftOut: number }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** How many lines were left out since the last one; undefined when this one is left out, too. */
  next(place: Place, code: Code): number | undefined {
    const key = keyOf(place);
    const last = this.#lines.get(key);
    const isSame = last?.code === code;
    if (last !== undefined && isSame && this.now() - last.at < repeatMs) {
      last.leftOut++;
      return undefined;
    }
    this.#lines.set(key, { code, at: this.now(), leftOut: 0 });
    return isSame ? last.leftOut : 0;
  }

  settled(place: Place): void {
    this.#lines.delete(keyOf(place));
  }
}

function keyOf({ hub, partition }: Place): string {
  return `${hub}/${partition}`;
}
