import { InvocationContext, type LogLevel } from '@azure/functions';
import { createHandler } from '../../functions/networkSessions';
import type { Batch } from '../../shared/batch';
import { Books } from '../../shared/books';
import { notRecorded } from '../../shared/delivery/batchRecording';
import { DeliveryError } from '../../shared/errors/batchErrors';
import { parseJson } from '../../shared/json';
import type { Pipeline } from '../../shared/pipeline';
import { Partitions } from '../../shared/telemetry/partitions';
import { Recorder } from '../../shared/telemetry/recorder';

const triggerMetadata = {
  partitionContext: { eventHubName: 'hub', partitionId: '3' },
  systemPropertiesArray: [{ sequenceNumber: 12 }],
  enqueuedTimeUtcArray: ['2026-11-21T08:15:28'],
};
const body = Buffer.from('{"records":["SECRET"]}');

interface Line {
  readonly level: LogLevel;
  readonly line: unknown;
}

interface Given {
  readonly retryCount?: number;
  readonly metadata?: Record<string, unknown> | undefined;
  readonly telemetry?: Parameters<typeof createHandler>[1];
  /** Where the lines go. */
  readonly lines?: Line[];
}

async function invoke(settle: Pipeline['settle'], given: Given = {}) {
  const { retryCount = 0, telemetry, lines = [] } = given;
  const metadata = 'metadata' in given ? given.metadata : triggerMetadata;
  const context = new InvocationContext({
    retryContext: { retryCount, maxRetryCount: -1 },
    logHandler: (level, text: unknown) => lines.push({ level, line: parseJson(String(text)) }),
  });
  if (metadata !== undefined) context.triggerMetadata = metadata;
  const result: unknown = await createHandler({ settle }, telemetry)([body], context).catch((error: unknown) => error);
  return { result, lines };
}

/** Records how batches ended. */
function telemetryDouble() {
  const ended: unknown[] = [];
  const recorder = new Recorder('group', new Partitions());
  jest.spyOn(recorder, 'begin').mockReturnValue({ ...notRecorded, ended: (error) => ended.push(error) });
  return { ended, telemetry: { recorder, ready: () => Promise.resolve() } };
}

describe('the handler', () => {
  test('settles the batch of the invocation, returns nothing, and logs its books in one line', async () => {
    const batches: Batch[] = [];
    const tally = new Books().tally();
    const { result, lines } = await invoke((batch) => {
      batches.push(batch);
      return Promise.resolve(tally);
    });
    expect(result).toBeUndefined();
    expect(batches).toMatchObject([{ hub: 'hub', partition: '3', messages: [{ body, sequenceNumber: '12' }] }]);
    expect(lines).toMatchObject([
      { level: 'information', line: { event: 'BatchSettled', hub: 'hub', partition: '3', ...tally } },
    ]);
  });

  test('throws the error of the delivery, so that the host redelivers the batch, and logs what to do', async () => {
    const error = new DeliveryError('Forbidden', 403, 'The identity needs a role.');
    const { result, lines } = await invoke(() => Promise.reject(error), { retryCount: 4 });
    expect(result).toBe(error);
    expect(lines).toMatchObject([
      {
        level: 'error',
        line: {
          event: 'BatchHeld',
          hub: 'hub',
          partition: '3',
          oldestEnqueued: '2026-11-21T08:15:28.000Z',
          messages: 1,
          attempt: 4,
          code: 'Forbidden',
          status: 403,
          message: 'The identity needs a role.',
        },
      },
    ]);
  });

  test.each([
    ['2026-11-21T08:15:28.000Z', 0],
    ['2026-11-21T08:15:28.499Z', 0],
    ['2026-11-21T08:17:33.600Z', 126],
    ['2026-11-28T08:15:27.000Z', 604_799],
    // The clocks of hub and app differ.
    ['2026-11-21T08:15:20.000Z', 0],
  ])('at %s says that the oldest message has been waiting for %d seconds', async (now, seconds) => {
    jest.useFakeTimers({ now: new Date(now), doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      const settled = await invoke(() => Promise.resolve(new Books().tally()));
      const held = await invoke(() => Promise.reject(new Error('no hub')));
      for (const { lines } of [settled, held]) {
        expect(lines).toMatchObject([
          { line: { oldestEnqueued: '2026-11-21T08:15:28.000Z', oldestWaitingSeconds: seconds } },
        ]);
      }
    } finally {
      jest.useRealTimers();
    }
  });

  test('never logs what is in a message', async () => {
    const settled = await invoke(() => Promise.resolve(new Books().tally()));
    const held = await invoke(() => Promise.reject(new Error('no hub')));
    expect(held.lines).toMatchObject([{ line: { code: 'DeliveryFailed', message: 'no hub' } }]);
    expect(JSON.stringify([settled, held])).not.toContain('SECRET');
  });

  test.each([
    ['without a partition', { ...triggerMetadata, partitionContext: undefined }, 'partitionContext.partitionId'],
    ['without a sequence number', { ...triggerMetadata, systemPropertiesArray: [] }, 'systemPropertiesArray'],
    ['without anything', undefined, 'partitionContext.eventHubName'],
  ])(
    'holds an invocation %s with a log line, a code and a metric, and does not call the pipeline',
    async (_, metadata, missing) => {
      const settle = jest.fn();
      const recorded = telemetryDouble();
      const { result, lines } = await invoke(settle, { metadata, telemetry: recorded.telemetry });
      expect(result).toMatchObject({ code: 'IncompleteTrigger' });
      expect(lines).toMatchObject([
        {
          level: 'error',
          line: { event: 'BatchHeld', code: 'IncompleteTrigger', message: expect.stringContaining(missing) as unknown },
        },
      ]);
      expect(recorded.ended).toEqual([result]);
      expect(settle).not.toHaveBeenCalled();
    },
  );

  test('holds an invocation whose metadata cannot be read, with a log line and a metric', async () => {
    const metadata = {
      get partitionContext(): unknown {
        throw new RangeError('no such thing');
      },
    };
    const recorded = telemetryDouble();
    const { result, lines } = await invoke(jest.fn(), { metadata, telemetry: recorded.telemetry });
    expect(lines).toMatchObject([{ level: 'error', line: { event: 'BatchHeld', message: 'no such thing' } }]);
    expect(recorded.ended).toEqual([result]);
  });

  test('logs the first failed call of an attempt at once: what failed, where, and what the app does next; later ones only when the batch is held', async () => {
    const busy = new DeliveryError('ServiceUnavailable', 503, 'The service is away.');
    const call = { dcrId: 'dcr-1', rows: 1, bytes: 10, retries: undefined };
    const [during, lines]: [number[], Line[]] = [[], []];
    await invoke(
      async (_, recording) => {
        for (const error of [busy, new DeliveryError('TooManyRequests', 429, 'busy'), busy]) {
          await recording?.call(call, async () => Promise.reject(error)).catch(() => undefined);
          during.push(lines.length);
        }
        throw busy;
      },
      { retryCount: 2, lines },
    );
    expect(during).toEqual([1, 1, 1]);
    expect(lines).toMatchObject([
      {
        level: 'warning',
        line: {
          event: 'CallFailed',
          hub: 'hub',
          partition: '3',
          attempt: 2,
          code: 'ServiceError',
          status: 503,
          serviceCode: 'ServiceUnavailable',
          message: 'The service is away.',
          next: expect.stringContaining('retried until it succeeds or DELIVERY_BUDGET_SECONDS are over') as unknown,
        },
      },
      { level: 'error', line: { event: 'BatchHeld', code: 'ServiceError' } },
    ]);
    expect(JSON.stringify(lines)).not.toContain('SECRET');
  });
});
