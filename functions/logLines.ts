import type { Tally } from '../shared/books';
import { DeliveryError } from '../shared/delivery/deliveryError';
import { withoutSecrets } from '../shared/secrets';
import { codeOf, codes, runbookEntry } from '../shared/telemetry/codes';
import type { TriggerBatch } from './toBatch';

/** The two lines that a batch leaves in the log, as JSON: it was settled, or it is held. Never a payload. */

export function settledLine(batch: TriggerBatch, tally: Tally): string {
  return JSON.stringify({ event: 'BatchSettled', ...placeOf(batch), ...tally });
}

/** `attempt` counts from 0; `leftOut` lines about the same trouble were not written since the last one. */
export function heldLine(batch: TriggerBatch, error: unknown, attempt: number, leftOut: number): string {
  const code = codeOf(error);
  const service = error instanceof DeliveryError ? { status: error.status, serviceCode: error.code } : {};
  const message = withoutSecrets(error instanceof Error ? error.message : String(error));
  const { at, next } = codes[code];
  return JSON.stringify({
    event: 'BatchHeld',
    ...placeOf(batch),
    messages: batch.messages.length,
    attempt,
    leftOut,
    code,
    ...service,
    message,
    at,
    next,
    runbook: runbookEntry(code),
  });
}

function placeOf({ hub, partition, oldestEnqueued }: TriggerBatch): object {
  const oldestWaitingSeconds =
    oldestEnqueued === undefined ? undefined : Math.max(0, Math.round((Date.now() - oldestEnqueued.getTime()) / 1000));
  return { hub, partition, oldestEnqueued, oldestWaitingSeconds };
}
