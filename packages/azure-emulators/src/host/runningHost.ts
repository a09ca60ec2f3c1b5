import type { Faults } from '../injectedFaults';
import { drainFunction } from './drained';
import type { FunctionsHost } from './functionsHost';
import { HostError } from './hostError';
import type { HostFault } from './hostFaults';
import type { HostStatistics } from './hostStatistics';
import { Instance, type WorkerOptions } from './instance';
import { Listener } from './listener';
import type { FunctionRuntime, HostRuntime } from './runtime';

/** How long running handlers may take at a shutdown: .NET's default for hosts. */
const shutdownMs = 30_000;

interface Member {
  readonly instance: Instance;
  readonly listeners: readonly Listener[];
}

/** The instances of one app, and their share of the partitions. */
export class RunningHost implements FunctionsHost {
  readonly faults: Faults<HostFault>;
  readonly #members: Member[] = [];
  readonly #stopping = new AbortController();
  #restartsOfGoneMembers = 0;
  #rebalanced = 0;
  #changes: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(
    readonly functions: readonly string[],
    private readonly host: HostRuntime,
    private readonly workerOptions: WorkerOptions,
    private readonly runtimes: readonly FunctionRuntime[],
    /** Called when everything has stopped. */
    private readonly release: () => Promise<void>,
  ) {
    this.faults = host.faults;
  }

  statistics(): HostStatistics {
    return {
      functions: this.runtimes.map(({ counters }) => counters.snapshot()),
      workerRestarts: this.#members.reduce((sum, { instance }) => sum + instance.restarts, this.#restartsOfGoneMembers),
    };
  }

  async drained({ signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    const signals = signal === undefined ? [this.#stopping.signal] : [signal, this.#stopping.signal];
    const ended = AbortSignal.any(signals);
    await Promise.all(this.runtimes.map((runtime) => drainFunction(runtime, ended)));
  }

  async scale(workers: number): Promise<void> {
    const change = this.#changes.then(() => this.resize(workers));
    this.#changes = change.catch(() => {});
    await change;
  }

  killWorkers(): void {
    for (const { instance } of this.#members) instance.kill();
  }

  async rebalance(): Promise<void> {
    const member = this.#members[this.#rebalanced++ % this.#members.length];
    await Promise.all((member?.listeners ?? []).map((listener) => listener.rebalance()));
  }

  stop(): Promise<void> {
    this.#stopped ??= this.stopAll();
    return this.#stopped;
  }

  private async stopAll(): Promise<void> {
    this.#stopping.abort(new HostError('The host has stopped.'));
    await this.#changes;
    await Promise.all(this.#members.splice(0).map((member) => this.leave(member)));
    await this.release();
  }

  private async resize(workers: number): Promise<void> {
    while (this.#members.length < workers && !this.#stopping.signal.aborted) {
      const instance = new Instance(this.workerOptions, this.host.log);
      await instance.started;
      this.join(instance);
    }
    while (this.#members.length > Math.max(1, workers)) {
      const leaving = this.#members.pop();
      if (leaving !== undefined) await this.leave(leaving);
    }
  }

  /** Lets an instance that has loaded the app compete for partitions. */
  join(instance: Instance): void {
    instance.keepAlive();
    const listeners = this.runtimes.map((runtime) => new Listener(runtime, instance));
    this.#members.push({ instance, listeners });
    for (const listener of listeners) listener.start();
  }

  private async leave({ instance, listeners }: Member): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<void>((done) => {
      timer = setTimeout(done, shutdownMs);
    });
    await Promise.race([Promise.all(listeners.map((listener) => listener.stop())), timeUp]);
    clearTimeout(timer);
    this.#restartsOfGoneMembers += instance.restarts;
    await instance.stop();
  }
}
