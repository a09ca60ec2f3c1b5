import { defaultTransformSettings, type TransformSettings } from '../../shared/transform/transformSettings';
import { type Breakdown, breakDown } from './breakdown';
import { longestBlock, peakMemory } from './fullBatches';
import { type LongRun, runLong } from './longRun';
import { useRules } from './product';
import { Records } from './records';
import { type Compared, compareWays } from './ways';

/** What to measure: passed as JSON to a separate process, whose last line of output is the result. */
export interface Task {
  readonly kind: 'time' | 'memory';
  readonly records: number;
  readonly seed: number;
  readonly rounds: number;
  /** Partitions that have a full batch while memory is measured. */
  readonly partitions: number;
  readonly isBrokenDown: boolean;
  /** Path of a file of drop rules. */
  readonly rules?: string | undefined;
  /** All of them only count. */
  readonly countsOnly: boolean;
  /** Whether the product merges identical connections while the ways are compared. */
  readonly merges: boolean;
}

export interface Measured extends Compared, LongRun {
  readonly records: number;
  readonly distinctRecords: number;
  readonly messages: number;
  readonly bytesPerRecord: number;
  readonly longestBlockMs: number;
  readonly breakdown?: Breakdown;
}

/** Held in memory; the events of all days are made from them. */
const mostDistinct = 20_000;

async function measure({ records: count, seed, rounds, isBrokenDown, merges }: Task): Promise<Measured> {
  const transform: TransformSettings = { ...defaultTransformSettings, mergeFlows: merges ? 'message' : 'off' };
  const records = Records.ofAtLeast(Math.min(count, mostDistinct), seed);
  const compared = await compareWays(records, rounds, transform);
  const breakdown = isBrokenDown ? await breakDown(records, 5, transform) : undefined;
  const longestBlockMs = await longestBlock(rounds, seed);
  return {
    ...compared,
    ...(await runLong(records, count, 0)),
    records: count,
    distinctRecords: records.records,
    messages: records.batches.flatMap(({ bodies }) => bodies).length,
    bytesPerRecord: records.bytes / records.records,
    longestBlockMs,
    ...(breakdown === undefined ? {} : { breakdown }),
  };
}

async function main(): Promise<void> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- scripts/bench/run.ts wrote it.
  const task = JSON.parse(process.argv[2] ?? '') as Task;
  if (task.rules !== undefined) useRules(task.rules, task.countsOnly);
  const found = task.kind === 'memory' ? await peakMemory(task.partitions, task.seed) : await measure(task);
  console.log(JSON.stringify(found));
  // Timers of the SDKs would keep the process for a minute.
  process.exit();
}

void main();
