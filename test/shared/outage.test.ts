import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Batch } from '../../shared/batch';
import { DeliveryError } from '../../shared/errors/batchErrors';
import { message, pipelineOf, recordOf } from './kit/batches';
import { MemoryDeadLetters, MemorySender } from './kit/doubles';

jest.setTimeout(60_000);

const partitions = 4;
const rows = 25;
const commandLine = 'x'.repeat(20_000);

/** Half a megabyte, made anew for each attempt, as the host does. */
function batchOf(partition: number): Batch {
  const records = Array.from({ length: rows }, (_, i) =>
    recordOf(partition * 1000 + i, { InitiatingProcessCommandLine: commandLine }),
  );
  const bodies = [...records.map((record) => message(record)), Buffer.from('garbage')];
  return {
    hub: 'hub',
    partition: String(partition),
    messages: bodies.map((body, i) => ({ body, sequenceNumber: String(i) })),
  };
}

/** Megabytes that are still reachable; what one collection finalises, the next one frees. */
async function reachable(): Promise<number> {
  setFlagsFromString('--expose-gc');
  for (let i = 0; i < 3; i++) {
    runInNewContext('gc()');
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

test('memory stays flat however long the service is down; afterwards everything is sent and counted once', async () => {
  let isAway = true;
  const sender = new MemorySender(() => {
    if (isAway) throw new DeliveryError('ServiceUnavailable', 503, 'away');
  });
  const deadLetters = new MemoryDeadLetters();
  const pipeline = pipelineOf(sender, deadLetters, ['dcr-1'], 0.01);
  const attempt = async () =>
    Promise.all(
      Array.from({ length: partitions }, async (_, partition) =>
        pipeline.settle(batchOf(partition)).catch(() => undefined),
      ),
    );
  const outage = async (rounds: number): Promise<number> => {
    for (let round = 0; round < rounds; round++) expect(await attempt()).toEqual(Array(partitions).fill(undefined));
    sender.calls.length = 0;
    return reachable();
  };
  const early = await outage(8);
  const late = await outage(24);
  // 24 batches of each partition would be 48 megabytes; what is reachable moves by 1.
  expect(late - early).toBeLessThan(20);
  expect([sender.stored, deadLetters.letters]).toEqual([[], []]);

  isAway = false;
  const settled = new Map<number, unknown>();
  while (settled.size < partitions) {
    for (const [partition, tally] of (await attempt()).entries()) {
      if (tally !== undefined && !settled.has(partition)) settled.set(partition, [tally.sent, tally.deadLettered]);
    }
  }
  expect([...settled.values()]).toEqual(Array.from({ length: partitions }, () => [rows, 1]));
  expect(new Set(sender.stored.map((row) => row['EventUid'])).size).toBe(partitions * rows);
  expect(sender.stored).toHaveLength(partitions * rows);
});
