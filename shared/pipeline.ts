import { Books, type Tally } from './books';
import type { IngestionSettings } from './config';
import { AcceptedWindow } from './delivery/acceptedWindow';
import type { DeadLetter, DeadLetters } from './delivery/deadLetters';
import { deadline } from './delivery/deadline';
import { deliver } from './delivery/deliver';
import { Ledger, type PartitionLedger } from './delivery/ledger';
import { RefusedWindow } from './delivery/refusedWindow';
import { RuleGate } from './delivery/ruleGate';
import type { Sender } from './delivery/sender';
import { groupBy } from './groupBy';
import { type BatchRecording, notRecorded } from './telemetry/batchRecording';
import { Plans } from './transform/plans';
import type { TransformSettings } from './transform/transformSettings';
import { type Batch, refusedLetters, transformBatch, type Why } from './transformBatch';

/** What the pipeline works with, for the life of the process. */
export interface PipelineOptions {
  readonly transform: TransformSettings;
  readonly ingestion: Pick<IngestionSettings, 'ruleIds' | 'concurrency' | 'budgetSeconds'>;
  readonly sender: Sender;
  readonly deadLetters: DeadLetters;
  /** Told for how long the way to a rule is closed to all partitions, when it closes. */
  readonly onClosed?: (ruleId: string, ms: number) => void;
}

/** The way of a batch: envelope, transform, chunks, delivery, books. One for a process; batches may overlap. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #gates: readonly { readonly ruleId: string; readonly gate: RuleGate }[];
  readonly #ledger = new Ledger();
  readonly #plans = new Plans();
  readonly #accepted = new AcceptedWindow();
  readonly #refused = new RefusedWindow();
  readonly #closing = new AbortController();

  constructor(options: PipelineOptions) {
    this.#options = options;
    const { ruleIds, concurrency, budgetSeconds } = options.ingestion;
    const { onClosed } = options;
    // Each rule has places of its own, so that a slow one cannot take them all.
    const places = Math.max(1, Math.floor(concurrency / ruleIds.length));
    this.#gates = ruleIds.map((ruleId) => ({
      ruleId,
      gate: new RuleGate({
        concurrency: places,
        maxRetryAfterMs: budgetSeconds * 1000,
        onClosed: (ms) => onClosed?.(ruleId, ms),
      }),
    }));
  }

  /**
   * Settles every record of a batch and returns its books.
   * @throws when anything could not be delivered: the batch is to be given again. What was accepted or acknowledged until
   * then is remembered, and neither sent nor counted twice.
   */
  async settle(batch: Batch, recording: BatchRecording = notRecorded): Promise<Tally> {
    this.#closing.signal.throwIfAborted();
    return this.#ledger.inTurn(batch, (ledger) => this.settleInTurn(batch, ledger, recording));
  }

  private async settleInTurn(batch: Batch, ledger: PartitionLedger, recording: BatchRecording): Promise<Tally> {
    const { transform, ingestion, sender } = this.#options;
    const [accepted, setAside] = [this.#accepted, this.#refused];
    const books = new Books();
    const known = new Set<string>();
    const acceptedAt = (uid: string): string | undefined => {
      // The ledger first: if another partition has stored a copy since, this row is not a copy of that one.
      const place = ledger.accepted.get(uid) ?? accepted.placeOf(uid);
      if (place !== undefined) known.add(uid);
      return place;
    };
    const { rows, letters } = await recording.step('transform', () =>
      transformBatch(batch, transform, books, { plans: this.#plans, acceptedAt }),
    );
    for (const { uid } of rows) known.delete(uid);
    const time = deadline(ingestion.budgetSeconds * 1000, this.#closing.signal);
    try {
      const { signal } = time;
      const { invocationId } = batch;
      const route = {
        ...this.routeOf(batch.partition),
        sender,
        accepted,
        refused: setAside,
        ledger,
        copies: known.size,
        recording,
        invocationId,
        signal,
      };
      const words = await recording.step('delivery', () => deliver(rows, route));
      const refused = new Map(Array.from(words, ([row, why]) => [row, whyRefused(why)]));
      const all = [...letters, ...refusedLetters(batch, refused)];
      for (const row of refused.keys()) if (setAside.whyOf(row) !== undefined) ledger.letters.add(row.position);
      await this.setAside(all, ledger, recording, signal);
      for (const [row, why] of words) setAside.add(row, why);
      // What was accepted and acknowledged is counted, not what should have been: a record that was forgotten leaves a gap.
      const sent = rows.filter(({ uid, position }) => ledger.accepted.get(uid) === position);
      books.sent(sent.length, ledger.bytesOut, ledger.bytesSent);
      for (const [table, { length }] of groupBy(sent, (row) => row.table)) books.detail('sent', table, '', length);
      for (const { id, reason, table, records } of all) {
        if (!ledger.letters.has(id)) continue;
        books.deadLettered(reason, records);
        books.detail('deadLettered', table, reason, records);
      }
      recording.settled(books, sent);
      return books.tally();
    } finally {
      time.end();
    }
  }

  /** Writes the dead letters that no earlier attempt has written. */
  private async setAside(
    letters: readonly DeadLetter[],
    ledger: PartitionLedger,
    recording: BatchRecording,
    signal: AbortSignal,
  ): Promise<void> {
    const waiting = new Map(letters.filter(({ id }) => !ledger.letters.has(id)).map((letter) => [letter.id, letter]));
    recording.ledgerHits('deadLetter', letters.length - waiting.size);
    if (waiting.size === 0) return;
    const onAcknowledged = (id: string): void => {
      ledger.letters.add(id);
      const letter = waiting.get(id);
      if (letter !== undefined) recording.letterWritten(letter);
    };
    await recording.step('deadLetters', () =>
      this.#options.deadLetters.write([...waiting.values()], { signal, onAcknowledged }),
    );
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

function whyRefused(error: string): Why {
  return { reason: 'Refused', step: 'delivery', error };
}
