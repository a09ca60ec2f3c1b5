import { InvocationContext, type LogLevel } from '@azure/functions';
import { createHandler } from '../../functions/networkSessions';
import { Books } from '../../shared/books';
import { DeliveryError } from '../../shared/delivery/deliveryError';
import { parseJson } from '../../shared/json';
import type { Batch } from '../../shared/transformBatch';

const triggerMetadata = {
  partitionContext: { eventHubName: 'hub', partitionId: '3' },
  systemPropertiesArray: [{ sequenceNumber: 12 }],
  enqueuedTimeUtcArray: ['2026-11-21T08:15:28'],
};
const body = Buffer.from('{"records":["SECRET"]}');

async function invoke(settle: (batch: Batch) => Promise<ReturnType<Books['tally']>>, retryCount = 0) {
  const lines: { level: LogLevel; line: unknown }[] = [];
  const context = new InvocationContext({
    triggerMetadata,
    retryContext: { retryCount, maxRetryCount: -1 },
    logHandler: (level, text: unknown) => lines.push({ level, line: parseJson(String(text)) }),
  });
  const outcome: unknown = await createHandler({ settle })([body], context).catch((error: unknown) => error);
  return { outcome, lines };
}

describe('the handler', () => {
  test('settles the batch of the invocation, returns nothing, and logs its books in one line', async () => {
    const batches: Batch[] = [];
    const tally = new Books().tally();
    const { outcome, lines } = await invoke((batch) => {
      batches.push(batch);
      return Promise.resolve(tally);
    });
    expect(outcome).toBeUndefined();
    expect(batches).toMatchObject([{ hub: 'hub', partition: '3', messages: [{ body, sequenceNumber: '12' }] }]);
    expect(lines).toMatchObject([
      { level: 'information', line: { event: 'BatchSettled', hub: 'hub', partition: '3', ...tally } },
    ]);
  });

  test('fails with the error of the delivery, so that the host gives the batch again, and logs what to do', async () => {
    const error = new DeliveryError('Forbidden', 403, 'The identity needs a role.');
    const { outcome, lines } = await invoke(() => Promise.reject(error), 4);
    expect(outcome).toBe(error);
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
});
