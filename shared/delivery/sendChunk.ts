import { setTimeout as sleep } from 'node:timers/promises';
import { DeliveryError } from '../errors/batchErrors';
import { verdictOf } from '../errors/classify';
import type { Chunk } from '../sessions/chunks';
import { notRecorded } from './batchRecording';
import type { Route } from './route';

/** The service rejects some of the rows, or the DCR is misconfigured. */
export interface Rejected {
  readonly kind: 'rejected';
  readonly verdict: 'content' | 'timeRange' | 'unlisted';
  readonly error: DeliveryError;
}

export type ChunkResult =
  | { readonly kind: 'accepted'; readonly bytesSent: number }
  | Rejected
  /** A fatal error ended the delivery before this chunk was settled. */
  | { readonly kind: 'stopped' };

/**
 * Sends one chunk until the service accepts or rejects it, retrying transient errors. Calls `fail` at once with an error that
 * ends the whole delivery.
 * @throws DeliveryError when the signal is aborted first.
 */
export async function sendChunk(
  chunk: Chunk,
  route: Route,
  signal: AbortSignal,
  fail: (error: DeliveryError) => void,
): Promise<ChunkResult> {
  const { gate, sender, dcrId, invocationId, recording = notRecorded } = route;
  const failIfFatal = (error: unknown): never => {
    if (error instanceof DeliveryError && verdictOf(error) === 'configuration') fail(error);
    throw error;
  };
  let last: DeliveryError | undefined;
  for (let times = 1; ; times++) {
    try {
      const call = { dcrId, rows: chunk.rows.length, bytes: chunk.bytes, retries: last };
      const send = async () => recording.call(call, async () => sender.send(chunk, dcrId, invocationId));
      // A fatal error is recorded before the slot is released, so that the next queued call sees it.
      const { bytesSent } = await gate.pass(async () => send().catch(failIfFatal), signal);
      return { kind: 'accepted', bytesSent };
    } catch (error) {
      // If the delivery has failed already, its first error is the one that is thrown.
      if (!(error instanceof DeliveryError)) throw signal.aborted ? budgetSpent(route, last) : error;
      const verdict = verdictOf(error);
      if (verdict === 'configuration') return { kind: 'stopped' };
      if (verdict !== 'transient') return { kind: 'rejected', verdict, error };
      last = error;
    }
    // If the signal is aborted meanwhile, the gate throws.
    await sleep(gate.delayMs(times), undefined, { signal }).catch(() => undefined);
  }
}

/** `last` is the last error of this chunk. Without one, an error of other calls may have kept the gate closed. */
function budgetSpent({ dcrId, gate }: Route, last = gate.closedBy): DeliveryError {
  const why = last === undefined ? 'Calls that were sent before took all of it.' : last.message;
  const message = `DCR ${dcrId} did not accept the rows in the time of one invocation (DELIVERY_BUDGET_SECONDS). ${why}`;
  const options = last === undefined ? {} : { cause: last };
  return new DeliveryError(last?.code ?? 'BudgetSpent', last?.status, message, options);
}
