import { DeliveryError } from '../../../shared/errors/batchErrors';
import { batchOf, message, pipelineOf, recordOf } from './batches';
import { MemoryDeadLetters, MemorySender } from './doubles';

/** Settles 12 partitions at once, one of them in a dozen chunks, all of which wait for a rule that is busy at first. */
async function main(): Promise<void> {
  let isBusy = true;
  const sender = new MemorySender(() => {
    if (isBusy) throw new DeliveryError('TooManyRequests', 429, 'busy', { retryAfterMs: 300 });
  });
  const pipeline = pipelineOf(sender, new MemoryDeadLetters());
  const more = { InitiatingProcessCommandLine: 'x'.repeat(60_000) };
  const large = batchOf(Array.from({ length: 200 }, (_, id) => message(recordOf(id, more))));
  const small = Array.from({ length: 11 }, (_, i) => batchOf([message(recordOf(1000 + i))], String(i + 1)));
  const settled = Promise.all([large, ...small].map(async (batch) => pipeline.settle(batch)));
  while (sender.calls.length === 0) await new Promise(setImmediate);
  isBusy = false;
  console.log(`${(await settled).length} settled`);
}

void main();
