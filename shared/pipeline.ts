import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Batch } from './batch';
import { Books, type Tally } from './books';
import type { IngestionSettings } from './config';
import { deadline } from './deadline';
import { type BatchRecording, notRecorded } from './delivery/batchRecording';
import { DcrGate } from './delivery/dcrGate';
import type { DeadLetter, DeadLetters } from './delivery/deadLetters';
import { deliver } from './delivery/deliver';
import { Ledger, type PartitionLedger } from './delivery/ledger';
import type { Sender } from './delivery/sender';
import { SettledRows } from './delivery/settledRows';
import type { Why } from './recordFate';
import type { Row } from './sessions/row';
import { Plans } from './transform/plans';
import type { RowRules } from './transform/ruling';
import type { TransformSettings } from './transform/transformSettings';
import { countSent, rejectedLetters, transformBatch } from './transformBatch';

/** What the pipeline uses for the life of the process. */
export interface PipelineOptions {
  readonly transform: TransformSettings;
  readonly rules?: RowRules | undefined;
  readonly ingestion: Pick<IngestionSettings, 'ruleIds' | 'concurrency' | 'budgetSeconds'>;
  readonly sender: Sender;
  readonly deadLetters: DeadLetters;
  /** Called with the milliseconds when all partitions of a DCR have to wait. */
  readonly onClosed?: (dcrId: string, ms: number) => void;
}

/** Processes a batch end to end. One instance per process; batches may run concurrently. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #gates: readonly { readonly dcrId: string; readonly gate: DcrGate }[];
  readonly #ledger = new Ledger();
  readonly #plans = new Plans();
  readonly #settledRows = new SettledRows();
  readonly #closing = new AbortController();

  constructor(options: PipelineOptions) {
    this.#options = options;
    const { ruleIds: dcrIds, concurrency, budgetSeconds } = options.ingestion;
    // Each DCR has its own slots, so that a slow one cannot take them all.
    const slots = Math.max(1, Math.floor(concurrency / dcrIds.length));
    this.#gates = dcrIds.map((dcrId) => ({
      dcrId,
      gate: new DcrGate({
        concurrency: slots,
        maxRetryAfterMs: budgetSeconds * 1000,
        onClosed: (ms) => options.onClosed?.(dcrId, ms),
      }),
    }));
  }

  /**
   * Settles every record of a batch and returns its books.
   * @throws when something could not be delivered: the batch must be redelivered. Until then the pipeline remembers what was
   * accepted or acknowledged, and neither sends nor counts it twice.
   */
  async settle(batch: Batch, recording: BatchRecording = notRecorded): Promise<Tally> {
    this.#closing.signal.throwIfAborted();
    return this.#ledger.inTurn(batch, (ledger) => this.settleInTurn(batch, ledger, recording));
  }

  private async settleInTurn(batch: Batch, ledger: PartitionLedger, recording: BatchRecording): Promise<Tally> {
    const { transform, ingestion, sender, rules } = this.#options;
    const settledRows = this.#settledRows;
    const books = new Books();
    const known = new Set<string>();
    const acceptedAt = (uid: string): string | undefined => {
      // Ask the ledger first: a row that this partition stored is no duplicate, even if another has stored a copy since.
      const position = ledger.accepted.get(uid) ?? settledRows.accepted.get(uid);
      if (position !== undefined) known.add(uid);
      return position;
    };
    const { rows, letters } = await recording.step('transform', () =>
      transformBatch(batch, transform, books, { plans: this.#plans, acceptedAt, rules }),
    );
    for (const { uid } of rows) known.delete(uid);
    const time = deadline(ingestion.budgetSeconds * 1000, this.#closing.signal);
    try {
      const { signal } = time;
      const { invocationId } = batch;
      const dcr = this.dcrOf(batch.partition);
      const copies = known.size;
      const route = { ...dcr, sender, settledRows, ledger, copies, recording, invocationId, signal };
      const rejected = await recording.step('delivery', () => deliver(rows, route));
      const all = [...letters, ...(await lettersOfRejected(batch, rejected))];
      for (const row of rejected.keys()) {
        if (settledRows.rejectionOf(row) !== undefined) ledger.letters.add(row.position);
      }
      await this.writeLetters(all, ledger, recording, signal);
      for (const [row, message] of rejected) settledRows.reject(row, message);
      const sent = rows.filter(({ uid, position }) => ledger.accepted.get(uid) === position);
      count(books, sent, all, ledger);
      recording.settled(books, sent);
      return books.tally();
    } finally {
      time.end();
    }
  }

  /** Writes the dead letters that no earlier attempt has written. */
  private async writeLetters(
    letters: readonly DeadLetter[],
    ledger: PartitionLedger,
    recording: BatchRecording,
    signal: AbortSignal,
  ): Promise<void> {
    const unwritten = new Map(letters.filter(({ id }) => !ledger.letters.has(id)).map((letter) => [letter.id, letter]));
    recording.ledgerHits('deadLetter', letters.length - unwritten.size);
    if (unwritten.size === 0) return;
    const onAcknowledged = (id: string): void => {
      ledger.letters.add(id);
      const letter = unwritten.get(id);
      if (letter !== undefined) recording.letterWritten(letter);
    };
    await recording.step('deadLetters', () =>
      this.#options.deadLetters.write([...unwritten.values()], { signal, onAcknowledged }),
    );
  }

  /**
   * Ends all waiting: batches in flight fail, and are redelivered to another instance. Calls in flight are completed, because
   * rows whose acceptance is unknown would be sent again. Resolves when no batch is in flight.
   */
  async close(): Promise<void> {
    this.#closing.abort(new Error('The app is shutting down; the batch will be redelivered.'));
    await this.#ledger.idle();
  }

  /** Each partition always uses the same DCR, so that a retry goes where the first attempt went. */
  private dcrOf(partition: string): { readonly dcrId: string; readonly gate: DcrGate } {
    const dcr = this.#gates[(Number.parseInt(partition, 10) || 0) % this.#gates.length];
    if (dcr === undefined) throw new RangeError('LOGS_INGESTION_RULE_IDS is empty.');
    return dcr;
  }
}

/** Counts only rows accepted and letters acknowledged, so that a record which was forgotten shows as a gap in the books. */
function count(
  books: Books,
  sent: readonly Row[],
  letters: readonly DeadLetter[],
  { letters: acknowledged, bytesOut, bytesSent }: PartitionLedger,
): void {
  books.chunks(bytesOut, bytesSent);
  countSent(books, sent);
  for (const letter of letters) if (acknowledged.has(letter.id)) books.count('deadLettered', letter);
}

/** The dead letters of rejected rows. Lets other work run between two messages. */
async function lettersOfRejected(batch: Batch, rejected: ReadonlyMap<Row, string>): Promise<DeadLetter[]> {
  const whys = new Map(Array.from(rejected, ([row, message]) => [row, whyRejected(message)]));
  const letters: DeadLetter[] = [];
  for (const message of whys.size === 0 ? [] : batch.messages) {
    await nextTurn();
    letters.push(...rejectedLetters({ ...batch, messages: [message] }, whys));
  }
  return letters;
}

function whyRejected(error: string): Why {
  return { reason: 'Refused', step: 'delivery', error };
}
