import { InvocationContext, LogHookContext, type LogLevel } from '@azure/functions';
import { HeldLines } from '../../functions/heldLines';
import { LogForwarder } from '../../functions/logForwarder';
import type { LogLine } from '../../shared/telemetry/signals';

const place = { hub: 'hub', partition: '3' };

describe('lines about held batches', () => {
  test('the same trouble of the same partition is written once in five minutes, with how many lines were left out', () => {
    let now = 0;
    const lines = new HeldLines(() => now);
    const written = [0, 5, 60, 299, 300, 301].map((seconds) => {
      now = seconds * 1000;
      return lines.next(place, 'Forbidden');
    });
    expect(written).toEqual([0, undefined, undefined, undefined, 3, undefined]);
  });

  test('another trouble, another partition, or the same after the batch was settled, is written at once', () => {
    const lines = new HeldLines(() => 0);
    expect(lines.next(place, 'Forbidden')).toBe(0);
    expect(lines.next({ hub: 'hub', partition: '4' }, 'Forbidden')).toBe(0);
    expect(lines.next(place, 'Timeout')).toBe(0);
    expect(lines.next(place, 'Timeout')).toBeUndefined();
    lines.settled(place);
    expect(lines.next(place, 'Timeout')).toBe(0);
  });
});

/** What goes on of these lines; the SDK is loaded after the first. */
function forwarded(...contexts: LogHookContext[]): LogLine[] {
  const lines: LogLine[] = [];
  const forwarder = new LogForwarder();
  for (const context of contexts.slice(0, 1)) forwarder.take(context);
  forwarder.attach({ log: (line) => lines.push(line) });
  for (const context of contexts.slice(1)) forwarder.take(context);
  return lines;
}

const lineOf = (level: LogLevel, category: 'user' | 'system'): LogHookContext =>
  new LogHookContext({ level, category, message: `${category} ${level}` });

describe('the log hook', () => {
  const traceParent = '00-11111111111111111111111111111111-2222222222222222-01';
  const invocationContext = new InvocationContext({
    invocationId: 'id-1',
    functionName: 'flows',
    traceContext: { traceParent },
  });

  test("the app's lines go on with level, invocation and the host's span; those that came before the SDK too", () => {
    const common = { level: 'error', category: 'user', invocationContext } as const;
    const [early, late] = ['early', 'late'].map((message) => new LogHookContext({ ...common, message }));
    if (early === undefined || late === undefined) throw new Error('Two lines were made.');
    expect(forwarded(early, late)).toMatchObject(
      ['early', 'late'].map((message) => ({
        severity: 'error',
        message,
        traceparent: traceParent,
        attributes: { category: 'user', invocationId: 'id-1', functionName: 'flows' },
      })),
    );
  });

  test('details, and what the worker says of itself unless it is a warning, stay out of the bill', () => {
    const all = forwarded(
      lineOf('trace', 'user'),
      lineOf('debug', 'user'),
      lineOf('information', 'user'),
      lineOf('debug', 'system'),
      lineOf('information', 'system'),
      lineOf('warning', 'system'),
    );
    expect(all.map(({ message }) => message)).toEqual(['user information', 'system warning']);
  });
});
