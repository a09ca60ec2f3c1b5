import { type Context, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';

/** Spans of traces whose first span of ours has not ended; more than batches can be in flight. */
const maxTraces = 256;

/**
 * Decides about a batch when it is over: all that are held are kept, with all their spans, of the others one in so many
 * seconds. Deciding at the start, as samplers do, would lose most of the failures.
 */
export class KeepFailuresAndExamples implements SpanProcessor {
  readonly #waiting = new Map<string, ReadableSpan[]>();
  #lastExample = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly next: SpanProcessor,
    private readonly exampleSeconds: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  onStart(span: Span, parent: Context): void {
    this.next.onStart(span, parent);
  }

  onEnd(span: ReadableSpan): void {
    const { traceId } = span.spanContext();
    const spans = this.#waiting.get(traceId) ?? [];
    spans.push(span);
    this.#waiting.set(traceId, spans);
    const isOurFirst = span.parentSpanContext === undefined || span.parentSpanContext.isRemote === true;
    if (isOurFirst) {
      this.#waiting.delete(traceId);
      if (this.isKept(span)) for (const kept of spans) this.next.onEnd(kept);
    }
    const oldest = this.#waiting.size > maxTraces ? this.#waiting.keys().next().value : undefined;
    if (oldest !== undefined) this.#waiting.delete(oldest);
  }

  forceFlush(): Promise<void> {
    return this.next.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.next.shutdown();
  }

  private isKept({ status }: ReadableSpan): boolean {
    if (status.code === SpanStatusCode.ERROR) return true;
    if (this.now() - this.#lastExample < this.exampleSeconds * 1000) return false;
    this.#lastExample = this.now();
    return true;
  }
}
