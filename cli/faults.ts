import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from './bundle';
import { readArguments, wholeNumber } from './common/arguments';
import { exitCodes, run } from './common/exit';
import { runFaults } from './faults/faultRun';
import { faultsSummary, isShown } from './faults/faultsSummary';
import { isWell } from './faults/judge';

const usage = `Usage: npm run faults -- --events N --seed S [options]
  Runs the built app while everything goes wrong, and holds what became of each
  record to what its maker says of it.
  --events N          how many records to produce (default 20000); from 5000 on
                      every kind of fault fires
  --seed S            seed of the records and of the faults (default 1)
  --workers N         worker processes that share the partitions (default 2)
  --accept-not-shown  end with 0 though some kinds of faults never fired
  --app FOLDER        run the built app of this folder; nothing is built
  --patience SECONDS  give the run up when nothing is settled for so long
                      (default 180)
  --keep              keep the stored rows in out/
  --json              make the last line of stdout one JSON object

Exit codes: 0 all well; 1 something is lost, wrong, miscounted, repeated without
a cause, or not shown; 2 could not start.`;

const root = resolve(__dirname, '..');

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      events: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      'accept-not-shown': { type: 'boolean', default: false },
      app: { type: 'string' },
      patience: { type: 'string', default: '180' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
    usage,
  );
  const records = wholeNumber('events', values.events, 1, 1e9);
  const seed = wholeNumber('seed', values.seed, 0, 2 ** 32 - 1);
  const workers = wholeNumber('workers', values.workers, 1, 16);
  const patienceSeconds = wholeNumber('patience', values.patience, 1, 86_400);
  const out = resolve(root, 'out', `faults-${seed}-${process.pid}`);
  if (values.app === undefined) await build();
  const app = values.app === undefined ? root : resolve(values.app);
  try {
    const result = await runFaults({ records, seed, workers, app, out, patienceSeconds });
    console.log(faultsSummary(result, values['accept-not-shown']));
    if (values.json) console.log(JSON.stringify(result));
    const isEnough = values['accept-not-shown'] || isShown(result);
    return isWell(result) && !result.isGivenUp && isEnough ? exitCodes.well : exitCodes.wrong;
  } finally {
    if (!values.keep) await rm(out, { recursive: true, force: true });
  }
}

void run(main);
