import { setTimeout as sleep } from 'node:timers/promises';
import { type Chunk, packChunks } from '../sessions/chunks';
import { type BatchRecording, notRecorded } from '../telemetry/batchRecording';
import type { AcceptedWindow } from './acceptedWindow';
import { DeliveryError } from './deliveryError';
import type { PartitionLedger } from './ledger';
import type { RuleGate } from './ruleGate';
import type { Sender } from './sender';
import { byTimeRange } from './timeRange';
import { verdictOf } from './verdict';

/** A row on its way. */
export interface OutgoingRow {
  /** JSON text. */
  readonly text: string;
  readonly uid: string;
  /** `hub/partition/sequence number/record index` of its record. */
  readonly place: string;
}

/** The way of a batch's rows to one rule. */
export interface Route {
  readonly ruleId: string;
  readonly gate: RuleGate;
  readonly sender: Sender;
  readonly accepted: AcceptedWindow;
  readonly ledger: PartitionLedger;
  readonly invocationId?: string | undefined;
  /** What telemetry is told of it. */
  readonly recording?: BatchRecording | undefined;
  /**
   * No attempt begins after it is aborted: the invocation's budget is spent, or the app shuts down. An attempt under way is
   * let end, because one that is cut off may have been stored all the same.
   */
  readonly signal: AbortSignal;
}

/**
 * Delivers rows: each is accepted when this resolves, now or in an earlier attempt, but for those that are returned: rows
 * that the service refuses whatever comes with them. Transient trouble is waited out as long as the signal allows; a chunk
 * with rows at fault is halved down to them.
 * @throws DeliveryError when the batch must come again.
 */
export async function deliver<R extends OutgoingRow>(
  rows: readonly R[],
  route: Route,
): Promise<ReadonlyMap<R, DeliveryError>> {
  return new Delivery(rows, route).run();
}

interface FilledChunk<R> extends Chunk {
  readonly contents: readonly R[];
}

type Answer =
  | { readonly kind: 'accepted'; readonly bytesSent: number }
  | { readonly kind: 'refused'; readonly verdict: 'content' | 'timeRange' | 'unlisted'; readonly error: DeliveryError }
  /** Other trouble has ended the delivery before this chunk was settled. */
  | { readonly kind: 'stopped' };

/** Fewer refused rows than this are their own fault, even if nothing else was sent. */
const fewRows = 20;

class Delivery<R extends OutgoingRow> {
  readonly #refused = new Map<R, DeliveryError>();
  /** The first trouble that ends the delivery; no new attempt begins after it. */
  #failure: unknown;
  readonly #failed = new AbortController();
  /** Aborted as the route's, and by the first trouble. */
  readonly #signal: AbortSignal;
  readonly #recording: BatchRecording;

  constructor(
    private readonly rows: readonly R[],
    private readonly route: Route,
  ) {
    this.#recording = route.recording ?? notRecorded;
    this.#signal = AbortSignal.any([route.signal, this.#failed.signal]);
  }

  async run(): Promise<ReadonlyMap<R, DeliveryError>> {
    const { accepted, ledger } = this.route;
    let earlier = 0;
    const waiting = this.rows.filter((row) => {
      const fault = ledger.refused.get(row.uid);
      if (fault !== undefined) this.#refused.set(row, fault);
      const isAccepted = ledger.accepted.get(row.uid) === row.place || accepted.placeOf(row.uid) === row.place;
      if (isAccepted) earlier++;
      return fault === undefined && !isAccepted;
    });
    this.#recording.ledgerHits('row', earlier);
    await this.shipAll(pack(waiting));
    // Refusals are the rows' fault only when the rest of the batch has shown that the rule takes rows.
    if (!this.isRuleAtFault()) for (const [{ uid }, error] of this.#refused) ledger.refused.set(uid, error);
    if (this.#failure !== undefined) throw this.#failure;
    return this.#refused;
  }

  private async shipAll(chunks: readonly FilledChunk<R>[]): Promise<void> {
    await Promise.all(
      chunks.map(async (chunk) => {
        try {
          await this.ship(chunk);
        } catch (error) {
          this.fail(error);
        }
      }),
    );
  }

  private fail(error: unknown): void {
    this.#failure ??= error;
    this.#failed.abort();
  }

  private async ship(chunk: FilledChunk<R>): Promise<void> {
    const answer = await this.attempt(chunk);
    if (answer.kind === 'accepted') {
      this.accept(chunk, answer.bytesSent);
    } else if (answer.kind === 'refused') {
      const [row] = chunk.contents;
      if (answer.verdict === 'unlisted' && !this.route.gate.hasAccepted) return this.probe(chunk, answer.error);
      if (chunk.rows === 1 && row !== undefined) return this.refuse(row, answer.error);
      const ranges = answer.verdict === 'timeRange' ? timeRanges(chunk) : [];
      // One range would be the same chunk again.
      return this.shipAll(ranges.length > 1 ? ranges : halves(chunk));
    }
  }

  private accept(chunk: FilledChunk<R>, bytesSent: number): void {
    const { accepted, ledger } = this.route;
    for (const { uid, place } of chunk.contents) {
      accepted.add(uid, place);
      ledger.accepted.set(uid, place);
    }
    ledger.bytesOut += chunk.body.length;
    ledger.bytesSent += bytesSent;
  }

  /**
   * A chunk was refused for an unlisted reason, and the rule has not accepted anything of this process yet: the rows may be
   * at fault, or nothing would be accepted, and no row may pay for that. Asks with single rows, and the first that is
   * accepted shows that it is rows.
   */
  private async probe({ contents }: FilledChunk<R>, error: DeliveryError): Promise<void> {
    const places = contents.length === 1 ? [] : [0, contents.length >> 1, contents.length - 1];
    for (const place of new Set(places)) {
      for (const single of pack(contents.slice(place, place + 1))) {
        const answer = await this.attempt(single);
        if (answer.kind === 'stopped') return;
        if (answer.kind === 'accepted') {
          this.accept(single, answer.bytesSent);
          return this.shipAll(pack(contents.toSpliced(place, 1)));
        }
      }
    }
    throw error;
  }

  /** Sends one chunk until the service has said yes or no, or the whole delivery has ended. */
  private async attempt(chunk: Chunk): Promise<Answer> {
    const { gate, sender, ruleId, invocationId } = this.route;
    let last: DeliveryError | undefined;
    for (let times = 1; ; times++) {
      try {
        const call = { ruleId, rows: chunk.rows, bytes: chunk.body.length, repeats: last };
        const send = async () => this.#recording.call(call, async () => sender.send(chunk, ruleId, invocationId));
        // A failure is known before the place of this call goes to the next one.
        const { bytesSent } = await gate.pass(
          async () => send().catch((error: unknown) => this.endIfHopeless(error)),
          this.#signal,
        );
        return { kind: 'accepted', bytesSent };
      } catch (error) {
        // After other trouble nobody hears it: the first is told.
        if (!(error instanceof DeliveryError)) throw this.#signal.aborted ? budgetSpent(this.route, last) : error;
        const verdict = verdictOf(error);
        if (verdict === 'configuration') return { kind: 'stopped' };
        if (verdict !== 'transient') return { kind: 'refused', verdict, error };
        last = error;
      }
      // Aborted while it sleeps: the gate says so.
      await sleep(gate.delayMs(times), undefined, { signal: this.#signal }).catch(() => undefined);
    }
  }

  private endIfHopeless(error: unknown): never {
    if (error instanceof DeliveryError && verdictOf(error) === 'configuration') this.fail(error);
    throw error;
  }

  private refuse(row: R, error: DeliveryError): void {
    this.#refused.set(row, error);
    this.route.gate.refusedInARow++;
    if (!this.isRuleAtFault()) return;
    const message = `So many rows are refused that the rule or its stream must be at fault, not the rows; none is set aside. ${error.message}`;
    throw new DeliveryError(error.code, error.status, message, { cause: error });
  }

  /** Most of this batch is refused, or the rule has refused row after row without accepting any. */
  private isRuleAtFault(): boolean {
    const isMost = this.#refused.size >= fewRows && this.#refused.size > this.rows.length / 2;
    return isMost || this.route.gate.refusedInARow >= fewRows;
  }
}

function pack<R extends OutgoingRow>(rows: readonly R[]): FilledChunk<R>[] {
  let taken = 0;
  return Array.from(packChunks(rows.map(({ text }) => text)), (chunk) => {
    taken += chunk.rows;
    return { ...chunk, contents: rows.slice(taken - chunk.rows, taken) };
  });
}

function halves<R extends OutgoingRow>({ contents }: FilledChunk<R>): FilledChunk<R>[] {
  const middle = contents.length >> 1;
  return [...pack(contents.slice(0, middle)), ...pack(contents.slice(middle))];
}

function timeRanges<R extends OutgoingRow>({ contents }: FilledChunk<R>): FilledChunk<R>[] {
  return byTimeRange(contents).flatMap((group) => pack(group));
}

/** `last` is the trouble of this chunk; without one, that of others may have kept the gate closed. */
function budgetSpent({ ruleId, gate }: Route, last = gate.closedBy): DeliveryError {
  const why = last === undefined ? 'Calls that were sent before took all of it.' : last.message;
  const message = `Rule ${ruleId} did not accept the rows in the time that one invocation has (DELIVERY_BUDGET_SECONDS). ${why}`;
  return new DeliveryError(
    last?.code ?? 'BudgetSpent',
    last?.status,
    message,
    last === undefined ? {} : { cause: last },
  );
}
