import { setMaxListeners } from 'node:events';
import { DeliveryError } from '../errors/batchErrors';
import { verdictOf } from '../errors/classify';
import { type Chunk, packChunks } from '../sessions/chunks';
import type { Row } from '../sessions/row';
import { notRecorded } from './batchRecording';
import { LifoQueue } from './lifoQueue';
import { maxCredit } from './rejectionCredit';
import type { Route } from './route';
import { type ChunkResult, type Rejected, sendChunk } from './sendChunk';
import { halves, sampleOf, timeRanges } from './smallerChunks';

/**
 * Sends every row that has not been accepted yet. Resolves with the rows that the service rejects for their content, and its
 * message for each; all others are accepted. Retries transient errors until the signal is aborted, and bisects rejected chunks.
 * @throws DeliveryError when the batch must be redelivered.
 */
export async function deliver<R extends Row>(rows: readonly R[], route: Route): Promise<ReadonlyMap<R, string>> {
  return new Delivery(rows, route).run();
}

/** A rejected chunk: some of its rows are bad, or the DCR is misconfigured. */
interface RejectedChunk<R> extends Rejected {
  readonly rows: readonly R[];
}

/** How many single rows are sent in each round of a probe; together one more than the credit covers. */
const probeRounds = [1, 4, maxCredit - 4];
/** Concurrent calls of one batch while rejected chunks are bisected. */
const bisectSlots = 4;

class Delivery<R extends Row> {
  /** Rows that an earlier, settled batch has dead-lettered. */
  readonly #settledBefore = new Map<R, string>();
  readonly #rejected = new Map<R, DeliveryError>();
  /** Records of this batch whose rows the DCR has accepted, now or before. */
  #accepted: number;
  /** The chunk rejected last is bisected first: an attempt that is cut off has then settled as many rows as possible. */
  readonly #bisecting = new LifoQueue(bisectSlots);
  /** The first fatal error. After it no call is started. */
  #failure: unknown;
  readonly #failed = new AbortController();
  /** Aborted with the route's signal, and by the first fatal error. */
  readonly #signal: AbortSignal;

  constructor(
    private readonly rows: readonly R[],
    private readonly route: Route,
  ) {
    this.#accepted = route.copies ?? 0;
    this.#signal = AbortSignal.any([route.signal, this.#failed.signal]);
    setMaxListeners(Number.POSITIVE_INFINITY, this.#signal);
  }

  async run(): Promise<ReadonlyMap<R, string>> {
    const { ledger, gate } = this.route;
    ledger.gainedMeanwhile += gate.credit.balance - (ledger.balanceWhenHeld ?? gate.credit.balance);
    const unsettled = this.withoutSettledRows();
    if (ledger.isDcrInDoubt) unsettled.push(...(await this.probeRejectedRows()));
    const rejected = await this.send(packChunks(unsettled));
    if (this.#failure === undefined) await this.findBadRows(rejected);
    if (this.#failure === undefined) this.decide();
    if (this.#failure === undefined) {
      const messages = Array.from(this.#rejected, ([row, { message }]) => [row, message] as const);
      return new Map([...this.#settledBefore, ...messages]);
    }
    ledger.balanceWhenHeld = gate.credit.balance;
    // No row was accepted, so nothing shows that the rows are at fault: the next attempt sends them all again.
    if (this.#accepted === 0) ledger.rejected.clear();
    throw this.#failure;
  }

  /** Takes over what earlier attempts and batches have settled; returns the other rows. */
  private withoutSettledRows(): R[] {
    const { settledRows, ledger, recording = notRecorded } = this.route;
    let hits = 0;
    const unsettled = this.rows.filter((row) => {
      const message = settledRows.rejectionOf(row);
      const error = ledger.rejected.size === 0 ? undefined : ledger.rejected.get(row.position);
      if (message !== undefined) this.#settledBefore.set(row, message);
      else if (error !== undefined) this.#rejected.set(row, error);
      const isRejected = message !== undefined || error !== undefined;
      const isAccepted =
        ledger.accepted.get(row.uid) === row.position || settledRows.accepted.get(row.uid) === row.position;
      if (isAccepted) {
        hits++;
        ledger.accepted.set(row.uid, row.position);
      }
      return !isRejected && !isAccepted;
    });
    this.#accepted += hits;
    recording.ledgerHits('row', hits);
    return unsettled;
  }

  /**
   * The last attempt had so many rows rejected that the DCR may have been misconfigured. If it accepts one of them now, it has
   * been corrected: then all of them are to be sent again, except those that were just probed. They are returned.
   */
  private async probeRejectedRows(): Promise<R[]> {
    const { ledger } = this.route;
    const before = this.#accepted;
    const probed = await this.probe([...this.#rejected.keys()]);
    if (this.#accepted === before) return [];
    ledger.isDcrInDoubt = false;
    const again = [...this.#rejected.keys()].filter((row) => !probed.has(row));
    for (const row of again) this.unreject(row);
    return again;
  }

  /** Sends chunks; returns those that are rejected. */
  private async send(chunks: readonly Chunk<R>[]): Promise<RejectedChunk<R>[]> {
    const rejected: RejectedChunk<R>[] = [];
    await this.forEach(chunks, async (chunk) => {
      const result = await this.sendChunk(chunk);
      if (result.kind !== 'rejected') return;
      const ranges = result.verdict === 'timeRange' ? timeRanges(chunk.rows) : [];
      if (ranges.length > 0) rejected.push(...(await this.send(ranges)));
      else rejected.push({ ...result, rows: chunk.rows });
    });
    return rejected;
  }

  /** Finds the bad rows in rejected chunks, or holds the batch if the DCR is at fault. */
  private async findBadRows(rejected: readonly RejectedChunk<R>[]): Promise<void> {
    for (const { rows, error } of rejected) if (rows.length === 1) this.reject(rows, error);
    let chunks = rejected.filter(({ rows }) => rows.length > 1);
    const [first] = chunks;
    if (first === undefined) return;
    if (this.#accepted === 0 && this.gainedMeanwhile === 0) {
      const rows = chunks.flatMap((chunk) => chunk.rows);
      const probed = await this.probe(rows);
      if (this.#failure !== undefined || probed.size === rows.length) return;
      if (this.#accepted === 0) return this.hold(first.error);
      chunks = chunks.map((chunk) => ({ ...chunk, rows: chunk.rows.filter((row) => !probed.has(row)) }));
    }
    await this.forEach(chunks, async (chunk) => this.bisect(chunk));
  }

  /** Sends single random rows until one is accepted, or more are rejected than the credit covers. Returns the rows sent. */
  private async probe(rows: readonly R[]): Promise<ReadonlySet<R>> {
    const before = this.#accepted;
    const sample = sampleOf(rows, maxCredit + 1, this.route.random ?? Math.random);
    const probed = new Set<R>();
    for (const size of probeRounds) {
      await this.forEach(
        sample.splice(0, size).flatMap((row) => packChunks([row])),
        async (chunk) => {
          for (const row of chunk.rows) probed.add(row);
          const result = await this.sendChunk(chunk);
          if (result.kind === 'rejected') this.reject(chunk.rows, result.error);
        },
      );
      if (this.#accepted > before || this.#failure !== undefined) break;
    }
    return probed;
  }

  private async bisect({ rows, verdict, error }: RejectedChunk<R>): Promise<void> {
    if (this.isHopeless()) return this.hold(error);
    const ranges = verdict === 'timeRange' ? timeRanges(rows) : [];
    await this.forEach(ranges.length > 0 ? ranges : halves(rows), async (chunk) => {
      // The halves of this chunk are queued before its slot is released.
      const [halvesSettled] = await this.#bisecting.run(async () => [this.settle(chunk, await this.sendChunk(chunk))]);
      await halvesSettled;
    });
  }

  private async settle({ rows }: Chunk<R>, result: ChunkResult): Promise<void> {
    if (result.kind !== 'rejected') return;
    if (rows.length === 1) this.reject(rows, result.error);
    else await this.bisect({ ...result, rows });
  }

  /** Even if all unsettled rows were accepted, too many would be rejected. */
  private isHopeless(): boolean {
    const sent = this.rows.length - this.#settledBefore.size + (this.route.copies ?? 0);
    return this.#rejected.size - (sent - this.#rejected.size) > maxCredit + this.gainedMeanwhile;
  }

  /** Every row is accepted or rejected now. Either the rejected rows are dead-lettered, or the DCR is at fault. */
  private decide(): void {
    const { gate, ledger } = this.route;
    const last = [...this.#rejected.values()].at(-1);
    if (last === undefined) return;
    // As long as the DCR has accepted no row, an unlisted code may mean that the DCR is at fault.
    const isUnproven = this.#accepted === 0 && !gate.hasAccepted && verdictOf(last) === 'unlisted';
    const covered = this.#accepted + this.gainedMeanwhile + ledger.creditUsed;
    const beyond = Math.max(0, this.#rejected.size - covered);
    if (isUnproven) return this.fail(last);
    if (!gate.credit.take(beyond)) return this.hold(last);
    ledger.creditUsed += beyond;
    ledger.isDcrInDoubt = false;
  }

  private hold(error: DeliveryError): void {
    this.route.ledger.isDcrInDoubt = this.#accepted > 0;
    const counts = `The app stopped after ${this.#rejected.size} of ${this.rows.length} rows of the batch were rejected and ${this.#accepted} accepted.`;
    const message = `Too many rows were rejected; the DCR or its stream is probably misconfigured. No row was dead-lettered. ${counts} ${error.message}`;
    this.fail(new DeliveryError(error.code, error.status, message, { cause: error }));
  }

  /** Does the work for all items at once. The first error ends the delivery; work that has begun is completed. */
  private async forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    await Promise.all(items.map(async (item) => work(item).catch((error: unknown) => this.fail(error))));
  }

  private fail(error: unknown): void {
    this.#failure ??= error;
    this.#failed.abort();
  }

  private accept(chunk: Chunk<R>, bytesSent: number): void {
    const { settledRows, ledger, gate } = this.route;
    for (const row of chunk.rows) {
      settledRows.accepted.set(row.uid, row.position);
      ledger.accepted.set(row.uid, row.position);
      this.unreject(row);
    }
    ledger.bytesOut += chunk.bytes;
    ledger.bytesSent += bytesSent;
    this.#accepted += chunk.rows.length;
    gate.credit.accepted(chunk.rows.length);
  }

  /** How many rows of other batches the DCR has accepted, beyond those it rejected, since this batch was held. */
  private get gainedMeanwhile(): number {
    return Math.max(0, this.route.ledger.gainedMeanwhile);
  }

  private reject(rows: readonly R[], error: DeliveryError): void {
    this.route.gate.credit.rejected(rows.length);
    for (const row of rows) {
      this.#rejected.set(row, error);
      this.route.ledger.rejected.set(row.position, error);
    }
  }

  private unreject(row: R): void {
    if (this.route.ledger.rejected.size === 0) return;
    this.#rejected.delete(row);
    this.route.ledger.rejected.delete(row.position);
  }

  private async sendChunk(chunk: Chunk<R>): Promise<ChunkResult> {
    const result = await sendChunk(chunk, this.route, this.#signal, (error) => this.fail(error));
    if (result.kind === 'accepted') this.accept(chunk, result.bytesSent);
    return result;
  }
}
