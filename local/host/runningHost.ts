import { resolve } from 'node:path';
import { HostError } from './checks';
import { drainFunction } from './drained';
import { FaultPlan } from './faults';
import { readHostJson } from './hostJson';
import type { FunctionsHost, HostOptions } from './index';
import { Instance, type WorkerOptions } from './instance';
import { Listener } from './listener';
import { filterLogs, type Log } from './logs';
import { type PartitionEnd, readPartitionEnds, startPositions } from './positions';
import { FunctionRuntime, type HostRuntime } from './runtime';
import type { HostStatistics } from './statistics';
import { DirectoryShelf } from './store/directoryShelf';
import { MemoryShelf } from './store/memoryShelf';
import { PartitionStore } from './store/partitionStore';
import { readRegistrations, type Trigger } from './trigger';
import { workerEnvironment } from './workerEnvironment';
import { workerSource } from './workerSource';

/** How long running handlers may take to end at a shutdown: .NET's default for hosts. */
const SHUTDOWN_MS = 30_000;
const INCLUDE_EMPTY_ENTRIES = 'IncludeEmptyEntriesInMessagePayload';

interface Member {
  readonly instance: Instance;
  readonly listeners: readonly Listener[];
}

interface Source {
  readonly runtime: FunctionRuntime;
  /** Where the partitions ended when the host started. */
  readonly ends: readonly PartitionEnd[];
}

export class RunningHost implements FunctionsHost {
  readonly functions: readonly string[];
  readonly faults: FaultPlan;
  readonly #host: HostRuntime;
  readonly #workerOptions: WorkerOptions;
  readonly #sources: readonly Source[];
  readonly #members: Member[] = [];
  readonly #stopping = new AbortController();
  #restartsOfGoneMembers = 0;
  #changes: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  private constructor(
    functions: readonly string[],
    host: HostRuntime,
    workerOptions: WorkerOptions,
    sources: readonly Source[],
  ) {
    this.functions = functions;
    this.#host = host;
    this.faults = host.faults;
    this.#workerOptions = workerOptions;
    this.#sources = sources;
  }

  static async start(options: HostOptions, workers: number): Promise<RunningHost> {
    const appDirectory = resolve(options.appDirectory);
    const settings = readHostJson(appDirectory);
    const log = filterLogs(settings.logLevels, options.log ?? (() => {}));
    for (const name of settings.unknown) {
      log({
        level: 'warning',
        category: 'Host.Startup',
        message: `host.json: "${name}" is not known and has no effect.`,
      });
    }
    const workerOptions = {
      source: await workerSource(),
      appDirectory,
      environment: workerEnvironment(options.environment, appDirectory),
    };
    const first = new Instance(workerOptions, log);
    try {
      const app = await first.started;
      const { names, triggers, others } = readRegistrations(app.functions, options.environment);
      for (const { name, type } of others) {
        log({
          level: 'warning',
          category: 'Host.Startup',
          message: `Function "${name}" never runs here: its trigger is ${type}.`,
          functionName: name,
        });
      }
      warnOfSharedGroups(triggers, log);
      let running: RunningHost | undefined;
      const faults = new FaultPlan({
        killWorkers: () => running?.killWorkers(),
        rebalance: async (pick) => running?.rebalance(pick),
      });
      const shelf =
        options.checkpointDirectory === undefined
          ? new MemoryShelf()
          : new DirectoryShelf(resolve(options.checkpointDirectory));
      const host: HostRuntime = {
        settings,
        store: new PartitionStore(shelf),
        faults,
        log,
        clockScale: options.clockScale ?? 1,
        includeEmptyEntries: (app.capabilities[INCLUDE_EMPTY_ENTRIES] ?? '').trim() !== '',
      };
      const runtimes = triggers.map((trigger) => new FunctionRuntime(host, trigger));
      const sources = await Promise.all(
        runtimes.map(async (runtime) => ({ runtime, ends: await readPartitionEnds(runtime) })),
      );
      running = new RunningHost(names, host, workerOptions, sources);
      running.#join(first);
      await running.scale(workers);
      return running;
    } catch (thrown) {
      first.kill();
      throw thrown;
    }
  }

  statistics(): HostStatistics {
    return {
      functions: this.#sources.map(({ runtime }) => runtime.counters.snapshot()),
      workerRestarts: this.#members.reduce((sum, { instance }) => sum + instance.restarts, this.#restartsOfGoneMembers),
      faults: this.faults.fired,
    };
  }

  async drained({ signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    const signals = signal === undefined ? [this.#stopping.signal] : [signal, this.#stopping.signal];
    const ended = AbortSignal.any(signals);
    await Promise.all(this.#sources.map(({ runtime, ends }) => drainFunction(runtime, ends, ended)));
  }

  async scale(workers: number): Promise<void> {
    const earlier = this.#changes;
    const change = this.#resize(earlier, workers);
    this.#changes = change.catch(() => {});
    await change;
  }

  killWorkers(): void {
    for (const { instance } of this.#members) instance.kill();
  }

  async rebalance(pick: number): Promise<void> {
    const member = this.#members[Math.floor(pick * this.#members.length)];
    await Promise.all((member?.listeners ?? []).map((listener) => listener.rebalance()));
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort(new HostError('The host has stopped.'));
    await this.#changes;
    await Promise.all(this.#members.splice(0).map((member) => this.#leave(member)));
  }

  async #resize(earlier: Promise<void>, workers: number): Promise<void> {
    await earlier;
    while (this.#members.length < workers && !this.#stopping.signal.aborted) {
      const instance = new Instance(this.#workerOptions, this.#host.log);
      await instance.started;
      this.#join(instance);
    }
    while (this.#members.length > Math.max(1, workers)) {
      const leaving = this.#members.pop();
      if (leaving !== undefined) await this.#leave(leaving);
    }
  }

  #join(instance: Instance): void {
    instance.keepAlive();
    const listeners = this.#sources.map(
      ({ runtime, ends }) => new Listener({ runtime, instance, startPosition: startPositions(runtime, ends) }),
    );
    this.#members.push({ instance, listeners });
    for (const listener of listeners) listener.start();
  }

  async #leave({ instance, listeners }: Member): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((done) => {
      timer = setTimeout(done, SHUTDOWN_MS);
    });
    await Promise.race([Promise.all(listeners.map((listener) => listener.stop())), patience]);
    clearTimeout(timer);
    this.#restartsOfGoneMembers += instance.restarts;
    await instance.stop();
  }
}

/** The platform keeps checkpoints by hub and consumer group, not by function: two functions would share the partitions. */
function warnOfSharedGroups(triggers: readonly Trigger[], log: Log): void {
  const names = new Map<string, string>();
  for (const { connection, eventHubName, consumerGroup, functionName } of triggers) {
    const key = `${connection.namespace}/${eventHubName}/${consumerGroup}`.toLowerCase();
    const other = names.get(key);
    names.set(key, functionName);
    if (other !== undefined) {
      const message = `Functions "${other}" and "${functionName}" read "${eventHubName}" with the same consumer group "${consumerGroup}": each event reaches only one of them.`;
      log({ level: 'warning', category: 'Host.Startup', message, functionName });
    }
  }
}
