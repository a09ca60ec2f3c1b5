import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { publish } from '../../cli/emulators/publish';

const root = resolve(__dirname, '..', '..');

/** `npm start` in a process of its own, after its first stream. */
export interface PageRun {
  /** Of the page. */
  readonly url: string;
  /** Sends a message to the hub. */
  send(body: string): Promise<void>;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
}

/** `options` are those of npm start. @throws when it ends early. */
export async function startPageRun(
  options: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<PageRun> {
  const parameters = ['--import', 'tsx', 'cli/start.ts', ...options];
  const child = spawn(process.execPath, parameters, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await new Promise<void>((isRunning, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.includes('Endpoint=')) isRunning();
    });
    child.on('error', reject);
    child.on('close', () => reject(new Error(`npm start ended early.\n${stdout}\n${stderr}`)));
  });
  const connection = /Endpoint=\S+/.exec(stdout)?.[0] ?? '';
  const hub = /EntityPath=([^;\s]+)/.exec(connection)?.[1] ?? '';
  return {
    url: /http:\/\/127\.0\.0\.1:\d+\//.exec(stdout)?.[0] ?? '',
    async send(body) {
      const signal = new AbortController().signal;
      await publish(connection.replace(/;EntityPath=.*/, ''), hub, [{ body: Buffer.from(body) }], signal);
    },
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}
