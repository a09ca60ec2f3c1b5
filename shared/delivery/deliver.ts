import { createHash } from 'node:crypto';
import { type Chunk, packChunks } from '../sessions/chunks';
import { DeliveryError } from './deliveryError';
import type { BatchLedger } from './ledger';
import type { RuleGate } from './ruleGate';
import type { Sender } from './sender';
import { byTimeRange } from './timeRange';
import { verdictOf } from './verdict';

/** The way of a batch's rows to one rule. */
export interface Route {
  readonly ruleId: string;
  readonly gate: RuleGate;
  readonly sender: Sender;
  readonly ledger: BatchLedger;
  /** Ends the attempts: the invocation's budget is spent, or the app shuts down. */
  readonly signal: AbortSignal;
}

export interface Delivered {
  /** Rows accepted, and the bytes of their bodies before and after compression. */
  readonly rows: number;
  readonly bytesOut: number;
  readonly bytesSent: number;
  /** Rows that the service refuses whatever comes with them, by position. */
  readonly refused: ReadonlyMap<number, DeliveryError>;
}

/**
 * Delivers rows, each given as JSON text. Transient trouble is waited out as long as the signal allows; a chunk with rows
 * at fault is halved down to them.
 * @throws DeliveryError when the batch must come again. What was accepted until then is in the ledger and not sent twice.
 */
export async function deliver(rows: readonly string[], route: Route): Promise<Delivered> {
  return new Delivery(rows, route).run();
}

/** A chunk and where its rows stand in the batch. */
interface PlacedChunk extends Chunk {
  readonly positions: readonly number[];
}

/** Fewer refused rows than this are their own fault, even if they are most of a small batch. */
const fewRows = 20;

class Delivery {
  readonly #refused = new Map<number, DeliveryError>();
  readonly #sum = { rows: 0, bytesOut: 0, bytesSent: 0 };
  /** The first trouble that ends the delivery; no new attempt begins after it. */
  #failure: unknown;

  constructor(
    private readonly rows: readonly string[],
    private readonly route: Route,
  ) {}

  async run(): Promise<Delivered> {
    await this.shipAll(this.pack([...this.rows.keys()]));
    if (this.#failure !== undefined) throw this.#failure;
    return { ...this.#sum, refused: this.#refused };
  }

  private async shipAll(chunks: readonly PlacedChunk[]): Promise<void> {
    await Promise.all(
      chunks.map(async (chunk) => {
        try {
          await this.ship(chunk);
        } catch (error) {
          this.#failure ??= error;
        }
      }),
    );
  }

  private async ship(chunk: PlacedChunk): Promise<void> {
    const { ledger, gate } = this.route;
    const digest = createHash('sha256').update(chunk.body).digest('base64');
    const known = ledger.accepted.get(digest);
    if (known !== undefined) return this.accept(chunk, known);
    const fault = ledger.refused.get(digest);
    if (fault !== undefined) return this.refuse(chunk, fault);
    try {
      const bytesSent = await this.attempt(chunk);
      ledger.accepted.set(digest, bytesSent);
      this.accept(chunk, bytesSent);
    } catch (error) {
      const verdict = error instanceof DeliveryError ? verdictOf(error, gate.hasAccepted) : undefined;
      if (verdict !== 'content' && verdict !== 'timeRange') throw error;
      if (chunk.rows > 1) return this.shipAll(verdict === 'content' ? this.halves(chunk) : this.timeRanges(chunk));
      if (!(error instanceof DeliveryError)) throw error;
      ledger.refused.set(digest, error);
      this.refuse(chunk, error);
    }
  }

  /** Sends one chunk until the service has said yes or no; returns the bytes sent. */
  private async attempt(chunk: Chunk): Promise<number> {
    const { gate, sender, ruleId, signal } = this.route;
    let last: DeliveryError | undefined;
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      try {
        return await gate.pass(async () => (await sender.send(chunk, ruleId, signal)).bytesSent, signal);
      } catch (error) {
        if (!(error instanceof DeliveryError)) throw signal.aborted ? budgetSpent(this.route, last) : error;
        if (verdictOf(error, gate.hasAccepted) !== 'transient') throw error;
        if (signal.aborted) throw budgetSpent(this.route, last ?? error);
        last = error;
      }
    }
  }

  private accept(chunk: Chunk, bytesSent: number): void {
    this.#sum.rows += chunk.rows;
    this.#sum.bytesOut += chunk.body.length;
    this.#sum.bytesSent += bytesSent;
  }

  private refuse(chunk: PlacedChunk, error: DeliveryError): void {
    for (const position of chunk.positions) this.#refused.set(position, error);
    if (this.#refused.size < fewRows || this.#refused.size <= this.rows.length / 2) return;
    const message = `Most rows of the batch are refused, so the rule or its stream must be at fault, not the rows; none is set aside. ${error.message}`;
    throw new DeliveryError(error.code, error.status, message, { cause: error });
  }

  private halves({ positions }: PlacedChunk): PlacedChunk[] {
    const middle = positions.length >> 1;
    return [...this.pack(positions.slice(0, middle)), ...this.pack(positions.slice(middle))];
  }

  private timeRanges({ positions }: PlacedChunk): PlacedChunk[] {
    const groups = byTimeRange(positions.map((position) => this.rows[position] ?? ''));
    return groups.flatMap((group) => this.pack(group.map((index) => positions[index] ?? 0)));
  }

  private pack(positions: readonly number[]): PlacedChunk[] {
    let taken = 0;
    const chunks = packChunks(positions.map((position) => this.rows[position] ?? ''));
    return Array.from(chunks, (chunk) => {
      taken += chunk.rows;
      return { ...chunk, positions: positions.slice(taken - chunk.rows, taken) };
    });
  }
}

function budgetSpent({ ruleId }: Route, last: DeliveryError | undefined): DeliveryError {
  const why = last === undefined ? 'The rule is closed after earlier trouble.' : last.message;
  const message = `Rule ${ruleId} did not accept the rows in the time that one invocation has (DELIVERY_BUDGET_SECONDS). ${why}`;
  return new DeliveryError(
    last?.code ?? 'BudgetSpent',
    last?.status,
    message,
    last === undefined ? {} : { cause: last },
  );
}
