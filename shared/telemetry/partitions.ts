import type { Code } from './codes';
import type { Reading } from './signals';

/** A partition of which nothing was heard for so long is another instance's now: held batches come every five minutes. */
const forgottenAfterMs = 15 * 60_000;
/** Answers of the hub that are remembered for each partition. */
const maxEnds = 16;

interface BatchPlace {
  readonly hub: string;
  readonly partition: string;
  readonly messages: readonly { readonly sequenceNumber: string }[];
  readonly enqueued: readonly (Date | undefined)[];
}

interface End {
  /** Sequence number of the partition's last event; -1 when there is none. */
  readonly sequence: number;
  /** When the hub was asked. */
  readonly at: number;
}

interface PartitionState {
  readonly hub: string;
  readonly partition: string;
  seen: number;
  /** Sequence number of the last event that is settled, and when the hub took it. */
  done: number;
  doneEnqueued: number | undefined;
  /** When the hub took the first event of the batch that the app works on or that is held. */
  waitingSince: number | undefined;
  held: { readonly since: number; readonly code: Code } | undefined;
  ends: readonly End[];
}

/** What this instance knows of the partitions that it works on: how far it is, since when a batch waits, and why. */
export class Partitions {
  readonly #states = new Map<string, PartitionState>();
  /** Series of held partitions that are over: each is reported once more, as 0. */
  readonly #over: Reading[] = [];

  /** `now` tells the time of day, which the hub's times are compared with; `elapsed` is a clock that nobody sets. */
  constructor(
    private readonly now: () => number = Date.now,
    private readonly elapsed: () => number = () => performance.now(),
  ) {}

  began(batch: BatchPlace): void {
    const state = this.of(batch);
    const first = sequenceOf(batch.messages[0]);
    // What comes before a batch is settled: the host goes through a partition in its order.
    if (first !== undefined && first - 1 !== state.done) {
      state.done = first - 1;
      state.doneEnqueued = undefined;
    }
    state.waitingSince = batch.enqueued[0]?.getTime() ?? state.waitingSince;
  }

  settled(batch: BatchPlace): void {
    const state = this.of(batch);
    state.done = sequenceOf(batch.messages.at(-1)) ?? state.done;
    state.doneEnqueued = batch.enqueued.at(-1)?.getTime();
    state.waitingSince = undefined;
    this.release(state);
  }

  held(batch: BatchPlace, code: Code): void {
    const state = this.of(batch);
    const since = state.held?.since ?? this.elapsed();
    if (state.held?.code !== code) this.release(state);
    state.held = { since, code };
  }

  /** The hubs and partitions that this instance has worked on lately. */
  seen(): readonly { readonly hub: string; readonly partition: string }[] {
    this.forget();
    return [...this.#states.values()].map(({ hub, partition }) => ({ hub, partition }));
  }

  /** The hub has told where the partition ends. */
  endsAt({ hub, partition }: { readonly hub: string; readonly partition: string }, sequence: number): void {
    const state = this.#states.get(keyOf(hub, partition));
    if (state !== undefined) state.ends = [...state.ends.slice(1 - maxEnds), { sequence, at: this.now() }];
  }

  readings(): Reading[] {
    this.forget();
    const now = this.now();
    const readings = this.#over.splice(0);
    for (const state of this.#states.values()) {
      const attributes = placeOf(state);
      const age = oldestAge(state, now);
      if (age !== undefined) readings.push({ metric: 'oldestAge', value: Math.max(0, age) / 1000, attributes });
      const end = state.ends.at(-1);
      if (end !== undefined) {
        readings.push({ metric: 'backlog', value: Math.max(0, end.sequence - state.done), attributes });
      }
      if (state.held !== undefined)
        readings.push(heldReading(state, state.held.code, this.elapsed() - state.held.since));
    }
    return readings;
  }

  private of({ hub, partition }: BatchPlace): PartitionState {
    const key = keyOf(hub, partition);
    const state = this.#states.get(key) ?? {
      hub,
      partition,
      seen: 0,
      done: -1,
      doneEnqueued: undefined,
      waitingSince: undefined,
      held: undefined,
      ends: [],
    };
    state.seen = this.elapsed();
    this.#states.set(key, state);
    return state;
  }

  private release(state: PartitionState): void {
    if (state.held !== undefined) this.#over.push(heldReading(state, state.held.code, 0));
    state.held = undefined;
  }

  private forget(): void {
    for (const [key, { seen }] of this.#states) {
      if (this.elapsed() - seen > forgottenAfterMs) this.#states.delete(key);
    }
  }
}

/**
 * Milliseconds; undefined when nothing is known. Exact while a batch is in hand: its first event is the oldest. Otherwise
 * the hub tells only how many events are behind the last settled one, not since when, and a reader of our own would drive
 * the trigger's out of the partition (readers with an epoch are alone in their consumer group). But the oldest of them came
 * after the last answer that did not know it, and after the last settled one: at most one interval too old.
 */
function oldestAge({ waitingSince, done, doneEnqueued, ends }: PartitionState, now: number): number | undefined {
  if (waitingSince !== undefined) return now - waitingSince;
  const end = ends.at(-1);
  if (end === undefined) return undefined;
  if (end.sequence <= done) return 0;
  const before = ends.findLast(({ sequence }) => sequence <= done);
  const since = Math.max(before?.at ?? 0, doneEnqueued ?? 0);
  return since === 0 ? undefined : now - since;
}

function heldReading(state: PartitionState, code: Code, ms: number): Reading {
  return { metric: 'held', value: ms / 1000, attributes: { ...placeOf(state), 'error.type': code } };
}

function placeOf({ hub, partition }: PartitionState) {
  return { 'messaging.destination.name': hub, 'messaging.destination.partition.id': partition };
}

function keyOf(hub: string, partition: string): string {
  return `${hub}/${partition}`;
}

function sequenceOf(message: { readonly sequenceNumber: string } | undefined): number | undefined {
  const sequence = Number(message?.sequenceNumber ?? Number.NaN);
  return Number.isSafeInteger(sequence) ? sequence : undefined;
}
