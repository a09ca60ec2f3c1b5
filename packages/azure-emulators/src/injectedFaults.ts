import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { Counts } from './counts';

/** When a fault happens; by default at the next call. A call is any operation that the fault can affect. */
export interface FaultTiming {
  /** Calls that pass first; default 0. */
  readonly after?: number;
  /** How many calls get the fault. The default is 1, or all calls if there is a probability. */
  readonly times?: number;
  /** The probability that a call gets the fault, 0 to 1. */
  readonly probability?: number;
  /** Seed of the random numbers; by default the number of faults added before. The same seed gives the same faults. */
  readonly seed?: number;
}

export interface InjectedFault {
  /** How many calls have met it. */
  readonly fired: number;
  remove(): void;
}

/** Makes an emulator fail on purpose. */
export interface Faults<Fault> {
  /**
   * Adds a fault: what happens (`kind` and its details) and when. A call gets only one fault: those without a probability come
   * first, in the order in which they were added.
   * @throws RangeError for a number that is out of range
   */
  inject(fault: Fault & FaultTiming): InjectedFault;
  /** Removes all faults; what fired stays counted. */
  clear(): void;
  /** How often faults fired, by name: `reset`, `status 429`, `status 429 with Retry-After`, `send busy`. */
  fired(): Readonly<Record<string, number>>;
}

/** The fields that name a fault. */
interface Named {
  readonly on?: string;
  readonly kind: string;
  readonly status?: number;
  readonly moment?: string;
  readonly retryAfterSeconds?: number;
}

interface Planned<Fault> {
  readonly fault: Fault & FaultTiming;
  readonly random: RandomGenerator;
  seen: number;
  fired: number;
}

export class FaultPlan<Fault extends Named> implements Faults<Fault> {
  readonly #planned = new Set<Planned<Fault>>();
  readonly #fired = new Counts();
  #added = 0;

  inject(fault: Fault & FaultTiming): InjectedFault {
    checkTiming(fault);
    const planned = { fault, random: xoroshiro128plus(fault.seed ?? this.#added++), seen: 0, fired: 0 };
    this.#planned.add(planned);
    return {
      get fired() {
        return planned.fired;
      },
      remove: () => this.#planned.delete(planned),
    };
  }

  clear(): void {
    this.#planned.clear();
  }

  fired(): Readonly<Record<string, number>> {
    return this.#fired.read();
  }

  /** Takes the fault for a call that has just arrived, from those that concern it. */
  take(concerns: (fault: Fault) => boolean = () => true): Fault | undefined {
    const due = [...this.#planned].filter((planned) => concerns(planned.fault) && isDue(planned));
    const met = due.find(({ fault }) => fault.probability === undefined) ?? due[0];
    if (met === undefined) return undefined;
    met.fired++;
    if (met.fired >= timesOf(met.fault)) this.#planned.delete(met);
    this.#fired.count(nameOf(met.fault));
    return met.fault;
  }
}

/** Draws a number for every call, even one that gets another fault, so that faults do not shift each other. */
function isDue<Fault>(planned: Planned<Fault>): boolean {
  const { after = 0, probability = 1 } = planned.fault;
  return planned.seen++ >= after && uniformFloat64(planned.random) < probability;
}

function timesOf({ times, probability }: FaultTiming): number {
  return times ?? (probability === undefined ? 1 : Number.POSITIVE_INFINITY);
}

function nameOf({ on, kind, status, moment, retryAfterSeconds }: Named): string {
  const hint = retryAfterSeconds === undefined ? undefined : 'with Retry-After';
  return [on, kind, status, moment, hint].filter((part) => part !== undefined).join(' ');
}

function checkTiming({ after = 0, times = 1, probability = 0 }: FaultTiming): void {
  if (!Number.isSafeInteger(after) || after < 0)
    throw new RangeError(`after is ${after}; it must be a whole number from 0.`);
  if (!(times >= 1)) throw new RangeError(`times is ${times}; it must be 1 or more.`);
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`probability is ${probability}; it must be 0 to 1.`);
}
