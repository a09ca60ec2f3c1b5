import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import pLimit from 'p-limit';
import { readArguments, wholeNumber } from '../cli/common/arguments';
import { exitCodes, run, UsageError } from '../cli/common/exit';
import { wrapped } from '../cli/common/printable';
import { buildCopy } from './sabotage/buildCopy';
import { type Judged, judgeCopy, runOf } from './sabotage/judgeCopy';
import { type Plant, plants } from './sabotage/plantedFaults';

const usage = `Usage: npm run sabotage -- [options] [NAME ...]
  Plants faults into copies of the app, one at a time, and runs npm run faults
  with each copy: it must notice every fault with every seed. The app without a
  planted fault must be well.
  NAME         only these planted faults
  --events N   records of each run (default 5000)
  --seeds S,S  seeds of the runs (default 1,2,3)
  --at-once N  concurrent runs (default: one for each processor)
  --list       print the planted faults and exit
  --json       print one JSON object in the last line of standard output

Exit codes: 0 every fault was noticed; 1 one was not; 2 a fault no longer
applies, a run could not be judged, or the app is not well without any.`;

const columns = 80;
const out = resolve(__dirname, '..', 'out');

async function main(): Promise<number> {
  const { values, positionals } = readArguments(
    {
      events: { type: 'string', default: '5000' },
      seeds: { type: 'string', default: '1,2,3' },
      'at-once': { type: 'string', default: String(availableParallelism()) },
      list: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
    usage,
    true,
  );
  if (values.list) {
    for (const { name, does } of plants)
      console.log(`${name.padEnd(24)}${wrapped(does, columns - 24).replaceAll('\n', `\n${' '.repeat(24)}`)}`);
    return exitCodes.well;
  }
  const records = wholeNumber('events', values.events, 1, 1e9);
  const seeds = values.seeds.split(',').map((seed) => wholeNumber('seeds', seed.trim(), 0, 2 ** 32 - 1));
  const atOnce = wholeNumber('at-once', values['at-once'], 1, 64);
  const chosen = plantsNamed(positionals);
  const folder = join(out, `sabotage-${process.pid}`);
  try {
    const judged = await judgeAll([undefined, ...chosen], { folder, records, seeds, atOnce });
    console.log(`\n${wrapped(verdict(judged, chosen.length, seeds), columns)}`);
    if (values.json) console.log(JSON.stringify({ runs: judged.map(runOf) }));
    return exitCodeOf(judged);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function plantsNamed(names: readonly string[]): readonly Plant[] {
  if (names.length === 0) return plants;
  return names.map((name) => {
    const plant = plants.find((one) => one.name === name);
    if (plant === undefined) throw new UsageError(`No planted fault is named ${name}; --list names them.\n${usage}`);
    return plant;
  });
}

interface Runs {
  readonly folder: string;
  readonly records: number;
  readonly seeds: readonly number[];
  readonly atOnce: number;
}

/** Builds all copies first, so that a fault that no longer applies is reported at once. */
async function judgeAll(
  copies: readonly (Plant | undefined)[],
  { folder, records, seeds, atOnce }: Runs,
): Promise<Judged[]> {
  const folderOf = (plant: Plant | undefined): string => join(folder, plant?.name ?? 'no-fault');
  for (const plant of copies) await buildCopy(folderOf(plant), plant);
  const limit = pLimit(atOnce);
  return Promise.all(
    copies.flatMap((plant) =>
      seeds.map((seed) =>
        limit(async () => {
          const judged = await judgeCopy(folderOf(plant), plant, records, seed);
          const line = `${judged.outcome.padEnd(12)} seed ${seed}: ${plant?.name ?? 'no planted fault'}${judged.how === '' ? '' : `: ${judged.how}`} (${judged.seconds.toFixed(0)} s)`;
          console.log(wrapped(line, columns - 2).replaceAll('\n', '\n  '));
          return judged;
        }),
      ),
    ),
  );
}

function exitCodeOf(judged: readonly Judged[]): number {
  const isSound = judged.every(
    ({ plant, outcome }) => outcome === 'well' || (outcome === 'noticed' && plant !== undefined),
  );
  if (!isSound) return exitCodes.cannotStart;
  return judged.some(isMissed) ? exitCodes.wrong : exitCodes.well;
}

function isMissed({ plant, outcome }: Judged): boolean {
  return plant !== undefined && outcome === 'well';
}

function verdict(judged: readonly Judged[], count: number, seeds: readonly number[]): string {
  const broken = judged.filter(({ outcome }) => outcome === 'not judged');
  if (broken.length > 0) return `${broken.length} runs could not be judged.`;
  if (judged.some(({ plant, outcome }) => plant === undefined && outcome !== 'well')) {
    return 'The app is not well without a planted fault, so the other runs prove nothing.';
  }
  const missed = judged.filter(isMissed);
  if (missed.length === 0)
    return `Each of ${count} planted faults was noticed with each of the seeds ${seeds.join(', ')}.`;
  const names = missed.map(({ plant, seed }) => `${plant?.name} (seed ${seed})`);
  return `NOT NOTICED: ${names.join(', ')}.`;
}

void run(main);
