import type { Trigger } from './trigger';

/** What one function did with its hub since the host started. An attempt is one invocation; a batch has one or more. */
export interface FunctionStatistics {
  readonly functionName: string;
  readonly eventHubName: string;
  readonly consumerGroup: string;
  readonly batchesDelivered: number;
  readonly eventsDelivered: number;
  /** Events of delivered batches that this host had delivered before, in an earlier batch. */
  readonly eventsRedelivered: number;
  readonly batchesSucceeded: number;
  readonly eventsSucceeded: number;
  readonly attemptsFailed: number;
  readonly retries: number;
  /** Batches whose last attempt failed. As on the platform, the checkpoint moves past them and they are not delivered again. */
  readonly batchesGivenUp: number;
  readonly eventsGivenUp: number;
  /** Ended by a stop or a lost partition: no checkpoint, so their events are delivered again. */
  readonly batchesCancelled: number;
  readonly checkpoints: number;
}

export interface HostStatistics {
  readonly functions: readonly FunctionStatistics[];
  readonly workerRestarts: number;
}

type Count = {
  -readonly [Name in keyof FunctionStatistics as FunctionStatistics[Name] extends number ? Name : never]: number;
};

export class FunctionCounters {
  readonly #highest = new Map<string, number>();
  readonly count: Count = {
    batchesDelivered: 0,
    eventsDelivered: 0,
    eventsRedelivered: 0,
    batchesSucceeded: 0,
    eventsSucceeded: 0,
    attemptsFailed: 0,
    retries: 0,
    batchesGivenUp: 0,
    eventsGivenUp: 0,
    batchesCancelled: 0,
    checkpoints: 0,
  };

  constructor(private readonly trigger: Trigger) {}

  delivered(partitionId: string, sequenceNumbers: readonly number[]): void {
    const highest = this.#highest.get(partitionId) ?? -1;
    this.count.batchesDelivered++;
    this.count.eventsDelivered += sequenceNumbers.length;
    this.count.eventsRedelivered += sequenceNumbers.filter((sequenceNumber) => sequenceNumber <= highest).length;
    this.#highest.set(partitionId, Math.max(highest, sequenceNumbers.at(-1) ?? highest));
  }

  snapshot(): FunctionStatistics {
    const { functionName, eventHubName, consumerGroup } = this.trigger;
    return { functionName, eventHubName, consumerGroup, ...this.count };
  }
}
