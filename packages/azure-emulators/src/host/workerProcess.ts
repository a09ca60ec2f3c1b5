import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { failed, type InvocationOutcome, workerExit } from './failure';
import type { HostMessage, InvocationRequest, LogLevel, LogOrigin, WorkerMessage } from './protocol';
import { bootstrap } from './workerSource';

export interface StartedApp {
  /** JSON of FunctionMetadata[] */
  readonly functions: string;
  readonly capabilities: Readonly<Record<string, string>>;
}

export interface WorkerLine {
  readonly level: LogLevel;
  readonly origin: LogOrigin | 'console';
  readonly message: string;
  readonly invocationId: string | undefined;
}

export interface WorkerProcessOptions {
  readonly source: string;
  readonly appDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly onLine: (line: WorkerLine) => void;
  /** How long the app may take to load. */
  readonly startTimeoutMs: number;
}

/** The app failed to load. `message` comes from the worker, `stack` from the app's own error. */
export class AppStartError extends Error {
  override readonly name = 'AppStartError';
  constructor(message: string, stack: string) {
    super(message);
    this.stack = stack === '' ? message : `${message}\n${stack}`;
  }
}

/** The release of the platform's host whose sources this one follows; apps can read it from the core module. */
const hostVersion = '4.1037.0';

/** One worker process: Node with the app. It ends when its channel closes, so it never outlives the host. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #inFlight = new Map<string, (outcome: InvocationOutcome) => void>();
  readonly started: Promise<StartedApp>;
  /** Resolves when the process has ended, with the text that the platform logs for it. */
  readonly exited: Promise<string>;
  #lastMessage = '';
  #isReady = false;

  constructor(private readonly options: WorkerProcessOptions) {
    this.#child = spawn(process.execPath, ['-e', bootstrap], {
      cwd: options.appDirectory,
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Sends buffers over the channel unchanged.
      serialization: 'advanced',
      windowsHide: true,
    });
    this.readConsole();
    this.exited = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(`node could not be started: ${error.message}`));
      this.#child.once('exit', (code, signal) =>
        resolve(`node exited with ${signal === null ? `code ${code}` : `signal ${signal}`}`),
      );
    });
    this.started = this.inTime(this.start());
    // Callers that wait for `started` get its error. If none waits, this prevents an unhandled rejection.
    this.started.catch(() => {});
    void this.afterExit();
  }

  /** -1 when the process could not be started. */
  get processId(): number {
    return this.#child.pid ?? -1;
  }

  /** Has loaded the app and is alive. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Never rejects: a process that dies fails every invocation that it had. */
  invoke(request: InvocationRequest): Promise<InvocationOutcome> {
    return new Promise((resolve) => {
      this.#inFlight.set(request.invocationId, resolve);
      this.send({ kind: 'invoke', request });
    });
  }

  /** Lets the app's appTerminate hooks run for at most `graceMs`, then kills the process. */
  async terminate(graceMs: number): Promise<void> {
    this.send({ kind: 'terminate' });
    const timer = setTimeout(() => this.kill(), graceMs);
    await this.exited;
    clearTimeout(timer);
  }

  kill(): void {
    this.#isReady = false;
    this.#child.kill('SIGKILL');
  }

  private async inTime(start: Promise<StartedApp>): Promise<StartedApp> {
    const { startTimeoutMs } = this.options;
    const started = new AbortController();
    const late = sleep(startTimeoutMs, undefined, { signal: started.signal }).catch(() => undefined);
    const app = await Promise.race([start, late]).finally(() => started.abort());
    if (app !== undefined) return app;
    this.kill();
    const seconds = startTimeoutMs / 1000;
    throw new AppStartError(`The app has not loaded within ${seconds} s. Does an entry point wait for ever?`, '');
  }

  private start(): Promise<StartedApp> {
    return new Promise((resolve, reject) => {
      this.#child.on('message', (message: WorkerMessage) => {
        if (message.kind === 'started') {
          this.#isReady = true;
          resolve({ functions: message.functions, capabilities: message.capabilities });
        } else if (message.kind === 'failed') {
          this.#lastMessage = message.message;
          reject(new AppStartError(message.message, message.stack));
        } else {
          this.receive(message);
        }
      });
      void this.exited.then((reason) =>
        reject(new AppStartError(`The worker ended before the app had started: ${reason}.`, '')),
      );
      this.#child.send(this.options.source, (error) => {
        if (error === null) {
          this.send({ kind: 'start', appDirectory: this.options.appDirectory, hostVersion });
        }
      });
    });
  }

  private receive(message: Exclude<WorkerMessage, { kind: 'started' | 'failed' }>): void {
    if (message.kind === 'log') {
      const { level, origin, invocationId } = message;
      this.options.onLine({ level, origin, message: message.message, invocationId });
      return;
    }
    const settle = this.#inFlight.get(message.invocationId);
    this.#inFlight.delete(message.invocationId);
    settle?.(
      message.kind === 'succeeded'
        ? { kind: 'succeeded' }
        : failed(
            'Microsoft.Azure.WebJobs.Script.Workers.Rpc.RpcException',
            `Result: Failure\nException: ${message.message}\nStack: ${message.stack}`,
            message.stack,
          ),
    );
  }

  private send(message: HostMessage): void {
    if (this.#child.connected) {
      // If the channel breaks, the exit follows and settles everything.
      this.#child.send(message, () => {});
    }
  }

  private async afterExit(): Promise<void> {
    const reason = await this.exited;
    this.#isReady = false;
    const text = this.#lastMessage === '' ? reason : `${reason}: ${this.#lastMessage}`;
    for (const settle of this.#inFlight.values()) {
      settle(failed(workerExit, text));
    }
    this.#inFlight.clear();
  }

  private readConsole(): void {
    const streams = [
      [this.#child.stdout, 'information'],
      [this.#child.stderr, 'error'],
    ] as const;
    for (const [stream, level] of streams) {
      if (stream !== null) {
        createInterface({ input: stream }).on('line', (message) => {
          this.options.onLine({ level, origin: 'console', message, invocationId: undefined });
        });
      }
    }
  }
}
