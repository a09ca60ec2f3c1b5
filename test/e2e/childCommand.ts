import { spawn } from 'node:child_process';
import { programOf, root } from '../programs';

export { root };

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly ended: Promise<Ended>;
  /** Resolves when stdout holds the text. */
  printed(text: string): Promise<void>;
  readonly stdout: () => string;
  kill(signal: NodeJS.Signals): void;
}

export interface CommandOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a command of `cli/` in a process of its own. */
export function start(command: string, args: readonly string[], options: CommandOptions = {}): RunningCommand {
  const child = spawn(process.execPath, [programOf(command), ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', ...options.environment },
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.end(options.input ?? '');
  const ended = new Promise<Ended>((resolveEnded) => {
    child.on('close', (code) => {
      for (const listener of listeners) listener();
      resolveEnded({ code, stdout, stderr });
    });
  });
  return {
    ended,
    stdout: () => stdout,
    kill: (signal) => {
      child.kill(signal);
    },
    async printed(text) {
      await new Promise<void>((resolvePrinted, reject) => {
        const look = (): void => {
          if (stdout.includes(text)) resolvePrinted();
          else if (child.exitCode !== null)
            reject(new Error(`The command ended before it printed "${text}".\n${stderr}`));
          else return;
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      });
    },
  };
}

export async function runCommand(command: string, args: readonly string[], options?: CommandOptions): Promise<Ended> {
  return start(command, args, options).ended;
}

/** The object in the last line of stdout. */
export function lastLine(stdout: string): Record<string, unknown> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the command promises one JSON object there.
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
}
