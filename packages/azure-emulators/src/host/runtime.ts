import { EventEmitter } from 'node:events';
import type { FaultPlan } from '../injectedFaults';
import type { Scope } from './checkpointFolder';
import type { HostFault } from './hostFaults';
import type { HostSettings } from './hostJson';
import { FunctionCounters } from './hostStatistics';
import type { Log } from './logs';
import { isSameScope, type PartitionStore, scopeOf } from './partitionStore';
import type { LogLevel } from './protocol';
import type { Trigger } from './trigger';

/** A batch on its way to a worker process. Every attempt has the same invocation id; the process may be another. */
export interface HostInvocation {
  readonly invocationId: string;
  readonly functionName: string;
  readonly partitionId: string;
  readonly firstSequenceNumber: number;
  readonly lastSequenceNumber: number;
  readonly workerProcessId: number;
}

/** What the host did, in order; it explains why an event was delivered again. */
export type HostEvent =
  /** A batch is handed to a worker process. */
  | { readonly kind: 'handedOver'; readonly invocation: HostInvocation }
  /** The invocation has ended; with `isWorkerGone` because its worker process ended. */
  | { readonly kind: 'ended'; readonly invocationId: string; readonly isWorkerGone: boolean }
  | { readonly kind: 'checkpoint'; readonly partitionId: string; readonly sequenceNumber: number }
  /** An instance has claimed the partition, or renewed its claim. */
  | { readonly kind: 'claimed'; readonly partitionId: string; readonly ownerId: string };

/** What all parts of one running host share. */
export interface HostRuntime {
  readonly settings: HostSettings;
  readonly store: PartitionStore;
  readonly faults: FaultPlan<HostFault>;
  readonly log: Log;
  /** Multiplies every wait, never a limit: see HostOptions.clockScale. */
  readonly clockScale: number;
  /** The app's capability IncludeEmptyEntriesInMessagePayload. */
  readonly includeEmptyEntries: boolean;
  /** The host sends telemetry itself: its settings say where. */
  readonly hasTelemetry: boolean;
  readonly onEvent: (event: HostEvent) => void;
}

/** What all instances share about one function. */
export class FunctionRuntime {
  readonly counters: FunctionCounters;
  readonly scope: Scope;
  /** Emits `moved` when a checkpoint was written. */
  readonly progress = new EventEmitter<{ moved: [] }>().setMaxListeners(0);

  constructor(
    readonly host: HostRuntime,
    readonly trigger: Trigger,
  ) {
    this.counters = new FunctionCounters(trigger);
    this.scope = scopeOf(trigger.connection.namespace, trigger.eventHubName, trigger.consumerGroup);
    host.store.on('checkpoint', (scope) => {
      if (isSameScope(scope, this.scope)) this.progress.emit('moved');
    });
  }

  readonly log = (level: LogLevel, message: string, invocationId?: string): void => {
    const { functionName } = this.trigger;
    this.host.log({
      level,
      category: `Function.${functionName}`,
      message,
      functionName,
      ...(invocationId === undefined ? {} : { invocationId }),
    });
  };
}
