import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from './bundle';
import { readArguments, wholeNumber } from './common/arguments';
import { exitCodes, run } from './common/exit';
import { runFaults } from './faults/faultRun';
import { faultsSummary, isShown } from './faults/faultsSummary';
import { isWell } from './faults/judge';

const usage = `Usage: npm run faults -- --events N --seed S [options]
  Runs the built app while faults fire everywhere, and compares the result of
  each record with the one that its generator expects.
  --events N          how many records to generate (default 20000); damaged
                      messages and copies come on top; from 5000 on every kind
                      of fault fires
  --seed S            seed of the records and of the faults (default 1)
  --workers N         worker processes that share the partitions (default 2)
  --merge             with MERGE_FLOWS=message; some more messages repeat their
                      connections
  --rules             the app has drop rules: some that drop, one that samples,
                      counts or throws
  --levers            every setting that sends less: --merge, --rules, and
                      columns and keys left out
  --accept-not-shown  exit with 0 even if some kinds of faults never fired
  --app FOLDER        run the built app in this folder; build nothing
  --patience SECONDS  stop the run when no batch was settled in this time
                      (default 180)
  --keep              keep the stored rows in out/
  --json              print one JSON object in the last line of standard output

Exit codes: 0 passed; 1 a record is lost, wrong, miscounted, or repeated
without a cause, or a fault never fired; 2 could not start.`;

const root = resolve(__dirname, '..');

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      events: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      merge: { type: 'boolean', default: false },
      rules: { type: 'boolean', default: false },
      levers: { type: 'boolean', default: false },
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
    const { result, outcomes } = await runFaults({
      records,
      seed,
      workers,
      app,
      out,
      patienceSeconds,
      merges: values.merge || values.levers,
      hasRules: values.rules || values.levers,
      leavesOut: values.levers,
    });
    console.log(faultsSummary(result, outcomes, values['accept-not-shown']));
    if (values.json) console.log(JSON.stringify(result));
    const isEnough = values['accept-not-shown'] || isShown(result);
    return isWell(result) && !result.isGivenUp && isEnough ? exitCodes.well : exitCodes.wrong;
  } finally {
    if (!values.keep) await rm(out, { recursive: true, force: true });
  }
}

void run(main);
