import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readCases } from '../test/cases';
import { type Outcome, outcomeOf, readCase } from '../test/outcome';
import { readArguments } from './arguments';
import { differences } from './cases/differences';
import { rewritten } from './cases/rewrite';
import { exitCodes, run, UsageError } from './exit';

const usage = `Usage: npm run cases -- [--write] [--folder DIR]
  Maps the message of every case and prints what differs from what the case
  expects, old -> new.
  --write        take what comes out now as the expectation, after you have
                 reviewed it
  --folder DIR   the cases (default test/cases)
Exit codes: 0 nothing differs, or it was written; 1 something differs; 2 could
not start.`;

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      write: { type: 'boolean', default: false },
      folder: { type: 'string', default: resolve(__dirname, '..', 'test', 'cases') },
    },
    usage,
  );
  const cases = readCases(values.folder);
  let different = 0;
  for (const one of cases) {
    const outcome = outcomeOf(readCase(one));
    const lines = differences(one, outcome);
    if (lines.length === 0) continue;
    different++;
    console.log([one.name, ...lines.map((line) => `  ${line}`)].join('\n'));
    if (values.write) await rewrite(resolve(values.folder, `${one.name}.json`), outcome);
  }
  console.log(summary(cases.length, different, values.write));
  return different === 0 || values.write ? exitCodes.well : exitCodes.wrong;
}

async function rewrite(path: string, outcome: Outcome): Promise<void> {
  const text = await readFile(path, 'utf8');
  let now: string;
  try {
    now = rewritten(text, outcome);
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}.`);
  }
  await writeFile(path, now);
}

function summary(all: number, different: number, written: boolean): string {
  if (different === 0) return `${all} cases, no difference.`;
  const counts = `${different} of ${all} cases ${different === 1 ? 'differs' : 'differ'}`;
  return written
    ? `${counts}; their files now expect this. Review them with git diff, and run "npm run generate".`
    : `${counts}. If this is meant, run "npm run cases -- --write".`;
}

void run(main);
