import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReceivedEventData } from '@azure/event-hubs';
import { asDotNet, failed, type InvocationOutcome } from './failure';
import { messageOf } from './hostError';
import { longestTimerMs } from './hostTimeSpan';
import type { Instance } from './instance';
import type { InvocationRequest, RpcException } from './protocol';
import { retryDelays } from './retryPolicy';
import type { FunctionRuntime } from './runtime';
import { type PartitionFacts, toInput, toMetadata } from './triggerData';

/** `gaveUp`: the last attempt failed; the checkpoint moves on. */
export type BatchResult = 'succeeded' | 'gaveUp' | 'cancelled';

/**
 * Delivers one batch until it has succeeded or its retries are used up, as the host does in memory
 * (FunctionExecutorExtensions.cs in Azure/azure-webjobs-sdk): the same events and the same invocation id each time, also
 * when the worker has ended in between. An abort ends the wait between attempts; an attempt that has begun runs to its end,
 * because Node handlers get no signal.
 */
export class BatchDelivery {
  readonly #invocationId = randomUUID();

  constructor(
    private readonly runtime: FunctionRuntime,
    private readonly instance: Instance,
    private readonly partition: PartitionFacts,
    private readonly events: readonly ReceivedEventData[],
    private readonly signal: AbortSignal,
  ) {}

  async run(): Promise<BatchResult> {
    const { trigger, counters, host } = this.runtime;
    const { partitionId } = this.partition;
    const policy = trigger.retry;
    const nextDelay = policy === undefined ? undefined : retryDelays(policy, Math.random);
    counters.delivered(
      partitionId,
      this.events.map((event) => event.sequenceNumber),
    );
    let exception: RpcException | undefined;
    for (let retryCount = 0; ; retryCount++) {
      const retryContext = policy && {
        retryCount,
        maxRetryCount: policy.maxRetryCount,
        ...(exception && { exception }),
      };
      const outcome = await this.attempt(retryContext);
      if (outcome === 'cancelled') return this.concluded('cancelled');
      if (outcome.kind === 'succeeded') return this.concluded('succeeded');

      counters.count.attemptsFailed++;
      exception = asDotNet(outcome.failure, trigger.functionName);
      const retries = policy?.maxRetryCount ?? 0;
      if (nextDelay === undefined || (retries >= 0 && retryCount >= retries)) return this.concluded('gaveUp');
      const delayMs = nextDelay();
      this.runtime.log(
        'warning',
        `Waiting for ${delayMs / 1000} s before retrying the batch of partition ${partitionId} (retry ${retryCount + 1} of ${retries === -1 ? 'any number' : retries}).`,
      );
      if (!(await this.wait(delayMs * host.clockScale))) return this.concluded('cancelled');
      counters.count.retries++;
    }
  }

  private async attempt(retryContext: InvocationRequest['retryContext']): Promise<InvocationOutcome | 'cancelled'> {
    const { trigger, host } = this.runtime;
    const invocationId = this.#invocationId;
    if (!this.instance.isReady) this.log('debug', `Invocation '${invocationId}' waits for a worker.`);
    const worker = await this.instance.worker(this.signal);
    if (worker === undefined || this.signal.aborted) {
      this.log('information', `Cancelling invocation '${invocationId}': it was not sent to the worker.`);
      return 'cancelled';
    }
    this.log('information', `Executing 'Functions.${trigger.functionName}' (Id=${invocationId})`);
    this.log('information', `Trigger Details: ${this.describe()}`);
    host.onEvent({
      kind: 'handedOver',
      invocation: {
        invocationId,
        functionName: trigger.functionName,
        partitionId: this.partition.partitionId,
        firstSequenceNumber: this.events[0]?.sequenceNumber ?? -1,
        lastSequenceNumber: this.events.at(-1)?.sequenceNumber ?? -1,
        workerProcessId: worker.processId,
      },
    });
    const startedMs = performance.now();
    let outcome: InvocationOutcome;
    try {
      outcome = await this.instance.invoke(worker, this.runtime, this.request(retryContext));
    } catch (error) {
      outcome = failed('System.InvalidOperationException', messageOf(error));
    }
    host.onEvent({ kind: 'ended', invocationId, isWorkerGone: !worker.isReady });
    const took = `Id=${invocationId}, Duration=${Math.round(performance.now() - startedMs)}ms`;
    const executed = `Executed 'Functions.${trigger.functionName}'`;
    if (outcome.kind === 'succeeded') this.log('information', `${executed} (Succeeded, ${took})`);
    else this.log('error', `${executed} (Failed, ${took}): ${outcome.failure.message}`);
    return outcome;
  }

  private request(retryContext: InvocationRequest['retryContext']): InvocationRequest {
    const { trigger, host } = this.runtime;
    return {
      invocationId: this.#invocationId,
      functionId: trigger.functionId,
      inputData: [{ name: trigger.bindingName, data: toInput(this.events) }],
      triggerMetadata: toMetadata(this.events, this.partition, host.includeEmptyEntries),
      traceContext: {
        // Without telemetry the host has no activity and gives an empty text.
        traceParent: host.hasTelemetry
          ? `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`
          : '',
        traceState: '',
        attributes: {},
      },
      ...(retryContext && { retryContext }),
    };
  }

  private concluded(result: BatchResult): BatchResult {
    const { count } = this.runtime.counters;
    if (result === 'succeeded') {
      count.batchesSucceeded++;
      count.eventsSucceeded += this.events.length;
    } else if (result === 'cancelled') {
      count.batchesCancelled++;
    } else {
      count.batchesGivenUp++;
      count.eventsGivenUp += this.events.length;
      this.runtime.log(
        'error',
        `${this.events.length} events given up (${this.describe()}): every attempt failed and none is left. ` +
          'The checkpoint moves past them, so they will not be delivered again.',
      );
    }
    return result;
  }

  /** @returns false if the signal came first. */
  private wait(milliseconds: number): Promise<boolean> {
    const { signal } = this;
    return sleep(Math.min(milliseconds, longestTimerMs), true, { signal }).catch(() => false);
  }

  private log(level: 'debug' | 'information' | 'error', message: string): void {
    this.runtime.log(level, message, this.#invocationId);
  }

  private describe(): string {
    const first = this.events[0];
    const last = this.events.at(-1);
    return `PartitionId: ${this.partition.partitionId}, Offset: ${first?.offset}-${last?.offset}, SequenceNumber: ${first?.sequenceNumber}-${last?.sequenceNumber}, Count: ${this.events.length}`;
  }
}
