import { setTimeout as sleep } from 'node:timers/promises';
import type { ReceivedEventData } from '@azure/event-hubs';

export interface MinimumBatchesOptions {
  readonly least: number;
  readonly most: number;
  readonly maxWaitMs: number;
  /** When the partition was last checkpointed, in milliseconds since 1970. */
  readonly lastCheckpointMs: () => Promise<number | undefined>;
  readonly dispatch: (events: readonly ReceivedEventData[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Holds the events of one partition back until there are enough for a batch, or they have waited long enough
 * (PartitionProcessorEventsManager.cs and MonitorCachedEvents of the WebJobs extension). The first batch after the
 * partition was opened does not wait, unless a checkpoint shows that a batch was dispatched a short while ago.
 */
export class MinimumBatches {
  readonly #options: MinimumBatchesOptions;
  #held: ReceivedEventData[] = [];
  #isFirst = true;
  #wait: AbortController | undefined;
  /** Dispatches one batch at a time, whether events or the clock asked for it. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: MinimumBatchesOptions) {
    this.#options = options;
  }

  add(events: readonly ReceivedEventData[]): Promise<void> {
    return this.inTurn(async () => {
      this.#held.push(...events);
      if (this.#held.length >= this.#options.least) {
        await this.dispatch();
        this.#wait?.abort();
        this.#wait = undefined;
      }
      if (this.#held.length > 0 && this.#wait === undefined) {
        this.#wait = new AbortController();
        void this.dispatchLater(this.#wait);
      }
    });
  }

  private async dispatchLater(wait: AbortController): Promise<void> {
    const signal = AbortSignal.any([wait.signal, this.#options.signal]);
    const elapsed = await sleep(await this.waitMs(), true, { signal }).catch(() => false);
    if (!elapsed) return;
    await this.inTurn(async () => {
      if (signal.aborted) return;
      this.#wait = undefined;
      await this.dispatch();
    });
  }

  private async waitMs(): Promise<number> {
    const { maxWaitMs } = this.#options;
    if (!this.#isFirst) return maxWaitMs;
    const lastMs = await this.#options.lastCheckpointMs();
    return lastMs === undefined ? 0 : Math.max(0, maxWaitMs - (Date.now() - lastMs));
  }

  private async dispatch(): Promise<void> {
    const batch = this.#held.splice(0, this.#options.most);
    if (batch.length === 0 || this.#options.signal.aborted) return;
    this.#isFirst = false;
    await this.#options.dispatch(batch);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn;
    return turn;
  }
}
