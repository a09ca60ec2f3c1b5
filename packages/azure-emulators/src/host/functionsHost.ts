import type { Faults } from '../injectedFaults';
import type { HostFault } from './hostFaults';
import type { HostStatistics } from './hostStatistics';
import type { HostLogEntry } from './logs';
import type { HostEvent } from './runtime';

export interface HostOptions {
  /** The built app: a folder with host.json, package.json and its build. */
  readonly appDirectory: string;
  /** App settings; added to a small inherited environment (PATH, NODE_EXTRA_CA_CERTS and the like). */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Connection strings with which this host reads the namespaces that the app signs in to by identity, by the value of
   * `<name>__fullyQualifiedNamespace`. The app does not see them.
   */
  readonly namespaces?: Readonly<Record<string, string>>;
  /** Checkpoints and ownerships, shared by every host that names the same folder. Without it they end with the host. */
  readonly checkpointDirectory?: string;
  /** Instances of the app, each with a worker process, that share the partitions. Default 1. */
  readonly workers?: number;
  /** Log lines of host and workers, after host.json's logLevel. */
  readonly log?: (entry: HostLogEntry) => void;
  /**
   * Multiplies the waits, for tests: retry intervals, load balancing and ownership expiration. Limits such
   * as functionTimeout stay as they are. Default 1.
   */
  readonly clockScale?: number;
  readonly onEvent?: (event: HostEvent) => void;
}

export interface FunctionsHost {
  /** Names that the app registered, in order. */
  readonly functions: readonly string[];
  readonly faults: Faults<HostFault>;
  statistics(): HostStatistics;
  /**
   * Resolves when checkpoints cover every event that was enqueued before the call. Keeps waiting while a partition retries;
   * rejects with the signal's reason when the signal aborts.
   */
  drained(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Kills every worker process at once, as `kill -9` does. */
  killWorkers(): void;
  /** Takes all partitions from one instance, a different one each time; it then claims some again. */
  rebalance(): Promise<void>;
  /** Starts instances, or stops the newest ones. The partitions are shared among those that are left. */
  scale(workers: number): Promise<void>;
  /**
   * Shuts down as the platform does: reads no further, cancels retries that wait, lets running handlers end (30 s),
   * writes no checkpoint for them, gives appTerminate hooks 5 s, ends the workers.
   */
  stop(): Promise<void>;
}
