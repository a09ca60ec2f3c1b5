import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Runs whose files stay, the newest ones, beside those that are still going on. */
export const runsKept = 5;

/** `run-20261129081500-4711`: when it began, and its process. */
const runName = /^run-\d{14}-(\d+)$/;

/** Removes the files of older runs; returns how many runs that were. */
export async function removeOldRuns(folder: string): Promise<number> {
  const names = await readdir(folder).catch((): string[] => []);
  const runs = names.filter((name) => runName.test(name)).toSorted();
  const old = runs.slice(0, -runsKept).filter((name) => !isRunning(Number(runName.exec(name)?.[1])));
  await Promise.all(old.map((name) => rm(join(folder, name), { recursive: true, force: true })));
  return old.length;
}

function isRunning(processId: number): boolean {
  try {
    // Signal 0 only asks.
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
