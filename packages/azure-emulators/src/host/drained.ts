import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from './checks';
import { isLeftOut, type PartitionEnd, readPartitionEnds } from './positions';
import type { FunctionRuntime } from './runtime';

const patienceMs = 500;

/**
 * Resolves when everything that the function's hub holds now is behind a checkpoint, or behind a verdict if only
 * batchCheckpointFrequency holds the checkpoint back.
 */
export async function drainFunction(
  runtime: FunctionRuntime,
  atStart: readonly PartitionEnd[],
  signal: AbortSignal,
): Promise<void> {
  const ends = await readPatiently(runtime, signal);
  const open = new Map<string, number>();
  for (const end of ends) {
    if (end.lastSequenceNumber !== undefined && !isLeftOut(runtime, atStart, end)) {
      open.set(end.partitionId, end.lastSequenceNumber);
    }
  }
  for (;;) {
    signal.throwIfAborted();
    // Listening begins before looking, so that nothing can happen unseen in between.
    const listening = new AbortController();
    const changed = once(runtime.progress, 'moved', { signal: AbortSignal.any([signal, listening.signal]) });
    changed.catch(() => {});
    for (const [partitionId, target] of open) {
      if ((await reached(runtime, partitionId)) >= target) open.delete(partitionId);
    }
    if (open.size === 0) {
      listening.abort();
      return;
    }
    await changed.catch(() => {});
  }
}

/** A hub that cannot be asked at the moment is asked again: whoever waits for the end has time. */
async function readPatiently(runtime: FunctionRuntime, signal: AbortSignal): Promise<readonly PartitionEnd[]> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await readPartitionEnds(runtime);
    } catch (error) {
      runtime.log('warning', messageOf(error));
    }
    await sleep(patienceMs, undefined, { signal }).catch(() => {});
  }
}

async function reached(runtime: FunctionRuntime, partitionId: string): Promise<number> {
  const { host, scope } = runtime;
  const checkpoint = (await host.store.checkpoint(scope, partitionId))?.sequenceNumber ?? -1;
  const held = host.settings.eventHubs.batchCheckpointFrequency > 1 ? runtime.settledUpTo(partitionId) : -1;
  return Math.max(checkpoint, held);
}
