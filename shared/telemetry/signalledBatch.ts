import type { Batch } from '../batch';
import { type Books, balances } from '../books';
import type { BoundedNames } from '../boundedNames';
import type { BatchRecording, Call, Step } from '../delivery/batchRecording';
import type { DeadLetter } from '../delivery/deadLetters';
import { DeliveryError } from '../errors/batchErrors';
import { codeOf } from '../errors/classify';
import type { Row } from '../sessions/row';
import type { Partitions } from './partitions';
import type { Signals, Span, SpanOptions } from './signals';

/** Bounded names for the dimensions whose values come from outside. */
export interface Names {
  readonly reason: BoundedNames;
  readonly table: BoundedNames;
  readonly news: BoundedNames;
  readonly rule: BoundedNames;
}

interface Context {
  readonly signals: Signals;
  readonly partitions: Partitions;
  readonly names: Names;
  readonly consumerGroup: string;
}

const messaging = { 'messaging.system': 'eventhubs', 'messaging.operation.name': 'process' } as const;

/** Turns one invocation into metrics and spans: a span for the batch, below it one a step, below that one a call. */
export class SignalledBatch implements BatchRecording {
  readonly #begin = performance.now();
  readonly #span: Span;
  /** The current step, else the batch: parent of new spans. */
  #current: Span;

  constructor(
    private readonly batch: Batch,
    private readonly context: Context,
  ) {
    const { hub, partition, messages, host, producers = [] } = batch;
    this.#span = context.signals.startSpan(`process ${hub}`, {
      kind: 'consumer',
      parent: host,
      links: producers,
      attributes: {
        ...messaging,
        'messaging.operation.type': 'process',
        'messaging.destination.name': hub,
        'messaging.destination.partition.id': partition,
        'messaging.consumer.group.name': context.consumerGroup,
        'messaging.batch.message_count': messages.length,
      },
    });
    this.#current = this.#span;
    context.partitions.began(batch);
  }

  async step<T>(step: Step, work: () => T | Promise<T>): Promise<T> {
    const { signals } = this.context;
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
    const { signals } = this.context;
    const rule = call.dcrId;
    const span = signals.startSpan('POST Logs Ingestion', this.dependency(rule, call.rows));
    if (call.retries !== undefined) signals.add('retries', 1, { rule, 'error.type': codeOf(call.retries) });
    const end = (status: number | undefined, code: string): void => {
      if (status !== undefined) span.set({ 'http.response.status_code': status });
      const text = status === undefined ? '' : String(status);
      signals.add('requests', 1, { rule, 'http.response.status_code': text, 'error.type': code });
      span.end();
    };
    try {
      const result = await work();
      signals.add('rowsSent', call.rows, { rule });
      signals.add('bytesSent', call.bytes, { rule, encoding: 'identity' });
      signals.add('bytesSent', result.bytesSent, { rule, encoding: 'gzip' });
      end(204, '');
      return result;
    } catch (error) {
      const code = codeOf(error);
      span.fail(code);
      end(error instanceof DeliveryError ? error.status : undefined, code);
      throw error;
    }
  }

  ledgerHits(what: 'row' | 'deadLetter', count: number): void {
    if (count > 0) this.context.signals.add('ledgerHits', count, { what });
  }

  letterWritten({ reason, table = '' }: DeadLetter): void {
    const { signals, names } = this.context;
    signals.add('deadLetters', 1, {
      'messaging.destination.name': this.batch.hub,
      reason: names.reason.of(reason),
      table: names.table.of(table),
    });
  }

  settled(books: Books, sent: readonly Pick<Row, 'time'>[]): void {
    const { signals, partitions, names } = this.context;
    const { hub, messages } = this.batch;
    const now = Date.now();
    const tally = books.tally();
    const dimension = { 'messaging.destination.name': hub };
    signals.add('messages', tally.messages, { ...messaging, ...this.partition(), ...this.group() });
    signals.add('bytesReceived', tally.bytesIn, dimension);
    signals.add('recordsReceived', tally.received, dimension);
    for (const { state, reason, table, records } of books.lines()) {
      const named = { reason: names.reason.of(reason), table: names.table.of(table) };
      signals.add('recordsSettled', records, { ...dimension, state, ...named });
    }
    if (!balances(tally)) signals.add('booksOff', 1, this.partition());
    for (const { kind, name, records } of books.news()) {
      signals.add('schemaNews', records, { kind, name: names.news.of(name) });
    }
    for (const [column, records] of Object.entries(tally.unreadableByColumn)) {
      signals.add('unreadable', records, { name: names.news.of(column) });
    }
    for (const [rule, records] of Object.entries(tally.countedByRule)) {
      signals.add('rulesCounted', records, { name: names.rule.of(rule) });
    }
    for (const [rule, records] of Object.entries(tally.ruleErrorsByRule)) {
      signals.add('ruleErrors', records, { name: names.rule.of(rule) });
    }
    const times = sent.map(({ time }) => time);
    signals.measure('eventDelay', delays(times, now), dimension);
    const enqueued = messages.map((message) => message.enqueued?.getTime());
    signals.measure('hubDelay', delays(enqueued, now), dimension);
    this.#span.set({ 'network_sessions.records.received': tally.received, 'network_sessions.rows': tally.sent });
    partitions.settled(this.batch);
  }

  ended(error?: unknown): void {
    const { signals, partitions } = this.context;
    const code = error === undefined ? '' : codeOf(error);
    if (code !== '') {
      // Only this span gets the error's message; the spans of steps and calls get its code.
      this.#span.fail(code, error);
      partitions.held(this.batch, code);
      signals.add('batchesHeld', 1, { ...this.partition(), 'error.type': code });
    }
    const dimension = { 'messaging.destination.name': this.batch.hub, ...this.group(), 'error.type': code };
    signals.measure('batchDuration', [secondsSince(this.#begin)], { ...messaging, ...dimension });
    this.#span.end();
  }

  private partition() {
    const { hub, partition } = this.batch;
    return { 'messaging.destination.name': hub, 'messaging.destination.partition.id': partition };
  }

  private group() {
    return { 'messaging.consumer.group.name': this.context.consumerGroup };
  }

  private dependency(rule: string, rows: number): SpanOptions {
    return {
      kind: 'client',
      parent: this.#current,
      attributes: { 'http.request.method': 'POST', 'server.address': 'Logs Ingestion', rule, rows },
    };
  }
}

/** Ages in seconds at `now`; 0 if the other clock is ahead of ours. */
function* delays(times: readonly (number | undefined)[], now: number): Generator<number> {
  for (const time of times) if (time !== undefined && !Number.isNaN(time)) yield Math.max(0, now - time) / 1000;
}

function secondsSince(begin: number): number {
  return (performance.now() - begin) / 1000;
}
