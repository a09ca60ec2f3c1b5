import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readArguments } from '../cli/common/arguments';
import { exitCodes, run, UsageError } from '../cli/common/exit';
import { messageOf } from '../shared/errors/messageOf';
import { differences } from './cases/caseDifferences';
import { type CaseFile, type CaseOutcome, caseOf, casesFolder, readBaseFiles, readCaseFiles } from './cases/caseFiles';
import { layout } from './cases/caseLayout';
import { outcomeOf, readCase } from './cases/caseOutcome';
import { rewritten } from './cases/rewriteCase';

const usage = `Usage: npm run cases -- [--write] [--print NAME] [--folder DIR]
  Maps the message of every case and every base, and prints where the result
  differs from the expectation, old -> new.
  --write        write the new results into the files, after you have reviewed
                 them: bases first, then the cases that still differ, as changes
                 of their base
  --print NAME   print a case with base and changes applied, such as urls/null
  --folder DIR   the folder of the cases (default test/cases)
Exit codes: 0 nothing differs, or it was written; 1 something differs; 2 could
not start.`;

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      write: { type: 'boolean', default: false },
      print: { type: 'string' },
      folder: { type: 'string', default: casesFolder },
    },
    usage,
  );
  const { folder, print } = values;
  const bases = read(readBaseFiles, folder);
  const cases = read(readCaseFiles, folder);
  if (print !== undefined) {
    process.stdout.write(layout(wholeOf(print, [...cases, ...bases]), 0));
    return exitCodes.well;
  }
  const differing = [...bases, ...cases].flatMap(differenceOf);
  for (const { file, lines } of differing) console.log([file.name, ...lines.map((line) => `  ${line}`)].join('\n'));
  if (values.write) {
    await rewriteAll(bases, folder);
    await rewriteAll(read(readCaseFiles, folder), folder);
  }
  console.log(summary(cases.length, bases.length, differing.length, values.write));
  return differing.length === 0 || values.write ? exitCodes.well : exitCodes.wrong;
}

function read(reader: (folder: string) => CaseFile[], folder: string): CaseFile[] {
  try {
    return reader(folder);
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function wholeOf(name: string, files: readonly CaseFile[]): CaseFile['whole'] {
  const bare = name.replace(/^.*test\/cases\//, '').replace(/\.json$/, '');
  const file = files.find((one) => one.name === bare);
  if (file !== undefined) return file.whole;
  throw new UsageError(`--print: there is no case "${name}"; name it as under test/cases/, such as urls/null.`);
}

interface Difference {
  readonly file: CaseFile;
  readonly outcome: CaseOutcome;
  readonly lines: readonly string[];
}

function differenceOf(file: CaseFile): Difference[] {
  const one = caseOf(file);
  const outcome = outcomeOf(readCase(one));
  const lines = differences(one, outcome);
  return lines.length === 0 ? [] : [{ file, outcome, lines }];
}

async function rewriteAll(files: readonly CaseFile[], folder: string): Promise<void> {
  for (const { file, outcome } of files.flatMap(differenceOf)) await rewrite(file, folder, outcome);
}

async function rewrite({ name, base }: CaseFile, folder: string, outcome: CaseOutcome): Promise<void> {
  const path = resolve(folder, `${name}.json`);
  const text = await readFile(path, 'utf8');
  let now: string;
  try {
    now = rewritten(text, outcome, base);
  } catch (error) {
    throw new UsageError(`${path}: ${messageOf(error)}.`);
  }
  await writeFile(path, now);
}

function summary(cases: number, bases: number, different: number, isWritten: boolean): string {
  const all = `${cases} cases and ${bases} bases`;
  if (different === 0) return `${all}, no difference.`;
  const counts = `${different} of ${all} ${different === 1 ? 'differs' : 'differ'}`;
  return isWritten
    ? `${counts}; their files now expect this. Review them with git diff, and run "npm run generate".`
    : `${counts}. If this is meant, run "npm run cases -- --write".`;
}

void run(main);
