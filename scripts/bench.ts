import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readArguments, wholeNumber } from '../cli/common/arguments';
import { exitCodes, run, UsageError } from '../cli/common/exit';
import { stopOnSignal } from '../cli/common/stopOnSignal';
import { compareWithBaseline, writeBaseline } from './bench/baseline';
import { measureEndToEnd } from './bench/endToEnd';
import { type Figures, type Report, reportOf, textOf } from './bench/report';
import { bundleMeasuring, measureMemory, measureTime } from './bench/run';
import { measureStartUp } from './bench/startUp';

const usage = `Usage: npm run bench -- [options]
  Measures what a record costs: the floor (parse, write, compress), the product,
  and the straightforward way, in turns in one process, bundled as the product
  is. Then how cost grows in a long run, memory, the longest block, the start.
  --e2e           measure instead how much the whole chain manages: producer,
                  Event Hubs, host and app, Logs Ingestion, each in a process of
                  its own; and how long a record takes at half of that load
  --records N     records of the long run (default 1000000); up to 20000 differ
                  in more than their day, and are what the ways handle. With
                  --e2e: records of each of its three parts (default 20000)
  --seed S        seed of the records (default 1)
  --rounds N      rounds of each kind, of which the medians count (default 7)
  --partitions N  partitions with a full batch, for memory (default 16); with
                  --e2e partitions of the hub (default 4)
  --runs N        processes started to measure the start (default 15)
  --rules FILE    the product applies the drop rules in a file: it maps what they
                  drop and does not send it; the other ways send everything
  --count-only    with --rules: all of them only count, so every row is sent as
                  without them; shows what asking them costs
  --merge         with MERGE_FLOWS=message, where the ways are compared; the
                  records repeat few connections, so it is what merging costs
  --breakdown     show where the product spends its time
  --write-baseline
                  keep the ratios in scripts/bench/baseline.json, for this major
                  version of Node
  --compare-baseline
                  exit with 1 if a ratio is far above the one kept there
  --json          make the last line of stdout one JSON object`;

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      e2e: { type: 'boolean', default: false },
      records: { type: 'string' },
      seed: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '7' },
      partitions: { type: 'string' },
      runs: { type: 'string', default: '15' },
      rules: { type: 'string' },
      'count-only': { type: 'boolean', default: false },
      merge: { type: 'boolean', default: false },
      breakdown: { type: 'boolean', default: false },
      'write-baseline': { type: 'boolean', default: false },
      'compare-baseline': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
    usage,
  );
  const { e2e, merge, 'write-baseline': writes, 'compare-baseline': compares } = values;
  if (e2e && (writes || compares))
    throw new UsageError('--e2e: the baseline holds none of its figures. Run one of them.');
  if (merge && (e2e || writes || compares)) {
    throw new UsageError('--merge: neither --e2e nor the baseline has figures with it. Run one of them.');
  }
  if (values['count-only'] && values.rules === undefined)
    throw new UsageError('--count-only: there are no rules. Add --rules FILE.');
  const task = {
    records: wholeNumber('records', values.records ?? (e2e ? '20000' : '1000000'), 1000, 1e8),
    seed: wholeNumber('seed', values.seed, 0, 2 ** 32 - 1),
    rounds: wholeNumber('rounds', values.rounds, 1, 1000),
    partitions: wholeNumber('partitions', values.partitions ?? (e2e ? '4' : '16'), 1, e2e ? 32 : 64),
    isBrokenDown: values.breakdown,
    rules: values.rules === undefined ? undefined : resolve(values.rules),
    countsOnly: values['count-only'],
    merges: merge,
  };
  const runs = wholeNumber('runs', values.runs, 1, 1000);
  const directory = resolve(__dirname, '..', 'out', `bench-${process.pid}`);
  await mkdir(directory, { recursive: true });
  const print = (report: Figures): void => {
    console.log(textOf(report));
    if (values.json) console.log(JSON.stringify(report));
  };
  try {
    if (e2e) {
      const { signal } = stopOnSignal();
      const found = await measureEndToEnd(task, directory, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      if (found !== undefined) print({ ...found, latencyMs: { ...found.latencyMs } });
      else console.log('Stopped before everything was measured.');
      return found === undefined ? exitCodes.wrong : exitCodes.well;
    }
    const report = await measure(task, runs, directory);
    print(report);
    if (writes) writeBaseline(report);
    const { isWorse, text } = compares ? compareWithBaseline(report) : { isWorse: false, text: '' };
    if (text !== '') console.error(text);
    return isWorse ? exitCodes.wrong : exitCodes.well;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(task: Parameters<typeof measureTime>[1], runs: number, directory: string): Promise<Report> {
  console.error('1/3 the start');
  const startUp = await measureStartUp(join(directory, 'dist'), runs);
  console.error('2/3 memory');
  const program = await bundleMeasuring(directory);
  const peakRssMiB = await measureMemory(program, task);
  console.error('3/3 the cost of a record');
  return reportOf(await measureTime(program, task), peakRssMiB, startUp);
}

void run(main);
