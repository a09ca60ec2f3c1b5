import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../common/errorText';

/** The newest runs whose files are kept, besides those that are still running. */
export const runsKept = 5;

/** `run-20261129081500-4711`: its start, and its process. */
const runName = /^run-\d{14}-(\d+)$/;

/** Deletes the files of older runs; returns how many runs that were. */
export async function removeOldRuns(folder: string): Promise<number> {
  const names = await readdir(folder).catch((): string[] => []);
  const runs = names.filter((name) => runName.test(name)).toSorted();
  const old = runs.slice(0, -runsKept).filter((name) => !isRunning(Number(runName.exec(name)?.[1])));
  await Promise.all(old.map((name) => rm(join(folder, name), { recursive: true, force: true })));
  return old.length;
}

function isRunning(processId: number): boolean {
  try {
    // Signal 0 sends nothing; it only tests whether the process exists.
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
