import { EventEmitter, once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from './cost';
import { Product } from './product';
import { Records } from './records';

/** Batches of 16 messages of nearly 1 MB: the most that the host gives for a partition. */
const fullBatch = (seed: number): Records => Records.full(16, seed);

/** The longest time, in milliseconds, for which settling one batch keeps other work waiting; the median over some batches. */
export async function longestBlock(batches: number, seed: number): Promise<number> {
  const records = fullBatch(seed);
  const longest: number[] = [];
  for (let i = 0; i < batches; i++) {
    records.setDay(i);
    const product = new Product();
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await sleep(5);
    await product.settle(records.copy());
    await sleep(5);
    delay.disable();
    longest.push(delay.max / 1e6);
  }
  return median(longest);
}

/** The most memory in MiB that this process takes while every partition has a full batch. No row is sent before all are mapped. */
export async function peakMemory(partitions: number, seed: number): Promise<number> {
  const records = fullBatch(seed);
  const batches = Array.from({ length: partitions }, (_, partition) => {
    records.setDay(partition);
    return records.copy();
  });
  const progress = new EventEmitter();
  const allMapped = once(progress, 'allMapped');
  const product = new Product({ onRequest: async () => void (await allMapped) });
  let left = partitions;
  const onMapped = (): void => {
    if (--left === 0) progress.emit('allMapped');
  };
  await Promise.all(batches.map((batch, partition) => product.settle(batch, partition, onMapped)));
  return process.resourceUsage().maxRSS / 1024;
}
