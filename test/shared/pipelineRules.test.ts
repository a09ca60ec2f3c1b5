import type { DeadLetters } from '../../shared/delivery/deadLetters';
import type { Sender } from '../../shared/delivery/sender';
import { DeliveryError } from '../../shared/errors/batchErrors';
import { batchOf, message, pipelineOf, recordOf } from './kit/batches';
import { MemoryDeadLetters, MemorySender } from './kit/doubles';

describe('a row too large for a call', () => {
  test('is sent with its longest texts shortened, and says so', async () => {
    const [sender, deadLetters] = [new MemorySender(), new MemoryDeadLetters()];
    // Six bytes of JSON for each of 65,536 characters in each of three columns.
    const name = '\u0001'.repeat(65_536);
    const ActionType = `${name}ConnectionInspected`;
    const tally = await pipelineOf(sender, deadLetters).settle(
      batchOf([message(recordOf(1, { ActionType, DeviceName: `${name}.x` }))]),
    );
    expect([tally.sent, deadLetters.letters]).toEqual([1, []]);
    expect(tally.bytesOut).toBeLessThanOrEqual(1_000_000);
    expect(tally.bytesOut).toBeGreaterThan(900_000);
    expect(sender.stored).toMatchObject([{ EventOriginalUid: '1', AdditionalFields: { Truncated: true } }]);
  });
});

describe('two DCRs', () => {
  const ruleIds = ['dcr-slow', 'dcr-good'];

  test('are independent: while one never answers, partitions of the other settle', async () => {
    let answer: (() => void) | undefined;
    const silent = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const sender: Sender = {
      send: async (_, ruleId) => {
        if (ruleId === 'dcr-slow') await silent;
        return { bytesSent: 1 };
      },
    };
    const pipeline = pipelineOf(sender, new MemoryDeadLetters(), ruleIds);
    const held = Array.from({ length: 8 }, (_, hub) =>
      pipeline.settle({ ...batchOf([message(recordOf(1))]), hub: `slow-${hub}` }),
    );
    const tally = await pipeline.settle({ ...batchOf([message(recordOf(2))]), partition: '1' });
    expect(tally.sent).toBe(1);
    answer?.(); // else the deadlines of those that wait keep the process up after the tests
    await Promise.all(held);
  });

  test('get the partitions in turn, and a partition keeps its DCR', async () => {
    const sender = new MemorySender();
    const pipeline = pipelineOf(sender, new MemoryDeadLetters(), ruleIds);
    for (const [i, partition] of ['0', '1', '2', '1', '0'].entries()) {
      await pipeline.settle({ ...batchOf([message(recordOf(i))]), partition });
    }
    expect(sender.calls.map(({ dcrId }) => dcrId)).toEqual([
      'dcr-slow',
      'dcr-good',
      'dcr-slow',
      'dcr-good',
      'dcr-slow',
    ]);
  });
});

describe('a settled batch that is redelivered because its checkpoint was lost', () => {
  test('is counted as before and sends nothing, even if its messages come in other batches', async () => {
    const sender = new MemorySender();
    const pipeline = pipelineOf(sender, new MemoryDeadLetters());
    const batch = batchOf([message(recordOf(1), recordOf(2)), message(recordOf(3))]);
    expect((await pipeline.settle(batch)).sent).toBe(3);
    const again = await pipeline.settle(batch);
    const [, last] = batch.messages;
    if (last === undefined) throw new Error('The test meant two messages.');
    const part = await pipeline.settle({ ...batch, messages: [last] });
    expect([again.sent, again.duplicates, part.sent, part.duplicates]).toEqual([3, 0, 1, 0]);
    expect(sender.stored).toHaveLength(3);
  });
});

describe('the budget of an invocation', () => {
  const ruleIds = ['dcr-1'];
  const hour = 3_600_000;

  test('bounds the wait after a Retry-After of an hour, for this attempt and the next', async () => {
    let isBusy = true;
    const sender = new MemorySender(() => {
      if (isBusy) throw new DeliveryError('TooManyRequests', 429, 'busy', { retryAfterMs: hour });
    });
    const pipeline = pipelineOf(sender, new MemoryDeadLetters(), ruleIds, 0.2);
    const batch = batchOf([message(recordOf(1))]);
    await expect(pipeline.settle(batch)).rejects.toMatchObject({ code: 'TooManyRequests', status: 429 });
    isBusy = false;
    // The gate is closed no longer than the budget, so that the attempt after the next one at the latest finds it open.
    const settled = pipeline.settle(batch).catch(() => pipeline.settle(batch));
    expect((await settled).sent).toBe(1);
  });

  test('bounds errors that do not end, and holds the batch with the last error of the service', async () => {
    const sender = new MemorySender(() => {
      throw new DeliveryError('InternalServerError', 500, 'no luck');
    });
    const held = pipelineOf(sender, new MemoryDeadLetters(), ruleIds, 0.3).settle(batchOf([message(recordOf(1))]));
    await expect(held).rejects.toMatchObject({
      status: 500,
      message: expect.stringMatching(/DELIVERY_BUDGET_SECONDS.*no luck/) as unknown,
    });
  });

  test('is for all steps: a batch whose rows are accepted is held when its dead letters cannot be written in time', async () => {
    const deadLetters: DeadLetters = {
      write: async (_, { signal }) =>
        new Promise((__, reject) => signal.addEventListener('abort', () => reject(new Error('over')))),
      close: () => Promise.resolve(),
    };
    const sender = new MemorySender();
    const pipeline = pipelineOf(sender, deadLetters, ruleIds, 0.2);
    const batch = batchOf([message(recordOf(1)), 'garbage']);
    await expect(pipeline.settle(batch)).rejects.toThrow('over');
    await expect(pipeline.settle(batch)).rejects.toThrow('over');
    expect(sender.calls).toHaveLength(1);
  });
});

describe('when the app stops', () => {
  test('a batch that waits for its DCR fails at once, nothing is counted, and no new batch is sent', async () => {
    const busy = new DeliveryError('TooManyRequests', 429, 'busy', { retryAfterMs: 60_000 });
    const [sender, deadLetters] = [new MemorySender(() => Promise.reject(busy)), new MemoryDeadLetters()];
    const pipeline = pipelineOf(sender, deadLetters);
    const waiting = pipeline.settle(batchOf([message(recordOf(1)), 'garbage'])).catch((error: unknown) => error);
    while (sender.calls.length < 1) await new Promise(setImmediate);
    await pipeline.close();
    expect(await waiting).toBeInstanceOf(DeliveryError);
    await expect(pipeline.settle({ ...batchOf([message(recordOf(2))]), partition: '1' })).rejects.toBeInstanceOf(Error);
    // Not even one that would send nothing.
    await expect(pipeline.settle({ ...batchOf([]), partition: '2' })).rejects.toThrow('shutting down');
    expect([sender.calls.length, sender.stored, deadLetters.letters]).toEqual([1, [], []]);
  });
});
