import { batchOf, message, pipelineOf, recordOf } from './kit/batches';
import { MemoryDeadLetters, MemorySender } from './kit/doubles';

// No row is known that cannot be shortened: this stands for one.
jest.mock('../../shared/transform/slimRow', () => ({ slimRow: (text: string) => text }));

test('a row above the limit of a call that cannot be shortened is a dead letter with its record, and the others are sent', async () => {
  const [sender, deadLetters] = [new MemorySender(), new MemoryDeadLetters()];
  const name = '\u0001'.repeat(65_536);
  const large = recordOf(1, { ActionType: `${name}ConnectionInspected`, DeviceName: `${name}.x` });
  const tally = await pipelineOf(sender, deadLetters).settle(batchOf([message(large, recordOf(2))]));
  expect([tally.sent, tally.deadLetteredByReason]).toEqual([1, { RowTooLarge: 1 }]);
  expect(deadLetters.letters).toMatchObject([{ id: 'hub/0/100/0', reason: 'RowTooLarge', step: 'chunks' }]);
  expect(deadLetters.letters[0]?.error).toMatch(/^The row takes \d{7} bytes; one call takes at most 1000000\.$/);
  expect(sender.stored).toMatchObject([{ EventOriginalUid: '2' }]);
});
