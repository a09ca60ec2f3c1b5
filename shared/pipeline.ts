import { Books, type Tally } from './books';
import type { IngestionSettings } from './config';
import { AcceptedWindow } from './delivery/acceptedWindow';
import type { DeadLetters } from './delivery/deadLetters';
import { deadline } from './delivery/deadline';
import { deliver } from './delivery/deliver';
import type { DeliveryError } from './delivery/deliveryError';
import { Ledger, type PartitionLedger } from './delivery/ledger';
import { RuleGate } from './delivery/ruleGate';
import type { Sender } from './delivery/sender';
import type { TransformSettings } from './transform/settings';
import { type Batch, refusedLetters, transformBatch, type Why } from './transformBatch';

/** What the pipeline works with, for the life of the process. */
export interface PipelineOptions {
  readonly transform: TransformSettings;
  readonly ingestion: Pick<IngestionSettings, 'ruleIds' | 'concurrency' | 'budgetSeconds'>;
  readonly sender: Sender;
  readonly deadLetters: DeadLetters;
}

/** The way of a batch: envelope, transform, chunks, delivery, books. One for a process; batches may overlap. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #gates: readonly { readonly ruleId: string; readonly gate: RuleGate }[];
  readonly #ledger = new Ledger();
  readonly #accepted = new AcceptedWindow();
  readonly #closing = new AbortController();

  constructor(options: PipelineOptions) {
    this.#options = options;
    const { ruleIds, concurrency, budgetSeconds } = options.ingestion;
    // Each rule has places of its own, so that a slow one cannot take them all.
    const places = Math.max(1, Math.floor(concurrency / ruleIds.length));
    this.#gates = ruleIds.map((ruleId) => ({
      ruleId,
      gate: new RuleGate({ concurrency: places, maxRetryAfterMs: budgetSeconds * 1000 }),
    }));
  }

  /**
   * Settles every record of a batch and returns its books.
   * @throws when anything could not be delivered: the batch is to be given again. What was accepted or acknowledged until
   * then is remembered, and neither sent nor counted twice.
   */
  async settle(batch: Batch): Promise<Tally> {
    this.#closing.signal.throwIfAborted();
    return this.#ledger.inTurn(batch.hub, batch.partition, (ledger) => this.settleInTurn(batch, ledger));
  }

  private async settleInTurn(batch: Batch, ledger: PartitionLedger): Promise<Tally> {
    const { transform, ingestion, sender, deadLetters } = this.#options;
    const accepted = this.#accepted;
    const books = new Books();
    const { rows, letters } = transformBatch(batch, transform, books, { acceptedAt: (uid) => accepted.placeOf(uid) });
    const time = deadline(ingestion.budgetSeconds * 1000, this.#closing.signal);
    try {
      const { signal } = time;
      const { invocationId } = batch;
      const route = { ...this.routeOf(batch.partition), sender, accepted, ledger, invocationId, signal };
      const errors = await deliver(rows, route);
      const refused = new Map(Array.from(errors, ([row, error]) => [row, whyRefused(error)]));
      const all = [...letters, ...refusedLetters(batch, refused)];
      const waiting = all.filter(({ id }) => !ledger.letters.has(id));
      await deadLetters.write(waiting, { signal, onAcknowledged: (id) => ledger.letters.add(id) });
      books.sent(rows.length - refused.size, ledger.bytesOut, ledger.bytesSent);
      for (const letter of all) books.deadLettered(letter.reason);
      return books.tally();
    } finally {
      time.end();
    }
  }

  /**
   * Ends all waiting: batches in flight fail, and come again elsewhere. A call that is under way is let end, because what it
   * stores would come again. Resolves when no batch is in flight any more.
   */
  async close(): Promise<void> {
    this.#closing.abort(new Error('The app is shutting down; the batch comes again.'));
    await this.#ledger.idle();
  }

  /** Each partition keeps to one rule, so that a retry goes where the first attempt went. */
  private routeOf(partition: string): { readonly ruleId: string; readonly gate: RuleGate } {
    const route = this.#gates[(Number.parseInt(partition, 10) || 0) % this.#gates.length];
    if (route === undefined) throw new RangeError('LOGS_INGESTION_RULE_IDS is empty.');
    return route;
  }
}

function whyRefused({ message }: DeliveryError): Why {
  return { reason: 'Refused', step: 'delivery', error: message };
}
