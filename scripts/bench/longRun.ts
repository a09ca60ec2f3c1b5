import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { costOf } from './cost';
import { Product } from './product';
import type { Records } from './records';

/** The cost of a record after this many records. */
export interface Stage {
  readonly records: number;
  /** CPU time per record, over the last tenth of them. */
  readonly microseconds: number;
}

export interface LongRun {
  /** At a hundredth, a tenth and all of the records, or after the batch that follows. */
  readonly stages: readonly Stage[];
  /** Cost of a record at the end, relative to its cost after a tenth. */
  readonly growth: number;
}

/** Always the same work, without a heap: how fast the machine is just now. */
const yardstick = randomBytes(1_000_000);

/** One pipeline settles `count` records, all new. Measures the yardstick beside each batch, since the machine is not steady. */
export async function runLong(records: Records, count: number, firstDay: number): Promise<LongRun> {
  const product = new Product();
  const stages: (Stage & { readonly speed: number })[] = [];
  let [done, day, next] = [0, firstDay, 0];
  for (const size of [count / 100, count / 10, count].map(Math.round)) {
    const last = { records: 0, cpu: 0, yardstick: 0, batches: 0 };
    while (done < size || last.batches === 0) {
      if (next === 0) records.setDay(day++);
      const batch = records.batches[next];
      if (batch === undefined) break;
      next = (next + 1) % records.batches.length;
      const { cpu } = await costOf(() => product.settle(batch));
      const control = await costOf(() => void gzipSync(yardstick, { level: 1 }));
      done += batch.records;
      if (done < 0.9 * size) continue;
      last.records += batch.records;
      last.cpu += cpu;
      last.yardstick += control.cpu;
      last.batches++;
    }
    stages.push({ records: done, microseconds: last.cpu / last.records, speed: last.yardstick / last.batches });
  }
  const [, tenth, all] = stages;
  const relative = (stage: (typeof stages)[number] | undefined): number =>
    stage === undefined ? Number.NaN : stage.microseconds / stage.speed;
  return {
    stages: stages.map(({ records: after, microseconds }) => ({ records: after, microseconds })),
    growth: relative(all) / relative(tenth),
  };
}
