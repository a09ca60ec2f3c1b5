import { type Context, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { BoundedMap } from '../boundedMap';

/** More than batches can be in flight. */
const maxTraces = 256;

/**
 * Keeps all spans of held batches, and of one settled batch in `exampleSeconds`. Decides when a batch is over; a sampler
 * decides at the start and would lose most of the failures.
 */
export class KeepFailuresAndExamples implements SpanProcessor {
  /** Ended spans of batches that are not over, by trace. */
  readonly #waiting = new BoundedMap<string, ReadableSpan[]>(maxTraces);
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
    const isOfBatch = span.parentSpanContext === undefined || span.parentSpanContext.isRemote === true;
    if (!isOfBatch) {
      this.#waiting.set(traceId, spans);
      return;
    }
    this.#waiting.delete(traceId);
    if (this.isKept(span)) for (const kept of spans) this.next.onEnd(kept);
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
