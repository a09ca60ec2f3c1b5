/**
 * Faults that can be injected, so that tests meet on purpose what the service does once in a while. A fault fires for the
 * next `times` matching operations after `after` of them went by, or for each with a probability from a seeded generator;
 * either way the same run gives the same faults.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** Which faults exist, by the operation that meets them. */
export const faults = {
  /** A client finished its handshake. */
  connection: ['drop', 'reset', 'stall'],
  /** A client sends a token. */
  cbs: ['drop', 'reset', 'detach', 'busy', 'refuse', 'stall'],
  /** A client asks for the properties of a hub or partition. */
  management: ['drop', 'reset', 'detach', 'busy', 'stall'],
  /** A client opens a link to send or to receive. */
  attach: ['drop', 'reset', 'detach', 'busy', 'stall'],
  /** A client sends a message (one event or a batch). */
  send: ['drop', 'reset', 'detach', 'busy', 'stall', 'loseAcknowledgement'],
  /** An event is about to go to a receiver. */
  deliver: ['drop', 'reset', 'detach', 'busy', 'stall'],
} as const;

export type FaultOperation = keyof typeof faults;

/**
 * drop: the connection ends without a word. reset: it ends with a TCP reset. detach: the link ends with
 * amqp:link:detach-forced. busy: the operation is answered with com.microsoft:server-busy. refuse: the token is answered
 * with 401. stall: no answer; for `stallMs`, or for good. loseAcknowledgement: the events are stored, then the connection
 * ends before the client hears of it.
 */
export type FaultKind = (typeof faults)[FaultOperation][number];

export interface FaultRule<Operation extends FaultOperation = FaultOperation> {
  readonly on: Operation;
  readonly kind: (typeof faults)[Operation][number];
  /** Only operations on this hub (and partition). Connections and tokens concern no partition. */
  readonly hub?: string;
  readonly partition?: string;
  /** Matching operations that go by first; default 0. */
  readonly after?: number;
  /** How often the fault fires at most; default 1, or without end if there is a probability. */
  readonly times?: number;
  /** Instead of every match: the share of matches, 0 to 1, picked by a generator with this seed. */
  readonly probability?: number;
  readonly seed?: number;
  /** For `stall`: milliseconds until the operation goes on; without it, it never does. */
  readonly stallMs?: number;
}

export interface InjectedFault {
  /** How often it has fired. */
  readonly fired: number;
  remove(): void;
}

export interface Faults {
  /** Throws RangeError if the operation cannot meet that kind of fault, or a number is out of range. */
  inject<Operation extends FaultOperation>(rule: FaultRule<Operation>): InjectedFault;
  /** How many faults of each kind have fired, removed ones included. */
  counts(): Readonly<Record<FaultKind, number>>;
  /** Removes all faults. */
  clear(): void;
}

/** An operation that is about to happen. */
export interface Occasion {
  readonly on: FaultOperation;
  readonly hub?: string;
  readonly partition?: string;
}

export interface Fault {
  readonly kind: FaultKind;
  readonly stallMs: number | undefined;
}

interface ActiveRule {
  readonly rule: FaultRule;
  readonly random: RandomGenerator | undefined;
  seen: number;
  fired: number;
}

export class FaultInjector implements Faults {
  readonly #active = new Set<ActiveRule>();
  readonly #counts: Record<FaultKind, number> = {
    drop: 0,
    reset: 0,
    detach: 0,
    busy: 0,
    refuse: 0,
    stall: 0,
    loseAcknowledgement: 0,
  };

  inject<Operation extends FaultOperation>(rule: FaultRule<Operation>): InjectedFault {
    checkRule(rule);
    const active: ActiveRule = {
      rule,
      random: rule.probability === undefined ? undefined : xoroshiro128plus(rule.seed ?? 1),
      seen: 0,
      fired: 0,
    };
    this.#active.add(active);
    return {
      get fired() {
        return active.fired;
      },
      remove: () => this.#active.delete(active),
    };
  }

  counts(): Readonly<Record<FaultKind, number>> {
    return { ...this.#counts };
  }

  clear(): void {
    this.#active.clear();
  }

  /** The fault that this operation meets, if any. Counts it. */
  next(occasion: Occasion): Fault | undefined {
    for (const active of this.#active) {
      if (!concerns(active.rule, occasion) || !fires(active)) continue;
      active.fired++;
      this.#counts[active.rule.kind]++;
      return { kind: active.rule.kind, stallMs: active.rule.stallMs };
    }
    return undefined;
  }
}

function concerns(rule: FaultRule, occasion: Occasion): boolean {
  return (
    rule.on === occasion.on &&
    (rule.hub === undefined || rule.hub.toLowerCase() === occasion.hub?.toLowerCase()) &&
    (rule.partition === undefined || rule.partition === occasion.partition)
  );
}

function fires(active: ActiveRule): boolean {
  const { after = 0, probability, times = probability === undefined ? 1 : Number.POSITIVE_INFINITY } = active.rule;
  if (active.seen++ < after || active.fired >= times) return false;
  return probability === undefined || !active.random || uniformFloat64(active.random) < probability;
}

function checkRule({ on, kind, after = 0, times = 0, probability = 0, stallMs = 0 }: FaultRule): void {
  const kinds: readonly string[] = faults[on];
  if (!kinds.includes(kind)) throw new RangeError(`No fault '${kind}' on '${on}'; there is: ${kinds.join(', ')}.`);
  if (after < 0 || times < 0 || stallMs < 0) throw new RangeError('after, times and stallMs must not be negative.');
  if (!(probability >= 0 && probability <= 1)) throw new RangeError(`Probability ${probability} is not in 0 to 1.`);
}
