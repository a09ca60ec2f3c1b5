import { DeliveryError } from '../../shared/delivery/deliveryError';
import type { Sender } from '../../shared/delivery/sender';
import { batchOf, message, pipelineOf, recordOf } from './kit/batches';
import { MemoryDeadLetters, MemorySender } from './kit/doubles';

describe('a row that no call could take', () => {
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

describe('two rules', () => {
  const ruleIds = ['dcr-slow', 'dcr-good'];

  test('do not hold each other: while one never answers, partitions of the other settle', async () => {
    const silent = new Promise<void>(() => undefined);
    const sender: Sender = {
      send: async (_, ruleId) => {
        if (ruleId === 'dcr-slow') await silent;
        return { bytesSent: 1 };
      },
    };
    const pipeline = pipelineOf(sender, new MemoryDeadLetters(), ruleIds);
    for (let hub = 0; hub < 8; hub++) void pipeline.settle({ ...batchOf([message(recordOf(1))]), hub: `slow-${hub}` });
    const tally = await pipeline.settle({ ...batchOf([message(recordOf(2))]), partition: '1' });
    expect(tally.sent).toBe(1);
  });

  test('take the partitions in turn, and a partition keeps its rule', async () => {
    const sender = new MemorySender();
    const pipeline = pipelineOf(sender, new MemoryDeadLetters(), ruleIds);
    for (const [i, partition] of ['0', '1', '2', '1', '0'].entries()) {
      await pipeline.settle({ ...batchOf([message(recordOf(i))]), partition });
    }
    expect(sender.calls.map(({ ruleId }) => ruleId)).toEqual([
      'dcr-slow',
      'dcr-good',
      'dcr-slow',
      'dcr-good',
      'dcr-slow',
    ]);
  });
});

describe('when the app stops', () => {
  test('a batch that waits for its rule fails at once, nothing is counted, and no new batch is sent', async () => {
    const busy = new DeliveryError('TooManyRequests', 429, 'busy', { retryAfterMs: 60_000 });
    const [sender, deadLetters] = [new MemorySender(() => Promise.reject(busy)), new MemoryDeadLetters()];
    const pipeline = pipelineOf(sender, deadLetters);
    const waiting = pipeline.settle(batchOf([message(recordOf(1)), 'garbage'])).catch((error: unknown) => error);
    while (sender.calls.length < 1) await new Promise(setImmediate);
    await pipeline.close();
    expect(await waiting).toBeInstanceOf(DeliveryError);
    await expect(pipeline.settle({ ...batchOf([message(recordOf(2))]), partition: '1' })).rejects.toBeInstanceOf(Error);
    expect([sender.calls.length, sender.stored, deadLetters.letters]).toEqual([1, [], []]);
  });
});
