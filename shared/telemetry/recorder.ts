import type { Batch } from '../batch';
import { BoundedNames } from '../boundedNames';
import { type BatchRecording, notRecorded } from '../delivery/batchRecording';
import type { Partitions } from './partitions';
import { type Names, SignalledBatch } from './signalledBatch';
import type { Signals } from './signals';

/** Counts and traces what the app does. Does nothing until signals are attached, and when telemetry is off. */
export class Recorder {
  #signals: Signals | undefined;
  readonly #names: Names = {
    reason: new BoundedNames(),
    table: new BoundedNames(),
    news: new BoundedNames(),
    rule: new BoundedNames(),
  };

  constructor(
    private readonly consumerGroup: string,
    private readonly partitions: Partitions,
  ) {}

  attach(signals: Signals): void {
    this.#signals = signals;
    signals.add('starts', 1, {});
    signals.observe(() => this.partitions.readings());
  }

  /** The host has delivered a batch. */
  begin(batch: Batch): BatchRecording {
    if (this.#signals === undefined) return notRecorded;
    const { consumerGroup, partitions } = this;
    return new SignalledBatch(batch, { signals: this.#signals, partitions, names: this.#names, consumerGroup });
  }

  /** A drop rule took too long, and is not asked any more. */
  ruleSwitchedOff(rule: string): void {
    this.#signals?.add('rulesOff', 1, { name: this.#names.rule.of(rule) });
  }

  /** All partitions wait for a DCR. */
  closed(dcrId: string, ms: number): void {
    this.#signals?.add('throttled', ms / 1000, { rule: dcrId });
  }
}
