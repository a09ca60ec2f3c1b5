import { type BatchRecording, notRecorded } from './batchRecording';
import { BoundedNames } from './boundedNames';
import type { Partitions } from './partitions';
import { type RecordedBatch, SignalledBatch } from './signalledBatch';
import type { Signals } from './signals';

/** The names of dimensions that come from outside. */
export interface Names {
  readonly reason: BoundedNames;
  readonly table: BoundedNames;
  readonly news: BoundedNames;
}

/** Counts and traces what the app does, once there is somebody to tell; until then, and when telemetry is off, nothing. */
export class Recorder {
  #signals: Signals | undefined;
  readonly #names: Names = { reason: new BoundedNames(), table: new BoundedNames(), news: new BoundedNames() };

  constructor(
    private readonly consumerGroup: string,
    private readonly partitions: Partitions,
  ) {}

  attach(signals: Signals): void {
    this.#signals = signals;
    signals.add('starts', 1, {});
    signals.observe(() => this.partitions.readings());
  }

  /** A batch has been given to the app. */
  begin(batch: RecordedBatch): BatchRecording {
    if (this.#signals === undefined) return notRecorded;
    const { consumerGroup, partitions } = this;
    return new SignalledBatch(batch, { signals: this.#signals, partitions, names: this.#names, consumerGroup });
  }

  /** The way to a rule is closed to all partitions for so long. */
  closed(ruleId: string, ms: number): void {
    this.#signals?.add('throttled', ms / 1000, { rule: ruleId });
  }
}
