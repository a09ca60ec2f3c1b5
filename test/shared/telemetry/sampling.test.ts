import { type Span as ApiSpan, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { KeepFailuresAndExamples } from '../../../shared/telemetry/sampling';

function setUp() {
  let now = 0;
  const exporter = new InMemorySpanExporter();
  const processor = new KeepFailuresAndExamples(new SimpleSpanProcessor(exporter), 10, () => now);
  const tracer = new BasicTracerProvider({ sampler: new AlwaysOnSampler(), spanProcessors: [processor] }).getTracer(
    'test',
  );
  const remote = trace.setSpanContext(ROOT_CONTEXT, {
    traceId: '1'.repeat(32),
    spanId: '2'.repeat(16),
    traceFlags: 0,
    isRemote: true,
  });
  return {
    at: (seconds: number) => {
      now = seconds * 1000;
    },
    /** A batch with one step, under a span of the host or alone. */
    batch: (name: string, end: (batch: ApiSpan) => void = () => undefined, parent = ROOT_CONTEXT): void => {
      const span = tracer.startSpan(name, {}, parent);
      tracer.startSpan(`${name} step`, {}, trace.setSpan(ROOT_CONTEXT, span)).end();
      end(span);
      span.end();
    },
    kept: () => exporter.getFinishedSpans().map((span) => span.name),
    remote,
  };
}
const fail = (span: ApiSpan): void => void span.setStatus({ code: SpanStatusCode.ERROR });

test('one settled batch in ten seconds is kept, with its steps', () => {
  const { batch, kept, at } = setUp();
  batch('a');
  batch('b');
  at(9.9);
  batch('c');
  at(10);
  batch('d');
  expect(kept()).toEqual(['a step', 'a', 'd step', 'd']);
});

test('every batch that fails is kept, with its steps, and does not count as the example', () => {
  const { batch, kept } = setUp();
  batch('a', fail);
  batch('b', fail);
  batch('c');
  batch('d');
  expect(kept()).toEqual(['a step', 'a', 'b step', 'b', 'c step', 'c']);
});

test('a failed batch under a span of the host is kept, even if the host does not keep its span', () => {
  const { batch, kept, remote } = setUp();
  batch('a', fail, remote);
  expect(kept()).toEqual(['a step', 'a']);
});
