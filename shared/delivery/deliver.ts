import { setMaxListeners } from 'node:events';
import type { Row } from '../sessions/row';
import { notRecorded } from '../telemetry/batchRecording';
import { type Answer, attempt, type Refused } from './attempt';
import { mostInDoubt } from './benefitOfDoubt';
import { DeliveryError } from './deliveryError';
import { LastComeFirst } from './lastComeFirst';
import { type FilledChunk, halves, pack, sampleOf, timeRanges } from './parts';
import type { Route } from './route';
import { verdictOf } from './verdict';

/**
 * Delivers rows: each is accepted when this resolves, now or in an earlier attempt, but for those that are returned, with the
 * service's words: rows that it refuses whatever comes with them. Transient trouble is waited out as long as the signal
 * allows; a chunk with rows at fault is halved down to them.
 * @throws DeliveryError when the batch must come again.
 */
export async function deliver<R extends Row>(rows: readonly R[], route: Route): Promise<ReadonlyMap<R, string>> {
  return new Delivery(rows, route).run();
}

/** A refused chunk: some of its rows are at fault, if the rule is not. */
interface Suspect<R> extends Refused {
  readonly contents: readonly R[];
}

/** Single rows are asked about so many at a time, until one is accepted; together one more than may be in doubt. */
const rounds = [1, 4, mostInDoubt - 4];
/** Calls of one batch at a time while refused chunks are halved. */
const halvingPlaces = 4;

class Delivery<R extends Row> {
  /** Rows that an earlier, settled batch has set aside. */
  readonly #decided = new Map<R, string>();
  readonly #refused = new Map<R, DeliveryError>();
  /** Records of this batch whose rows the rule has accepted, now or before. */
  #accepted: number;
  /** The last chunk to be refused is halved first: an attempt that is cut off has then settled as many rows as it could. */
  readonly #halving = new LastComeFirst(halvingPlaces);
  /** The first trouble that ends the delivery; no new attempt begins after it. */
  #failure: unknown;
  readonly #failed = new AbortController();
  /** Aborted as the route's, and by the first trouble. */
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
    ledger.gainedMeanwhile += gate.doubt.balance - (ledger.balanceWhenHeld ?? gate.doubt.balance);
    const waiting = this.recall();
    if (ledger.isInDoubt) waiting.push(...(await this.askAgain()));
    const suspects = await this.send(pack(waiting));
    if (this.#failure === undefined) await this.findRowsAtFault(suspects);
    if (this.#failure === undefined) this.decide();
    if (this.#failure === undefined) {
      return new Map([...this.#decided, ...Array.from(this.#refused, ([row, { message }]) => [row, message] as const)]);
    }
    ledger.balanceWhenHeld = gate.doubt.balance;
    // Nothing shows that it is the rows: the next attempt asks anew.
    if (this.#accepted === 0) ledger.refused.clear();
    throw this.#failure;
  }

  /** Sorts out what earlier attempts and batches have settled; returns the other rows. */
  private recall(): R[] {
    const { accepted, refused, ledger, recording = notRecorded } = this.route;
    let earlier = 0;
    const waiting = this.rows.filter((row) => {
      const why = refused.whyOf(row);
      const error = ledger.refused.get(row.position);
      if (why !== undefined) this.#decided.set(row, why);
      else if (error !== undefined) this.#refused.set(row, error);
      const isRefused = why !== undefined || error !== undefined;
      const isAccepted = ledger.accepted.get(row.uid) === row.position || accepted.placeOf(row.uid) === row.position;
      if (isAccepted) {
        earlier++;
        ledger.accepted.set(row.uid, row.position);
      }
      return !isRefused && !isAccepted;
    });
    this.#accepted += earlier;
    recording.ledgerHits('row', earlier);
    return waiting;
  }

  /**
   * The last attempt found so many rows refused that the rule may have been at fault. If it accepts one of them now, it has
   * been put right: then they are all as good as new, and returned but for those that were asked about.
   */
  private async askAgain(): Promise<R[]> {
    const { ledger } = this.route;
    const before = this.#accepted;
    const asked = await this.ask([...this.#refused.keys()]);
    if (this.#accepted === before) return [];
    ledger.isInDoubt = false;
    const again = [...this.#refused.keys()].filter((row) => !asked.has(row));
    for (const row of again) this.forgive(row);
    return again;
  }

  /** Sends chunks, and returns those that are refused. */
  private async send(chunks: readonly FilledChunk<R>[]): Promise<Suspect<R>[]> {
    const suspects: Suspect<R>[] = [];
    await this.all(chunks, async (chunk) => {
      const answer = await this.attempt(chunk);
      if (answer.kind !== 'refused') return;
      const ranges = answer.verdict === 'timeRange' ? timeRanges(chunk.contents) : [];
      if (ranges.length > 0) suspects.push(...(await this.send(ranges)));
      else suspects.push({ ...answer, contents: chunk.contents });
    });
    return suspects;
  }

  /** Finds the rows at fault in refused chunks, unless it is the rule. */
  private async findRowsAtFault(refused: readonly Suspect<R>[]): Promise<void> {
    for (const { contents, error } of refused) if (contents.length === 1) this.refuse(contents, error);
    let suspects = refused.filter(({ contents }) => contents.length > 1);
    const [first] = suspects;
    if (first === undefined) return;
    if (this.#accepted === 0 && this.meanwhile === 0) {
      const rows = suspects.flatMap(({ contents }) => contents);
      const asked = await this.ask(rows);
      if (this.#failure !== undefined || asked.size === rows.length) return;
      if (this.#accepted === 0) return this.hold(first.error);
      suspects = suspects.map((one) => ({ ...one, contents: one.contents.filter((row) => !asked.has(row)) }));
    }
    await this.all(suspects, async (suspect) => this.halve(suspect));
  }

  /** Asks with single rows, chosen by chance, until one is accepted or more are refused than may be in doubt. */
  private async ask(rows: readonly R[]): Promise<ReadonlySet<R>> {
    const before = this.#accepted;
    const sample = sampleOf(rows, mostInDoubt + 1, this.route.random ?? Math.random);
    const asked = new Set<R>();
    for (const size of rounds) {
      await this.all(
        sample.splice(0, size).flatMap((row) => pack([row])),
        async (chunk) => {
          for (const row of chunk.contents) asked.add(row);
          const answer = await this.attempt(chunk);
          if (answer.kind === 'refused') this.refuse(chunk.contents, answer.error);
        },
      );
      if (this.#accepted > before || this.#failure !== undefined) break;
    }
    return asked;
  }

  private async halve({ contents, verdict, error }: Suspect<R>): Promise<void> {
    if (this.isHopeless()) return this.hold(error);
    const ranges = verdict === 'timeRange' ? timeRanges(contents) : [];
    await this.all(ranges.length > 0 ? ranges : halves(contents), async (chunk) => {
      // The parts of this chunk are in the queue before its place is free.
      const [parts] = await this.#halving.run(async () => [this.judge(chunk, await this.attempt(chunk))]);
      await parts;
    });
  }

  private async judge({ contents }: FilledChunk<R>, answer: Answer): Promise<void> {
    if (answer.kind !== 'refused') return;
    if (contents.length === 1) this.refuse(contents, answer.error);
    else await this.halve({ ...answer, contents });
  }

  /** Whatever the rows say that are not settled yet, the rule will have refused too many. */
  private isHopeless(): boolean {
    const contested = this.rows.length - this.#decided.size + (this.route.copies ?? 0);
    const inDoubt = mostInDoubt + this.meanwhile;
    return this.#refused.size - (contested - this.#refused.size) > inDoubt;
  }

  /** All rows are accepted or refused: refused rows are set aside, or the rule is at fault and the batch is held. */
  private decide(): void {
    const { gate, ledger } = this.route;
    const last = [...this.#refused.values()].at(-1);
    if (last === undefined) return;
    // A code that nobody has listed may say anything as long as the rule has not accepted a row.
    const isUnheard = this.#accepted === 0 && !gate.hasAccepted && verdictOf(last) === 'unlisted';
    const known = this.#accepted + this.meanwhile + ledger.excused;
    const beyond = Math.max(0, this.#refused.size - known);
    if (isUnheard) return this.fail(last);
    if (!gate.doubt.take(beyond)) return this.hold(last);
    ledger.excused += beyond;
    ledger.isInDoubt = false;
  }

  private hold(error: DeliveryError): void {
    this.route.ledger.isInDoubt = this.#accepted > 0;
    const counts = `${this.#refused.size} of ${this.rows.length} rows of the batch were refused, and ${this.#accepted} accepted, before the app stopped asking.`;
    const message = `So many rows are refused that the rule or its stream must be at fault, not the rows; none is set aside. ${counts} ${error.message}`;
    this.fail(new DeliveryError(error.code, error.status, message, { cause: error }));
  }

  /** Does it for each; the first that fails ends the delivery, the others are let end. */
  private async all<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    await Promise.all(items.map(async (item) => work(item).catch((error: unknown) => this.fail(error))));
  }

  private fail(error: unknown): void {
    this.#failure ??= error;
    this.#failed.abort();
  }

  private accept(chunk: FilledChunk<R>, bytesSent: number): void {
    const { accepted, ledger, gate } = this.route;
    for (const row of chunk.contents) {
      accepted.add(row.uid, row.position);
      ledger.accepted.set(row.uid, row.position);
      this.forgive(row);
    }
    ledger.bytesOut += chunk.body.length;
    ledger.bytesSent += bytesSent;
    this.#accepted += chunk.rows;
    gate.doubt.accepted(chunk.rows);
  }

  /** What other batches have shown since this one was held: rows that the rule takes. */
  private get meanwhile(): number {
    return Math.max(0, this.route.ledger.gainedMeanwhile);
  }

  private refuse(rows: readonly R[], error: DeliveryError): void {
    this.route.gate.doubt.refused(rows.length);
    for (const row of rows) {
      this.#refused.set(row, error);
      this.route.ledger.refused.set(row.position, error);
    }
  }

  private forgive(row: R): void {
    this.#refused.delete(row);
    this.route.ledger.refused.delete(row.position);
  }

  /** Sends one chunk until the service has said yes or no, or the whole delivery has ended. */
  private async attempt(chunk: FilledChunk<R>): Promise<Answer> {
    const answer = await attempt(chunk, this.route, this.#signal, (error) => this.fail(error));
    if (answer.kind === 'accepted') this.accept(chunk, answer.bytesSent);
    return answer;
  }
}
