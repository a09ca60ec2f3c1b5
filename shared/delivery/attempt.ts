import { setTimeout as sleep } from 'node:timers/promises';
import type { Chunk } from '../sessions/chunks';
import { notRecorded } from '../telemetry/batchRecording';
import { DeliveryError } from './deliveryError';
import type { Route } from './route';
import { verdictOf } from './verdict';

/** Some of the rows are at fault, or the rule is. */
export interface Refused {
  readonly kind: 'refused';
  readonly verdict: 'content' | 'timeRange' | 'unlisted';
  readonly error: DeliveryError;
}

export type Answer =
  | { readonly kind: 'accepted'; readonly bytesSent: number }
  | Refused
  /** Other trouble has ended the delivery before this chunk was settled. */
  | { readonly kind: 'stopped' };

/**
 * Sends one chunk until the service has said yes or no, or the whole delivery has ended. `fail` is told at once of trouble that
 * ends it.
 * @throws DeliveryError when the signal is aborted before there was an answer.
 */
export async function attempt(
  chunk: Chunk,
  route: Route,
  signal: AbortSignal,
  fail: (error: DeliveryError) => void,
): Promise<Answer> {
  const { gate, sender, ruleId, invocationId, recording = notRecorded } = route;
  const endIfHopeless = (error: unknown): never => {
    if (error instanceof DeliveryError && verdictOf(error) === 'configuration') fail(error);
    throw error;
  };
  let last: DeliveryError | undefined;
  for (let times = 1; ; times++) {
    try {
      const call = { ruleId, rows: chunk.rows, bytes: chunk.body.length, repeats: last };
      const send = async () => recording.call(call, async () => sender.send(chunk, ruleId, invocationId));
      // A failure is known before the place of this call goes to the next one.
      const { bytesSent } = await gate.pass(async () => send().catch(endIfHopeless), signal);
      return { kind: 'accepted', bytesSent };
    } catch (error) {
      // After other trouble nobody hears it: the first is told.
      if (!(error instanceof DeliveryError)) throw signal.aborted ? budgetSpent(route, last) : error;
      const verdict = verdictOf(error);
      if (verdict === 'configuration') return { kind: 'stopped' };
      if (verdict !== 'transient') return { kind: 'refused', verdict, error };
      last = error;
    }
    // Aborted while it sleeps: the gate says so.
    await sleep(gate.delayMs(times), undefined, { signal }).catch(() => undefined);
  }
}

/** `last` is the trouble of this chunk; without one, that of others may have kept the gate closed. */
function budgetSpent({ ruleId, gate }: Route, last = gate.closedBy): DeliveryError {
  const why = last === undefined ? 'Calls that were sent before took all of it.' : last.message;
  const message = `Rule ${ruleId} did not accept the rows in the time that one invocation has (DELIVERY_BUDGET_SECONDS). ${why}`;
  return new DeliveryError(
    last?.code ?? 'BudgetSpent',
    last?.status,
    message,
    last === undefined ? {} : { cause: last },
  );
}
