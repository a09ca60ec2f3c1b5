import {
  type Span as ApiSpan,
  type Context,
  type Counter,
  type Histogram,
  type Meter,
  type ObservableGauge,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { type Logger, SeverityNumber } from '@opentelemetry/api-logs';
import { keysOf } from '../keysOf';
import {
  bucketBounds,
  type CounterKey,
  catalogue,
  type DistributionKey,
  type GaugeKey,
  type Metric,
  type MetricKey,
} from './catalogue';
import type { LogLine, Reading, Signals, Span, SpanAttributes, SpanOptions } from './signals';

/** Implements `Signals` with OpenTelemetry: an instrument for each metric of the catalogue. */
export function signalsOf(meter: Meter, tracer: Tracer, logger: Logger): Signals {
  const counters = new Map<MetricKey, Counter>();
  const distributions = new Map<MetricKey, { histogram: Histogram; buckets: Counter }>();
  const gauges = new Map<MetricKey, ObservableGauge>();
  for (const key of keysOf(catalogue)) {
    const { name, kind } = catalogue[key];
    if (kind === 'gauge') gauges.set(key, meter.createObservableGauge(name, optionsOf(key)));
    else if (kind === 'distribution') {
      // The exporter does not send the buckets of a histogram; ours are a counter.
      const advice = { explicitBucketBoundaries: [] };
      const histogram = meter.createHistogram(name, { ...optionsOf(key), advice });
      distributions.set(key, { histogram, buckets: meter.createCounter(`${name}.bucket`) });
    } else if (key !== 'heartbeat') counters.set(key, meter.createCounter(name, optionsOf(key)));
  }
  const beats = meter.createObservableCounter(catalogue.heartbeat.name, optionsOf('heartbeat'));
  let beat = 0;

  return {
    add: (metric: CounterKey, value, attributes) => counters.get(metric)?.add(value, attributes),
    measure(metric: DistributionKey, values, attributes) {
      const { histogram, buckets } = distributions.get(metric) ?? {};
      const counts = new Map<string, number>();
      for (const value of values) {
        histogram?.record(value, attributes);
        const le = bucketOf(value);
        counts.set(le, (counts.get(le) ?? 0) + 1);
      }
      for (const [le, count] of counts) buckets?.add(count, { ...attributes, le });
    },
    observe(readings: () => Iterable<Reading>) {
      meter.addBatchObservableCallback(
        (result) => {
          result.observe(beats, ++beat);
          for (const { metric, value, attributes } of readings()) {
            const gauge = gauges.get(metric satisfies GaugeKey);
            if (gauge !== undefined) result.observe(gauge, value, attributes);
          }
        },
        [beats, ...gauges.values()],
      );
    },
    startSpan: (name, options) => new RecordedSpan(tracer, name, options),
    log({ severity, message, time, traceparent, attributes }) {
      logger.emit({
        timestamp: time,
        severityNumber: severities[severity],
        severityText: severity,
        body: message,
        attributes,
        context: contextOf(traceparent),
      });
    },
  };
}

function optionsOf(key: MetricKey): { unit: string; description: string } {
  const { unit, description }: Metric = catalogue[key];
  return { unit, description };
}

/** Upper bound of the bucket that a value falls into. */
function bucketOf(value: number): string {
  const bound = bucketBounds.find((upper) => value <= upper);
  return bound === undefined ? '+Inf' : String(bound);
}

const severities = {
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
} as const satisfies Record<LogLine['severity'], SeverityNumber>;

const kinds = {
  consumer: SpanKind.CONSUMER,
  producer: SpanKind.PRODUCER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
} as const satisfies Record<SpanOptions['kind'], SpanKind>;

class RecordedSpan implements Span {
  readonly #span: ApiSpan;

  constructor(tracer: Tracer, name: string, { kind, parent, links = [], attributes = {} }: SpanOptions) {
    const linked = links.flatMap((traceparent) => readTraceparent(traceparent) ?? []);
    this.#span = tracer.startSpan(
      name,
      { kind: kinds[kind], attributes, links: linked.map((context) => ({ context })) },
      contextOf(parent),
    );
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(attributes);
  }

  fail(code: string, error?: unknown): void {
    // The name of the semantic conventions, which the exporter drops, and one that it keeps.
    this.#span.setAttributes({ 'error.type': code, code });
    if (error !== undefined)
      this.#span.recordException(error instanceof Error ? error : new Error('What was thrown is not an Error.'));
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  }

  end(): void {
    this.#span.end();
  }

  get context(): Context {
    return trace.setSpan(ROOT_CONTEXT, this.#span);
  }
}

function contextOf(parent: Span | string | undefined): Context {
  if (parent instanceof RecordedSpan) return parent.context;
  const remote = typeof parent === 'string' ? readTraceparent(parent) : undefined;
  return remote === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, remote);
}

const traceparentPattern = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;

/** W3C trace context; undefined for anything else, and for ids of zeros, which mean none. */
function readTraceparent(text: string): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] = traceparentPattern.exec(text) ?? [];
  if (/^0*$/.test(traceId) || /^0*$/.test(spanId)) return undefined;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return { traceId, spanId, traceFlags, isRemote: true };
}
