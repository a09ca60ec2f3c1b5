import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReceivedEventData } from '@azure/event-hubs';
import { messageOf } from './checks';
import { asDotNet, failed, type Outcome } from './failure';
import type { Instance } from './instance';
import type { InvocationRequest, RpcException } from './protocol';
import { retryDelays } from './retryPolicy';
import type { FunctionRuntime } from './runtime';
import { longestTimerMs } from './timeSpan';
import { type PartitionFacts, toInput, toMetadata } from './triggerData';

/** `gaveUp`: every attempt failed and there is none left, so the checkpoint moves on all the same. */
export type Verdict = 'succeeded' | 'gaveUp' | 'cancelled';

/**
 * Delivers one batch until it has succeeded or its retries are used up, as the host does in memory
 * (FunctionExecutorExtensions.cs in Azure/azure-webjobs-sdk): the same events and the same invocation id each time, also
 * when the worker has ended in between. An abort ends the wait between attempts; an attempt that has begun runs to its end, for Node handlers get no signal.
 */
export async function runBatch(
  runtime: FunctionRuntime,
  instance: Instance,
  partition: PartitionFacts,
  events: readonly ReceivedEventData[],
  signal: AbortSignal,
): Promise<Verdict> {
  const { trigger, counters } = runtime;
  const policy = trigger.retry;
  const nextDelay = policy === undefined ? undefined : retryDelays(policy, Math.random);
  counters.delivered(
    partition.partitionId,
    events.map((event) => event.sequenceNumber),
  );
  const invocationId = randomUUID();
  let lastException: RpcException | undefined;
  for (let retryCount = 0; ; retryCount++) {
    const retryContext =
      policy === undefined
        ? undefined
        : {
            retryCount,
            maxRetryCount: policy.maxRetryCount,
            ...(lastException === undefined ? {} : { exception: lastException }),
          };
    const outcome = await attempt(runtime, instance, invocationId, partition, events, retryContext, signal);
    if (outcome === 'cancelled') return concluded(runtime, 'cancelled', events, partition);
    if (outcome.kind === 'succeeded') return concluded(runtime, 'succeeded', events, partition);

    counters.count.attemptsFailed++;
    lastException = asDotNet(outcome.failure, trigger.functionName);
    if (
      nextDelay === undefined ||
      (policy !== undefined && policy.maxRetryCount >= 0 && retryCount >= policy.maxRetryCount)
    ) {
      return concluded(runtime, 'gaveUp', events, partition);
    }
    const delayMs = nextDelay();
    runtime.log(
      'warning',
      `Waiting for ${delayMs / 1000} s before retrying the batch of partition ${partition.partitionId} (retry ${retryCount + 1} of ${policy?.maxRetryCount === -1 ? 'any number' : policy?.maxRetryCount}).`,
    );
    if (!(await waitFor(delayMs * runtime.host.clockScale, signal))) {
      return concluded(runtime, 'cancelled', events, partition);
    }
    counters.count.retries++;
  }
}

async function attempt(
  runtime: FunctionRuntime,
  instance: Instance,
  invocationId: string,
  partition: PartitionFacts,
  events: readonly ReceivedEventData[],
  retryContext: InvocationRequest['retryContext'],
  signal: AbortSignal,
): Promise<Outcome | 'cancelled'> {
  const { trigger } = runtime;
  if (!instance.isReady) {
    runtime.log('debug', `Invocation '${invocationId}' waits for a worker.`, invocationId);
  }
  const worker = await instance.worker(signal);
  if (worker === undefined || signal.aborted) {
    runtime.log('information', `Cancelling invocation '${invocationId}': it was not sent to the worker.`, invocationId);
    return 'cancelled';
  }
  runtime.log('information', `Executing 'Functions.${trigger.functionName}' (Id=${invocationId})`, invocationId);
  runtime.log('information', `Trigger Details: ${triggerDetails(partition, events)}`, invocationId);
  runtime.host.onEvent({
    kind: 'handedOver',
    invocation: {
      invocationId,
      functionName: trigger.functionName,
      partitionId: partition.partitionId,
      firstSequenceNumber: events[0]?.sequenceNumber ?? -1,
      lastSequenceNumber: events.at(-1)?.sequenceNumber ?? -1,
      workerProcessId: worker.processId,
    },
  });
  const startedMs = performance.now();
  let outcome: Outcome;
  try {
    const request = toRequest(runtime, invocationId, partition, events, retryContext);
    outcome = await instance.invoke(worker, runtime, request);
  } catch (error) {
    outcome = failed('System.InvalidOperationException', messageOf(error));
  }
  runtime.host.onEvent({ kind: 'ended', invocationId, isWorkerGone: !worker.isReady });
  const took = `Id=${invocationId}, Duration=${Math.round(performance.now() - startedMs)}ms`;
  if (outcome.kind === 'succeeded') {
    runtime.log('information', `Executed 'Functions.${trigger.functionName}' (Succeeded, ${took})`, invocationId);
  } else {
    runtime.log(
      'error',
      `Executed 'Functions.${trigger.functionName}' (Failed, ${took}): ${outcome.failure.message}`,
      invocationId,
    );
  }
  return outcome;
}

function toRequest(
  runtime: FunctionRuntime,
  invocationId: string,
  partition: PartitionFacts,
  events: readonly ReceivedEventData[],
  retryContext: InvocationRequest['retryContext'],
): InvocationRequest {
  const { trigger, host } = runtime;
  return {
    invocationId,
    functionId: trigger.functionId,
    inputData: [{ name: trigger.bindingName, data: toInput(events) }],
    triggerMetadata: toMetadata(events, partition, host.includeEmptyEntries),
    traceContext: {
      // Without telemetry the host has no activity, and gives an empty text.
      traceParent: host.hasTelemetry
        ? `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`
        : '',
      traceState: '',
      attributes: {},
    },
    ...(retryContext === undefined ? {} : { retryContext }),
  };
}

function concluded(
  runtime: FunctionRuntime,
  verdict: Verdict,
  events: readonly ReceivedEventData[],
  partition: PartitionFacts,
): Verdict {
  const { count } = runtime.counters;
  if (verdict === 'succeeded') {
    count.batchesSucceeded++;
    count.eventsSucceeded += events.length;
  } else if (verdict === 'cancelled') {
    count.batchesCancelled++;
  } else {
    count.batchesGivenUp++;
    count.eventsGivenUp += events.length;
    runtime.log(
      'error',
      `${events.length} events given up (${triggerDetails(partition, events)}): every attempt failed and none is left. ` +
        'The checkpoint moves past them, so they will not be delivered again.',
    );
  }
  return verdict;
}

/** @returns false if the signal came first. */
function waitFor(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return sleep(Math.min(milliseconds, longestTimerMs), true, { signal }).catch(() => false);
}

function triggerDetails(partition: PartitionFacts, events: readonly ReceivedEventData[]): string {
  const first = events[0];
  const last = events.at(-1);
  return `PartitionId: ${partition.partitionId}, Offset: ${first?.offset}-${last?.offset}, SequenceNumber: ${first?.sequenceNumber}-${last?.sequenceNumber}, Count: ${events.length}`;
}
