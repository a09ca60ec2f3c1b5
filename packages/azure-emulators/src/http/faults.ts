import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** What an emulator is told to do wrong. Planned faults come first, in the order in which they were asked for. */
export interface Faults<Fault> {
  /** Plays `fault` on each of the next `calls` calls (1 unless told). */
  next(fault: Fault, calls?: number): void;
  /** Lets so many calls go by, then plays `fault` on one. */
  after(calls: number, fault: Fault): void;
  /** Plays `fault` on each call with this probability (0 to 1), until `clear`. All probabilities together are 1 at most. */
  sometimes(fault: Fault, probability: number): void;
  /** Forgets every fault still to come; what fired stays counted. */
  clear(): void;
  /** How often each fault fired, by its name. */
  fired(): Readonly<Record<string, number>>;
}

export interface FaultSource<Fault> extends Faults<Fault> {
  /** The fault to play on the call that has just arrived. */
  take(): Fault | undefined;
}

/**
 * One random number is drawn for each call, whatever is planned, so the same seed and the same order of calls give the
 * same faults.
 */
export function planFaults<Fault>(seed: number, nameOf: (fault: Fault) => string): FaultSource<Fault> {
  const random = xoroshiro128plus(seed);
  const planned: { fault: Fault; calls: number; after: number }[] = [];
  const likely: { fault: Fault; probability: number }[] = [];
  const counts = new Map<string, number>();

  function choose(draw: number): Fault | undefined {
    const due = planned.find(({ after }) => after <= 0);
    for (const one of planned) one.after--;
    if (due !== undefined) {
      due.calls--;
      if (due.calls === 0) planned.splice(planned.indexOf(due), 1);
      return due.fault;
    }
    let below = 0;
    for (const { fault, probability } of likely) {
      below += probability;
      if (draw < below) return fault;
    }
    return undefined;
  }

  return {
    next(fault, calls = 1) {
      if (!Number.isSafeInteger(calls) || calls < 1) {
        throw new RangeError(`Fault '${nameOf(fault)}': calls must be a whole number from 1 up, not ${calls}.`);
      }
      planned.push({ fault, calls, after: 0 });
    },
    after(calls, fault) {
      if (!Number.isSafeInteger(calls) || calls < 0) {
        throw new RangeError(`Fault '${nameOf(fault)}': it must come after a whole number of calls, not ${calls}.`);
      }
      planned.push({ fault, calls: 1, after: calls });
    },
    sometimes(fault, probability) {
      const total = likely.reduce((sum, other) => sum + other.probability, probability);
      // Ten tenths add up to a little more than one in floating point.
      if (!(probability >= 0) || total > 1 + 1e-9) {
        throw new RangeError(
          `Fault '${nameOf(fault)}': probability ${probability} makes ${total} in all; it must be 0 or more, and 1 at most together with the others.`,
        );
      }
      likely.push({ fault, probability });
    },
    clear() {
      planned.length = 0;
      likely.length = 0;
    },
    fired: () => Object.fromEntries(counts),
    take() {
      const fault = choose(uniformFloat64(random));
      if (fault !== undefined) counts.set(nameOf(fault), (counts.get(nameOf(fault)) ?? 0) + 1);
      return fault;
    },
  };
}
