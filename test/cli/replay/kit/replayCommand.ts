import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { programOf } from '../../../programs';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Ends it at once, as `kill -9` does. */
  readonly kill: () => Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

/** A command as a person runs it, in a folder, with no settings but these. */
export function start(command: string, args: readonly string[], folder: string, environment: Environment): Running {
  const child = spawn(process.execPath, [programOf(command), ...args], {
    cwd: folder,
    env: { ...withoutSettings(process.env), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit');
  const ended = Promise.all([text(child.stdout), text(child.stderr), exit]).then(([stdout, stderr]) => ({
    code: child.exitCode,
    stdout,
    stderr,
  }));
  return {
    child,
    ended,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export function run(
  command: string,
  args: readonly string[],
  folder: string,
  environment: Environment,
): Promise<Ended> {
  return start(command, args, folder, environment).ended;
}

/** The account that `--json` puts last. */
export function accountOf({ stdout }: Ended): unknown {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = /^(?:EventHub|EVENT_HUB|DEAD_LETTER|AZURE_|IDENTITY_|LOGS_)/i;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.test(name)));
}
