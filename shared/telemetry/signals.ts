import type { AttributesOf, CounterKey, DistributionKey, GaugeKey } from './catalogue';

/** Metrics, spans and log lines, without OpenTelemetry's types; `openTelemetry.ts` implements it. */
export interface Signals {
  add<K extends CounterKey>(metric: K, value: number, attributes: AttributesOf<K>): void;
  /** Seconds. */
  measure<K extends DistributionKey>(metric: K, values: Iterable<number>, attributes: AttributesOf<K>): void;
  /** Called at each export. */
  observe(readings: () => Iterable<Reading>): void;
  startSpan(name: string, options: SpanOptions): Span;
  log(line: LogLine): void;
}

/** The value of a gauge at the moment of an export. */
export type Reading = {
  [K in GaugeKey]: { readonly metric: K; readonly value: number; readonly attributes: AttributesOf<K> };
}[GaugeKey];

export interface SpanOptions {
  readonly kind: 'consumer' | 'producer' | 'client' | 'internal';
  /** A span of ours, or the W3C `traceparent` of another process's. */
  readonly parent?: Span | string | undefined;
  /** `traceparent` of each span that led to this one. */
  readonly links?: readonly string[];
  readonly attributes?: SpanAttributes;
}
export type SpanAttributes = Readonly<Record<string, string | number>>;

export interface Span {
  set(attributes: SpanAttributes): void;
  /** Marks it as failed, with the stable code, and with the error's message and stack if there is one. */
  fail(code: string, error?: unknown): void;
  end(): void;
}

export interface LogLine {
  readonly severity: 'info' | 'warn' | 'error' | 'fatal';
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** W3C, of the span that it belongs to. */
  readonly traceparent: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}
