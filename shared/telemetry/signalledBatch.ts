import { type Books, balances } from '../books';
import type { DeadLetter } from '../delivery/deadLetters';
import { DeliveryError } from '../delivery/deliveryError';
import type { Row } from '../sessions/row';
import type { BatchRecording, Call, Step } from './batchRecording';
import { codeOf } from './codes';
import type { Partitions } from './partitions';
import type { Names } from './recorder';
import type { Signals, Span, SpanOptions } from './signals';

/** What is known of a batch before its messages are read. */
export interface RecordedBatch {
  readonly hub: string;
  readonly partition: string;
  readonly messages: readonly { readonly sequenceNumber: string }[];
  /** When the hub took each message; undefined where the host did not tell. */
  readonly enqueued: readonly (Date | undefined)[];
  /** W3C `traceparent` of the host's own span, and of those that sent the messages. */
  readonly host: string | undefined;
  readonly producers: readonly string[];
}

interface Surroundings {
  readonly signals: Signals;
  readonly partitions: Partitions;
  readonly names: Names;
  readonly consumerGroup: string;
}

const messaging = { 'messaging.system': 'eventhubs', 'messaging.operation.name': 'process' } as const;

/** One invocation in metrics and spans: a span for the batch, under it one for each step, under these one for each call. */
export class SignalledBatch implements BatchRecording {
  readonly #begin = performance.now();
  readonly #span: Span;
  /** The step that goes on, else the batch: parent of what happens now. */
  #current: Span;

  constructor(
    private readonly batch: RecordedBatch,
    private readonly around: Surroundings,
  ) {
    const { hub, partition, messages, host, producers } = batch;
    this.#span = around.signals.startSpan(`process ${hub}`, {
      kind: 'consumer',
      parent: host,
      links: producers,
      attributes: {
        ...messaging,
        'messaging.operation.type': 'process',
        'messaging.destination.name': hub,
        'messaging.destination.partition.id': partition,
        'messaging.consumer.group.name': around.consumerGroup,
        'messaging.batch.message_count': messages.length,
      },
    });
    this.#current = this.#span;
    around.partitions.began(batch);
  }

  async step<T>(step: Step, work: () => T | Promise<T>): Promise<T> {
    const { signals } = this.around;
    const begin = performance.now();
    const span = signals.startSpan(step, { kind: 'internal', parent: this.#span });
    this.#current = span;
    try {
      return await work();
    } catch (error) {
      span.fail(codeOf(error));
      throw error;
    } finally {
      this.#current = this.#span;
      span.end();
      signals.measure('stepDuration', [secondsSince(begin)], { step });
    }
  }

  async call<T extends { readonly bytesSent: number }>(call: Call, work: () => Promise<T>): Promise<T> {
    const { signals } = this.around;
    const rule = call.ruleId;
    const span = signals.startSpan('POST Logs Ingestion', this.dependency(rule, call.rows));
    if (call.repeats !== undefined) signals.add('retries', 1, { rule, 'error.type': codeOf(call.repeats) });
    const end = (status: number | undefined, code: string): void => {
      if (status !== undefined) span.set({ 'http.response.status_code': status });
      const text = status === undefined ? '' : String(status);
      signals.add('requests', 1, { rule, 'http.response.status_code': text, 'error.type': code });
      span.end();
    };
    try {
      const answer = await work();
      signals.add('rowsSent', call.rows, { rule });
      signals.add('bytesSent', call.bytes, { rule, encoding: 'identity' });
      signals.add('bytesSent', answer.bytesSent, { rule, encoding: 'gzip' });
      end(204, '');
      return answer;
    } catch (error) {
      const code = codeOf(error);
      span.fail(code);
      end(error instanceof DeliveryError ? error.status : undefined, code);
      throw error;
    }
  }

  ledgerHits(what: 'row' | 'deadLetter', count: number): void {
    if (count > 0) this.around.signals.add('ledgerHits', count, { what });
  }

  letterWritten({ reason, table = '' }: DeadLetter): void {
    const { signals, names } = this.around;
    signals.add('deadLetters', 1, {
      'messaging.destination.name': this.batch.hub,
      reason: names.reason.of(reason),
      table: names.table.of(table),
    });
  }

  settled(books: Books, sent: readonly Pick<Row, 'time'>[]): void {
    const { signals, partitions, names } = this.around;
    const { hub, enqueued } = this.batch;
    const now = Date.now();
    const tally = books.tally();
    const dimension = { 'messaging.destination.name': hub };
    signals.add('messages', tally.messages, { ...messaging, ...this.place(), ...this.group() });
    signals.add('bytesReceived', tally.bytesIn, dimension);
    signals.add('recordsReceived', tally.received, dimension);
    for (const { state, reason, table, records } of books.lines()) {
      const named = { reason: names.reason.of(reason), table: names.table.of(table) };
      signals.add('recordsSettled', records, { ...dimension, state, ...named });
    }
    if (!balances(tally)) signals.add('booksOff', 1, this.place());
    for (const { kind, name, records } of books.news()) {
      signals.add('schemaNews', records, { kind, name: names.news.of(name) });
    }
    for (const [column, records] of Object.entries(tally.unreadableByColumn)) {
      signals.add('unreadable', records, { name: names.news.of(column) });
    }
    signals.measure(
      'eventDelay',
      delays(
        sent.map(({ time }) => time),
        now,
      ),
      dimension,
    );
    const taken = enqueued.map((time) => time?.getTime());
    signals.measure('hubDelay', delays(taken, now), dimension);
    this.#span.set({ 'network_sessions.records.received': tally.received, 'network_sessions.rows': tally.sent });
    partitions.settled(this.batch);
  }

  ended(error?: unknown): void {
    const { signals, partitions } = this.around;
    const code = error === undefined ? '' : codeOf(error);
    if (code !== '') {
      // The error's words once: steps and calls have its code.
      this.#span.fail(code, error);
      partitions.held(this.batch, code);
      signals.add('batchesHeld', 1, { ...this.place(), 'error.type': code });
    }
    const dimension = { 'messaging.destination.name': this.batch.hub, ...this.group(), 'error.type': code };
    signals.measure('batchDuration', [secondsSince(this.#begin)], { ...messaging, ...dimension });
    this.#span.end();
  }

  private place() {
    const { hub, partition } = this.batch;
    return { 'messaging.destination.name': hub, 'messaging.destination.partition.id': partition };
  }

  private group() {
    return { 'messaging.consumer.group.name': this.around.consumerGroup };
  }

  private dependency(rule: string, rows: number): SpanOptions {
    return {
      kind: 'client',
      parent: this.#current,
      attributes: { 'http.request.method': 'POST', 'server.address': 'Logs Ingestion', rule, rows },
    };
  }
}

/** Ages in seconds at `now`; a clock that is ahead of ours makes none negative. */
function* delays(times: readonly (number | undefined)[], now: number): Generator<number> {
  for (const time of times) if (time !== undefined && !Number.isNaN(time)) yield Math.max(0, now - time) / 1000;
}

function secondsSince(begin: number): number {
  return (performance.now() - begin) / 1000;
}
