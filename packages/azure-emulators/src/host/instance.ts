import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { failed, functionTimeout, type InvocationOutcome, workerExit } from './failure';
import { messageOf } from './hostError';
import type { HostFault, KillMoment } from './hostFaults';
import { longestTimerMs } from './hostTimeSpan';
import type { HostLogEntry } from './logs';
import type { InvocationRequest } from './protocol';
import type { FunctionRuntime } from './runtime';
import { type WorkerLine, WorkerProcess, type WorkerProcessOptions } from './workerProcess';

/** Grace for appTerminate hooks at shutdown (WorkerConstants.cs in Azure/azure-functions-host). */
const terminateGraceMs = 5000;
const firstRestartWaitMs = 100;
const longestRestartWaitMs = 10_000;
/** Upper limit for the time after which the fault `during` kills a worker. */
const longestLifeMs = 50;

export type WorkerOptions = Omit<WorkerProcessOptions, 'onLine'>;

/**
 * One instance of the app: a worker process, which is replaced when it dies. Partitions belong to the instance, so it keeps
 * them while the worker is replaced, and batches wait for the new worker.
 */
export class Instance {
  readonly #stopping = new AbortController();
  /** Function names of the invocations that are under way, for the categories of their log lines. */
  readonly #functionNames = new Map<string, string>();
  readonly #workers = new EventEmitter<{ changed: [] }>().setMaxListeners(0);
  #current: WorkerProcess;
  #deathsInARow = 0;
  restarts = 0;

  constructor(
    private readonly options: WorkerOptions,
    private readonly log: (entry: HostLogEntry) => void,
  ) {
    this.#current = this.spawn();
  }

  /** The app as the first worker process loaded it. Rejects with AppStartError. */
  get started(): WorkerProcess['started'] {
    return this.#current.started;
  }

  /** Whether an invocation would find a worker at once. */
  get isReady(): boolean {
    return this.#current.isReady;
  }

  /** From now on a worker that dies is replaced. */
  keepAlive(): void {
    void this.replaceWhenDead(this.#current);
  }

  /** Resolves with a worker that has loaded the app, after a restart if needed; with undefined if the signal comes first. */
  async worker(signal: AbortSignal): Promise<WorkerProcess | undefined> {
    while (!signal.aborted) {
      const worker = this.#current;
      if (worker.isReady) return worker;
      await this.changed(signal);
    }
    return undefined;
  }

  /** One attempt. A time-out fails it and kills the worker, which fails all other batches of the worker. */
  async invoke(
    worker: WorkerProcess,
    runtime: FunctionRuntime,
    request: InvocationRequest,
  ): Promise<InvocationOutcome> {
    const { invocationId } = request;
    this.#functionNames.set(invocationId, runtime.trigger.functionName);
    const fault = runtime.host.faults.take();
    const outcome = await this.run(worker, runtime, request, fault);
    this.#functionNames.delete(invocationId);
    if (worker.isReady) this.#deathsInARow = 0;
    return outcome;
  }

  private run(
    worker: WorkerProcess,
    runtime: FunctionRuntime,
    request: InvocationRequest,
    fault: HostFault | undefined,
  ): Promise<InvocationOutcome> {
    if (fault?.kind === 'killWorker') return invokeAndKill(worker, request, fault.moment);
    const work = worker.invoke(request);
    const timeoutMs = runtime.host.settings.functionTimeoutMs;
    if (fault?.kind === 'timeOut') return timeOut(worker, runtime, request, timeoutMs ?? 0);
    return timeoutMs === undefined ? work : workInTime(work, worker, runtime, request, timeoutMs);
  }

  kill(): void {
    this.#current.kill();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#current.terminate(terminateGraceMs);
  }

  private spawn(): WorkerProcess {
    const worker = new WorkerProcess({ ...this.options, onLine: (line) => this.receive(line) });
    worker.started.then(
      () => this.#workers.emit('changed'),
      () => {},
    );
    return worker;
  }

  private async changed(signal: AbortSignal): Promise<void> {
    const waiting = new AbortController();
    const changed = once(this.#workers, 'changed', { signal: AbortSignal.any([signal, waiting.signal]) });
    await changed.catch(() => {});
    waiting.abort();
  }

  private async replaceWhenDead(worker: WorkerProcess): Promise<void> {
    const reason = await worker.exited;
    if (this.#stopping.signal.aborted) return;
    this.log({ level: 'error', category: 'Host.Worker', message: `${reason}. A new worker process is started.` });
    if (this.#deathsInARow > 0) {
      const waitMs = Math.min(firstRestartWaitMs * 2 ** this.#deathsInARow, longestRestartWaitMs);
      await sleep(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
      if (this.#stopping.signal.aborted) return;
    }
    this.#deathsInARow++;
    this.restarts++;
    const successor = this.spawn();
    this.#current = successor;
    successor.started.catch((error: unknown) => {
      this.log({
        level: 'error',
        category: 'Host.Worker',
        message: `The app could not be loaded again: ${messageOf(error)}`,
      });
      successor.kill();
    });
    void this.replaceWhenDead(successor);
  }

  private receive({ level, origin, message, invocationId }: WorkerLine): void {
    const functionName = invocationId === undefined ? undefined : this.#functionNames.get(invocationId);
    const category = {
      user: functionName === undefined ? 'Function.User' : `Function.${functionName}.User`,
      system: 'Host.Worker',
      console: 'Host.Function.Console',
    }[origin];
    this.log({
      level,
      category,
      message,
      ...(functionName === undefined ? {} : { functionName }),
      ...(invocationId === undefined ? {} : { invocationId }),
    });
  }
}

async function workInTime(
  work: Promise<InvocationOutcome>,
  worker: WorkerProcess,
  runtime: FunctionRuntime,
  request: InvocationRequest,
  timeoutMs: number,
): Promise<InvocationOutcome> {
  const limit = new AbortController();
  const late = sleep(Math.min(timeoutMs, longestTimerMs), undefined, { signal: limit.signal }).catch(() => undefined);
  const outcome = await Promise.race([work, late]);
  limit.abort();
  return outcome ?? timeOut(worker, runtime, request, timeoutMs);
}

async function timeOut(
  worker: WorkerProcess,
  { trigger, log }: FunctionRuntime,
  { invocationId }: InvocationRequest,
  timeoutMs: number,
): Promise<InvocationOutcome> {
  const message =
    `Timeout value of ${timeoutMs / 1000} s exceeded by function 'Functions.${trigger.functionName}' ` +
    `(Id: '${invocationId}'). The worker is restarted.`;
  log('error', message, invocationId);
  worker.kill();
  await worker.exited;
  return failed(functionTimeout, message);
}

/** Kills the worker and fails the attempt, even if the app has finished. `during` kills it after some milliseconds. */
async function invokeAndKill(
  worker: WorkerProcess,
  request: InvocationRequest,
  moment: KillMoment,
): Promise<InvocationOutcome> {
  if (moment !== 'before') {
    const work = worker.invoke(request);
    await (moment === 'after' ? work : Promise.race([work, sleep(1 + Math.random() * longestLifeMs)]));
  }
  worker.kill();
  return failed(workerExit, await worker.exited);
}
