import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { areas } from '../test/conformance';
import type { Emulated } from '../test/conformance/behaviour';
import { deliveryMutants } from '../test/mutants/delivery';
import { readArguments, wholeNumber } from './arguments';
import { exitCodes, run, UsageError } from './exit';
import { type Holder, type Outcome, runTests } from './mutants/runTests';
import { type Mutation, TreeCopy } from './mutants/tree';

const usage = `Usage: npm run mutants -- [options] [TEXT ...]
  Takes each behaviour of the emulators (test/conformance) and each rule of the
  delivery (test/mutants) away from a copy of the tree, and runs the tests that
  hold it: one must fail.
  TEXT         only those whose statement or file contains one of these
  --workers N  copies at work at once (default: one for each processor)
Exit codes: 0 every mutant was noticed; 1 one survived; 2 the tests fail by
themselves, or a mutant fits no more.`;

interface Task {
  readonly does: string;
  readonly held: readonly Holder[];
  readonly mutation: Mutation;
}

async function main(): Promise<number> {
  const { values, positionals } = readArguments(
    {
      workers: { type: 'string', default: String(availableParallelism()) },
    },
    usage,
    true,
  );
  const workers = wholeNumber('workers', values.workers, 1, 64);
  const tasks = tasksOf(positionals);
  if (tasks.length === 0) throw new UsageError(`No behaviour names ${positionals.join(' or ')}.`, { usage });
  const copies = await Promise.all(Array.from({ length: Math.min(workers, tasks.length) }, () => TreeCopy.make()));
  try {
    return await tryAll(tasks, copies);
  } finally {
    await Promise.all(copies.map((copy) => copy.remove()));
  }
}

function tasksOf(texts: readonly string[]): Task[] {
  const behaviours = areas.flatMap((area) => area.behaviours).filter((one): one is Emulated => 'mutants' in one);
  const emulators = behaviours.flatMap(({ does, held, mutants }) =>
    mutants.map(({ file, from, to }) => ({
      does,
      held: held.map(([test, title]) => ({ file: `test/${test}`, title })),
      mutation: { file: `local/${file}`, from, to },
    })),
  );
  const delivery = deliveryMutants.map(({ rule, file, text, replacement, tests }) => ({
    does: rule,
    held: tests.map((test) => ({ file: test })),
    mutation: { file, from: text, to: replacement },
  }));
  const tasks = [...emulators, ...delivery];
  if (texts.length === 0) return tasks;
  return tasks.filter(({ does, mutation }) =>
    texts.some((text) => does.includes(text) || mutation.file.includes(text)),
  );
}

/** First the tests alone, which must pass; then each mutant. Every copy does one thing at a time. */
async function tryAll(tasks: readonly Task[], copies: TreeCopy[]): Promise<number> {
  const limit = pLimit(copies.length);
  const inCopy = <T>(work: (copy: TreeCopy) => Promise<T>): Promise<T> =>
    limit(async () => {
      const copy = copies.pop();
      if (copy === undefined) throw new Error('There is a copy for each place of the limit.');
      return work(copy).finally(() => copies.push(copy));
    });

  const held = tasks.flatMap((task) => task.held);
  const alone = await Promise.all(
    [...new Set(held.map(({ file }) => file))].map((file) =>
      inCopy(async ({ directory }) => {
        const ofFile = held.filter((other) => other.file === file);
        return { file, outcome: await runTests(directory, ofFile) };
      }),
    ),
  );
  const broken = alone.filter(({ outcome }) => outcome !== 'passed');
  for (const { file, outcome } of broken) console.error(`${file}: ${outcome}, with nothing changed.`);
  if (broken.length > 0) return exitCodes.cannotStart;

  const outcomes = await Promise.all(
    tasks.map((task) =>
      inCopy(async (copy) => {
        const outcome = await copy.with(task.mutation, () => runTests(copy.directory, task.held));
        console.log(`${verdictOf(outcome).padEnd(10)}${task.mutation.file}: ${task.does}`);
        if (!isNoticed(outcome))
          console.log(`${' '.repeat(10)}${task.mutation.from}\n${' '.repeat(10)}${task.mutation.to}`);
        return outcome;
      }),
    ),
  );
  const noticed = outcomes.filter(isNoticed).length;
  console.log(`${noticed} of ${tasks.length} mutants were noticed.`);
  if (outcomes.includes('unloadable')) return exitCodes.cannotStart;
  return noticed === tasks.length ? exitCodes.well : exitCodes.wrong;
}

function isNoticed(outcome: Outcome): boolean {
  return outcome === 'failed' || outcome === 'hung' || outcome === 'died';
}

function verdictOf(outcome: Outcome): string {
  if (outcome === 'passed') return 'SURVIVED';
  if (outcome === 'failed') return 'noticed';
  return outcome;
}

void run(main);
