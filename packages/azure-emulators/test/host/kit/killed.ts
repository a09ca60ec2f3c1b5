import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Lines } from './lines';

export interface HostProcess {
  /** Waits for a line of the host and gives the pattern's first group. */
  readonly line: (pattern: RegExp) => Promise<string>;
  /** Kills it, as `kill -9` does. */
  readonly kill: () => Promise<void>;
}

/** A host in a process of its own. */
export function hostProcess(
  appDirectory: string,
  checkpointDirectory: string,
  environment: Readonly<Record<string, string>>,
): HostProcess {
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(__dirname, 'hostProcess.ts'), appDirectory, checkpointDirectory, ...settings],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines = new Lines();
  createInterface({ input: child.stdout }).on('line', (message) =>
    lines.log({ level: 'information', category: 'stdout', message }),
  );
  return {
    line: async (pattern) => {
      await lines.until(() => lines.matching(pattern).length > 0);
      return pattern.exec(lines.matching(pattern)[0]?.message ?? '')?.[1] ?? '';
    },
    kill: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

/** Resolves when there is no such process any more; a thread in the worker looks for its host twice a second. */
export async function untilGone(processId: number): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    try {
      process.kill(processId, 0);
    } catch {
      return;
    }
    await sleep(10);
  }
  throw new Error(`Process ${processId} is still there.`);
}
