import { setImmediate as nextTurn } from 'node:timers/promises';
import { Books } from '../../shared/books';
import { defaultTransformSettings } from '../../shared/transform/transformSettings';
import { transformBatch } from '../../shared/transformBatch';
import { batchOf, message, pipelineOf, recordOf } from './kit/batches';
import { MemoryDeadLetters, MemorySender } from './kit/doubles';

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const undated = { category: 'AdvancedHunting-DeviceNetworkEvents', properties: {} };

async function settle(body: Uint8Array) {
  const [sender, deadLetters] = [new MemorySender(), new MemoryDeadLetters()];
  const { received, sent, deadLettered } = await pipelineOf(sender, deadLetters).settle(batchOf([body]));
  const letters = deadLetters.letters.map(({ id, scope, reason, records }) => ({ id, scope, reason, records }));
  return { received, sent, deadLettered, letters };
}

test.each([
  ['parts that are no records', 1, 'NotARecord'],
  ['records that cannot become rows', undated, 'BadTimestamp'],
])('more than 1,000 %s of one message are one dead letter, and each is counted', async (_, dead, reason) => {
  const settled = await settle(message(recordOf(1), ...times(1001, dead), recordOf(2)));
  expect(settled).toEqual({
    received: 1003,
    sent: 2,
    deadLettered: 1001,
    letters: [{ id: 'hub/0/100/1', scope: 'message', reason, records: 1001 }],
  });
});

test('each of 1,000 dead records becomes a dead letter', async () => {
  const { letters, deadLettered } = await settle(message(recordOf(1), ...times(1000, undated)));
  expect([letters.length, deadLettered]).toEqual([1000, 1000]);
  expect(new Set(letters.map(({ scope }) => scope))).toEqual(new Set(['record']));
});

test('half a million numbers in a message of a megabyte become one dead letter', async () => {
  const { letters, deadLettered } = await settle(Buffer.from(JSON.stringify(times(500_000, 1))));
  expect([letters.length, deadLettered]).toEqual([1, 500_000]);
});

test('other work runs before each message', async () => {
  let turns = 0;
  const ended = new AbortController();
  const other = (async () => {
    while (!ended.signal.aborted) {
      await nextTurn();
      turns++;
    }
  })();
  const batch = batchOf(times(16, message(recordOf(1))));
  await transformBatch(batch, defaultTransformSettings, new Books());
  ended.abort();
  await other;
  expect(turns).toBeGreaterThanOrEqual(16);
});
