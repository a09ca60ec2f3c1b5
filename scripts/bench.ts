import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readArguments, wholeNumber } from '../cli/common/arguments';
import { exitCodes, run } from '../cli/common/exit';
import { reportOf, textOf } from './bench/report';
import { bundleMeasuring, measureMemory, measureTime } from './bench/run';
import { measureStartUp } from './bench/startUp';

const usage = `Usage: npm run bench -- [options]
  Measures what a record costs: the floor (parse, write, compress), the product,
  and the straightforward way, in turns in one process, bundled as the product
  is. Then how cost grows in a long run, memory, the longest block, the start.
  --records N     records of the long run (default 1000000); up to 20000 differ
                  in more than their day, and are what the ways handle
  --seed S        seed of the records (default 1)
  --rounds N      rounds of each kind, of which the medians count (default 7)
  --partitions N  partitions with a full batch, for memory (default 16)
  --runs N        processes started to measure the start (default 15)
  --breakdown     show where the product spends its time
  --json          make the last line of stdout one JSON object`;

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      records: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '7' },
      partitions: { type: 'string', default: '16' },
      runs: { type: 'string', default: '15' },
      breakdown: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
    usage,
  );
  const task = {
    records: wholeNumber('records', values.records, 1000, 1e8),
    seed: wholeNumber('seed', values.seed, 0, 2 ** 32 - 1),
    rounds: wholeNumber('rounds', values.rounds, 1, 1000),
    partitions: wholeNumber('partitions', values.partitions, 1, 64),
    isBrokenDown: values.breakdown,
  };
  const runs = wholeNumber('runs', values.runs, 1, 1000);
  const directory = resolve(__dirname, '..', 'out', `bench-${process.pid}`);
  await mkdir(directory, { recursive: true });
  try {
    console.error('1/3 the start');
    const startUp = await measureStartUp(join(directory, 'dist'), runs);
    console.error('2/3 memory');
    const program = await bundleMeasuring(directory);
    const peakRssMiB = await measureMemory(program, task);
    console.error('3/3 the cost of a record');
    const measured = await measureTime(program, task);
    const report = reportOf(measured, peakRssMiB, startUp);
    console.log(textOf(report));
    if (values.json) console.log(JSON.stringify(report));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return exitCodes.well;
}

void run(main);
