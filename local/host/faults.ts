import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface FaultCounts {
  readonly kills: number;
  readonly timeouts: number;
  readonly rebalances: number;
}

/** Troubles to order from the host. Everything random follows from the seed and the order of the batches. */
export interface HostFaults {
  /** Seeds all that is random from here on. Without it the seed is 0. */
  seed(seed: number): void;
  /** Kills every worker process at once, as `kill -9` does. */
  killWorkersNow(): void;
  /** Lets that many more batches be delivered, then kills the worker of the next one. */
  killWorkerAfter(batches: number): void;
  /** From now on kills the worker at each batch with this probability (0 to 1): before, during or after its work. */
  killWorkersWithProbability(probability: number): void;
  /** The next delivered batch exceeds its function timeout, whatever the handler does. */
  timeOutNext(): void;
  /** Takes all partitions from one instance, which then has to claim some again. */
  rebalance(): Promise<void>;
  /** What fired until now. */
  readonly fired: FaultCounts;
}

/** Longest time that a worker works on before it is killed during its work. */
const LONGEST_LIFE_MS = 50;

/**
 * What shall happen to a batch that is about to be delivered: its worker is killed before it begins (0 ms), some
 * milliseconds into its work, or after it, when the work is done but nobody is told (`work`).
 */
export type BatchFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'kill'; readonly after: number | 'work' };

/** The part of a host that faults act on. */
export interface FaultTarget {
  killWorkers(): void;
  /** @param pick 0 (inclusive) to 1 (exclusive), chooses the instance */
  rebalance(pick: number): Promise<void>;
}

export class FaultPlan implements HostFaults {
  #target: FaultTarget | undefined;
  readonly #fired = { kills: 0, timeouts: 0, rebalances: 0 };
  #generator = xoroshiro128plus(0);
  #killAfter: number | undefined;
  #killProbability = 0;
  #timeouts = 0;

  /** Faults that act on the host at once do so from here on. */
  aimAt(target: FaultTarget): void {
    this.#target = target;
  }

  get fired(): FaultCounts {
    return { ...this.#fired };
  }

  seed(seed: number): void {
    this.#generator = xoroshiro128plus(seed);
  }

  killWorkersNow(): void {
    this.#fired.kills += 1;
    this.#target?.killWorkers();
  }

  killWorkerAfter(batches: number): void {
    this.#killAfter = batches;
  }

  killWorkersWithProbability(probability: number): void {
    this.#killProbability = probability;
  }

  timeOutNext(): void {
    this.#timeouts += 1;
  }

  async rebalance(): Promise<void> {
    this.#fired.rebalances += 1;
    await this.#target?.rebalance(this.random());
  }

  /** 0 (inclusive) to 1 (exclusive) */
  random(): number {
    return uniformFloat64(this.#generator);
  }

  /** Called once for every delivered batch. */
  next(): BatchFault {
    if (this.#timeouts > 0) {
      this.#timeouts -= 1;
      this.#fired.timeouts += 1;
      return { kind: 'timeout' };
    }
    const counted = this.#killAfter === 0;
    if (this.#killAfter !== undefined) {
      this.#killAfter = counted ? undefined : this.#killAfter - 1;
    }
    const drawn = this.#killProbability > 0 && this.random() < this.#killProbability;
    if (!counted && !drawn) return { kind: 'none' };
    this.#fired.kills += 1;
    const moment = Math.floor(this.random() * 3);
    if (moment === 0) return { kind: 'kill', after: 0 };
    return { kind: 'kill', after: moment === 1 ? 1 + this.random() * LONGEST_LIFE_MS : 'work' };
  }
}
