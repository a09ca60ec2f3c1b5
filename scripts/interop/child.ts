import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Child {
  readonly ended: Promise<Ended>;
  /** Whole lines of stdout so far. */
  lines(): readonly string[];
  /** Closes its standard input; a program may take that as the signal to stop. */
  endInput(): void;
  /** Kills it (SIGKILL). */
  kill(): void;
}

export interface ChildOptions {
  readonly directory?: string;
  /** Added to the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: 'open' | 'closed';
  /** It is killed after this time; the default is five minutes. */
  readonly longestMs?: number;
}

const longest = 300_000;

/** Starts programs, and ends those that are still there at the end. */
export class Children {
  readonly #running = new Set<ChildProcessWithoutNullStreams>();

  /** Throws what the system says when there is no such program (ENOENT), through `ended`. */
  start(program: string, parameters: readonly string[], options: ChildOptions = {}): Child {
    const { directory, environment, input = 'closed', longestMs = longest } = options;
    const child = spawn(program, parameters, { cwd: directory, env: { ...process.env, ...environment } });
    this.#running.add(child);
    const timer = setTimeout(() => child.kill('SIGKILL'), longestMs);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin.on('error', () => {}); // it has ended, which `ended` tells
    if (input === 'closed') child.stdin.end();
    const ended = new Promise<Ended>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });
    const forget = (): void => {
      clearTimeout(timer);
      this.#running.delete(child);
    };
    ended.then(forget, forget);
    return {
      ended,
      lines: () => stdout.split('\n').slice(0, -1),
      endInput: () => child.stdin.end(),
      kill: () => {
        child.kill('SIGKILL');
      },
    };
  }

  killAll(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }
}

/** Polls `found` until it returns something; undefined when the time is over. */
export async function waitFor<T>(found: () => T | undefined, milliseconds: number): Promise<T | undefined> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const result = found();
    if (result !== undefined || performance.now() > end) return result;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
