import { type Batch, partitionKey } from '../batch';
import type { Code } from '../errors/failures';
import type { Reading } from './signals';

/** Forget a partition after 15 minutes without a batch; it has moved to another instance. Held batches come every 5 minutes. */
const forgetAfterMs = 15 * 60_000;
/** How many ends of a partition are remembered. */
const maxEnds = 16;

type PartitionBatch = Pick<Batch, 'hub' | 'partition' | 'messages'>;

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
  /** Sequence number of the last settled event, and when the hub took it. */
  done: number;
  doneEnqueued: number | undefined;
  /** When the hub took the first event of the batch that is in flight or held. */
  waitingSince: number | undefined;
  held: { readonly since: number; readonly code: Code } | undefined;
  ends: readonly End[];
}

/** What this instance knows of its partitions: how far they are settled, since when a batch is waiting, and why. */
export class Partitions {
  readonly #states = new Map<string, PartitionState>();
  /** Partitions that are no longer held: each is reported one last time, as 0. */
  readonly #released: Reading[] = [];

  /** `now` is the time of day, to compare with the hub's times; `elapsed` is a monotonic clock. */
  constructor(
    private readonly now: () => number = Date.now,
    private readonly elapsed: () => number = () => performance.now(),
  ) {}

  began(batch: PartitionBatch): void {
    const state = this.of(batch);
    const first = sequenceOf(batch.messages[0]);
    // Everything before a batch is settled, because the host reads a partition in order.
    if (first !== undefined && first - 1 !== state.done) {
      state.done = first - 1;
      state.doneEnqueued = undefined;
    }
    state.waitingSince = batch.messages[0]?.enqueued?.getTime() ?? state.waitingSince;
  }

  settled(batch: PartitionBatch): void {
    const state = this.of(batch);
    state.done = sequenceOf(batch.messages.at(-1)) ?? state.done;
    state.doneEnqueued = batch.messages.at(-1)?.enqueued?.getTime();
    state.waitingSince = undefined;
    this.release(state);
  }

  held(batch: PartitionBatch, code: Code): void {
    const state = this.of(batch);
    const since = state.held?.since ?? this.elapsed();
    if (state.held?.code !== code) this.release(state);
    state.held = { since, code };
  }

  /** The partitions that this instance has had batches of lately. */
  seen(): readonly { readonly hub: string; readonly partition: string }[] {
    this.forget();
    return [...this.#states.values()].map(({ hub, partition }) => ({ hub, partition }));
  }

  /** Takes what the hub says about the end of a partition. */
  endsAt({ hub, partition }: { readonly hub: string; readonly partition: string }, sequence: number): void {
    const state = this.#states.get(partitionKey({ hub, partition }));
    if (state !== undefined) state.ends = [...state.ends.slice(1 - maxEnds), { sequence, at: this.now() }];
  }

  readings(): Reading[] {
    this.forget();
    const now = this.now();
    const readings = this.#released.splice(0);
    for (const state of this.#states.values()) {
      const attributes = attributesOf(state);
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

  private of({ hub, partition }: PartitionBatch): PartitionState {
    const key = partitionKey({ hub, partition });
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
    if (state.held !== undefined) this.#released.push(heldReading(state, state.held.code, 0));
    state.held = undefined;
  }

  private forget(): void {
    for (const [key, { seen }] of this.#states) {
      if (this.elapsed() - seen > forgetAfterMs) this.#states.delete(key);
    }
  }
}

/**
 * Milliseconds; undefined when nothing is known. Exact while a batch is in flight or held: its first event is the oldest.
 * Otherwise the hub says only how many events follow the last settled one, not since when, and a reader of our own would push
 * out the trigger's (a reader with an epoch is alone in its consumer group). But the oldest of them arrived after the hub last
 * said that there was none, and after the last settled one: the result is at most one interval too old.
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
  return { metric: 'held', value: ms / 1000, attributes: { ...attributesOf(state), 'error.type': code } };
}

function attributesOf({ hub, partition }: PartitionState) {
  return { 'messaging.destination.name': hub, 'messaging.destination.partition.id': partition };
}

function sequenceOf(message: { readonly sequenceNumber: string } | undefined): number | undefined {
  const sequence = Number(message?.sequenceNumber ?? Number.NaN);
  return Number.isSafeInteger(sequence) ? sequence : undefined;
}
