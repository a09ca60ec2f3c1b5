import { InvocationContext, LogHookContext, type LogLevel } from '@azure/functions';
import { LogForwarder } from '../../functions/logForwarder';
import type { LogLine } from '../../shared/telemetry/signals';

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

  test("the app's lines are forwarded with level, invocation and the host's span, those before the SDK is loaded too", () => {
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

  test('lines below Information, and lines of the worker below Warning, are not forwarded', () => {
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
