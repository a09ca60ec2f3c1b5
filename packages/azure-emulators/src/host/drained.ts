import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from './hostError';
import { readPartitionEnds } from './partitionEnds';
import type { FunctionRuntime } from './runtime';

const retryAfterMs = 500;

/** Resolves when checkpoints cover every event that the function's hub holds at the time of the call. */
export async function drainFunction(runtime: FunctionRuntime, signal: AbortSignal): Promise<void> {
  const open = await readUntilItWorks(runtime, signal);
  for (;;) {
    signal.throwIfAborted();
    // Start listening before reading the checkpoints, so that none is missed in between.
    const listening = new AbortController();
    const changed = once(runtime.progress, 'moved', { signal: AbortSignal.any([signal, listening.signal]) });
    changed.catch(() => {});
    for (const [partitionId, target] of open) {
      if ((await checkpointed(runtime, partitionId)) >= target) open.delete(partitionId);
    }
    if (open.size === 0) {
      listening.abort();
      return;
    }
    await changed.catch(() => {});
  }
}

async function readUntilItWorks(runtime: FunctionRuntime, signal: AbortSignal): Promise<Map<string, number>> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await readPartitionEnds(runtime);
    } catch (error) {
      runtime.log('warning', messageOf(error));
    }
    await sleep(retryAfterMs, undefined, { signal }).catch(() => {});
  }
}

async function checkpointed({ host, scope }: FunctionRuntime, partitionId: string): Promise<number> {
  return (await host.store.checkpoint(scope, partitionId))?.sequenceNumber ?? -1;
}
