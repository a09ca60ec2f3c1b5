/** Prevents two emulators from writing to the same directory: a file contains the process id of the one that uses it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isAlive } from '../isAlive';

const file = 'emulator.pid';
/** Directories that this process uses. */
const taken = new Set<string>();

/** Locks the directory, and creates it. Returns the function that unlocks it. Throws if a running process uses it. */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = resolve(join(directory, file));
  const owner = taken.has(path) ? process.pid : readOwner(path);
  if (owner !== undefined && (taken.has(path) || (owner !== process.pid && isAlive(owner)))) {
    const message =
      `Event Hubs emulator: process ${owner} is using the directory ${directory}. ` +
      `Stop it or choose another directory; if it is not an emulator, delete ${path}.`;
    throw Object.assign(new Error(message), { code: 'EBUSY' });
  }
  writeFileSync(path, String(process.pid));
  taken.add(path);
  return () => {
    if (taken.delete(path)) rmSync(path, { force: true });
  };
}

function readOwner(path: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || undefined;
  } catch {
    return undefined; // there is no lock
  }
}
