import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What became of the tests; `died`: their process, of memory that had run out, say; `none`: there was no such test;
 * `unloadable`: a file could not even be read.
 */
export type Outcome = 'passed' | 'failed' | 'hung' | 'died' | 'none' | 'unloadable';

/** Tests: all of a file, or one by its title as it stands in the source. */
export interface Holder {
  /** Path below the root of the tree. */
  readonly file: string;
  readonly title?: string;
}

/** For one test; a mutant may make it wait for ever. */
const testTimeoutMs = 60_000;
/** For all of them together, after which they count as hung. */
const longestMs = 300_000;

interface JestResult {
  readonly numFailedTests: number;
  readonly numPassedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** Runs these tests, and no others, in a tree. */
export async function runTests(directory: string, held: readonly Holder[]): Promise<Outcome> {
  const results = join(directory, 'results.json');
  await rm(results, { force: true });
  const files = [...new Set(held.map(({ file }) => file))];
  const end = await jest(directory, [
    '--ci',
    '--runInBand',
    '--forceExit',
    '--json',
    `--outputFile=${results}`,
    `--testTimeout=${testTimeoutMs}`,
    ...patternOf(held),
    '--runTestsByPath',
    ...files,
  ]);
  if (end !== 'ended') return end;
  if (!existsSync(results)) return 'unloadable';
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- jest's own report
  const report = JSON.parse(await readFile(results, 'utf8')) as JestResult;
  if (report.numRuntimeErrorTestSuites > 0) return 'unloadable';
  if (report.numFailedTests > 0) return 'failed';
  return report.numPassedTests > 0 ? 'passed' : 'none';
}

function jest(directory: string, parameters: readonly string[]): Promise<'ended' | 'hung' | 'died'> {
  const script = join(directory, 'node_modules', 'jest', 'bin', 'jest.js');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...parameters], { cwd: directory, stdio: 'ignore' });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, longestMs);
    child.once('error', reject);
    child.once('exit', (_, signal) => {
      clearTimeout(timer);
      if (isLate) resolve('hung');
      else resolve(signal === null ? 'ended' : 'died');
    });
  });
}

/** Titles as they stand in the source: what `test.each` fills in may be anything. */
function patternOf(held: readonly Holder[]): string[] {
  const titles = held.flatMap(({ title }) => (title === undefined ? [] : [title]));
  if (titles.length < held.length) return [];
  const patterns = titles.map((title) =>
    title
      .split(/%[sdijpfo]|\$\w+/)
      .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.*'),
  );
  return [`--testNamePattern=(?:^| )(?:${patterns.join('|')})$`];
}
