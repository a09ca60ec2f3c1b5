import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** When a worker is killed: before it begins with a batch, during its work, or after it, when nobody is told any more. */
export type KillMoment = 'before' | 'during' | 'after';

export interface FaultCounts {
  readonly kills: number;
  /** Those of `kills` that met a batch at such a moment. */
  readonly killed: Readonly<Record<KillMoment, number>>;
  readonly timeouts: number;
  readonly rebalances: number;
}

/** Troubles to order from the host. Everything random follows from the seed and the order of the batches. */
export interface HostFaults {
  /** Seeds all that is random from here on. Without it the seed is 0. */
  seed(seed: number): void;
  /** Kills every worker process at once, as `kill -9` does. */
  killWorkersNow(): void;
  /** Lets that many more batches be delivered, then kills the worker of the next one; when is drawn unless told. */
  killWorkerAfter(batches: number, moment?: KillMoment): void;
  /** From now on kills the worker at each batch with this probability (0 to 1): before, during or after its work. */
  killWorkersWithProbability(probability: number): void;
  /** The next delivered batch exceeds its function timeout, whatever the handler does. */
  timeOutNext(): void;
  /** Takes all partitions from one instance, which then has to claim some again. */
  rebalance(): Promise<void>;
  /** What fired until now. */
  readonly fired: FaultCounts;
}

const moments: readonly KillMoment[] = ['before', 'during', 'after'];

/** Longest time that a worker works on before it is killed during its work. */
const longestLifeMs = 50;

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
  readonly #fired = { kills: 0, killed: { before: 0, during: 0, after: 0 }, timeouts: 0, rebalances: 0 };
  #generator = xoroshiro128plus(0);
  readonly #kills: { after: number; readonly moment: KillMoment | undefined }[] = [];
  #killProbability = 0;
  #timeouts = 0;

  /** Faults that act on the host at once do so from here on. */
  aimAt(target: FaultTarget): void {
    this.#target = target;
  }

  get fired(): FaultCounts {
    return { ...this.#fired, killed: { ...this.#fired.killed } };
  }

  seed(seed: number): void {
    this.#generator = xoroshiro128plus(seed);
  }

  killWorkersNow(): void {
    this.#fired.kills++;
    this.#target?.killWorkers();
  }

  killWorkerAfter(batches: number, moment?: KillMoment): void {
    this.#kills.push({ after: batches, moment });
  }

  killWorkersWithProbability(probability: number): void {
    this.#killProbability = probability;
  }

  timeOutNext(): void {
    this.#timeouts++;
  }

  async rebalance(): Promise<void> {
    this.#fired.rebalances++;
    await this.#target?.rebalance(this.random());
  }

  /** 0 (inclusive) to 1 (exclusive) */
  random(): number {
    return uniformFloat64(this.#generator);
  }

  /** Called once for every delivered batch. */
  next(): BatchFault {
    if (this.#timeouts > 0) {
      this.#timeouts--;
      this.#fired.timeouts++;
      return { kind: 'timeout' };
    }
    const counted = this.#kills.find(({ after }) => after <= 0);
    for (const kill of this.#kills) kill.after--;
    if (counted !== undefined) this.#kills.splice(this.#kills.indexOf(counted), 1);
    const drawn = this.#killProbability > 0 && this.random() < this.#killProbability;
    if (counted === undefined && !drawn) return { kind: 'none' };
    return this.kill(counted?.moment ?? moments[Math.floor(this.random() * moments.length)] ?? 'before');
  }

  private kill(moment: KillMoment): BatchFault {
    this.#fired.kills++;
    this.#fired.killed[moment]++;
    if (moment === 'before') return { kind: 'kill', after: 0 };
    return { kind: 'kill', after: moment === 'during' ? 1 + this.random() * longestLifeMs : 'work' };
  }
}
