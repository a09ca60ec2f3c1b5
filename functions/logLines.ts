import type { Tally } from '../shared/books';
import { DeliveryError } from '../shared/delivery/deliveryError';
import type { TriggerBatch } from './toBatch';

/** The two lines that a batch leaves in the log, as JSON: it was settled, or it is held. Never a payload. */

export function settledLine(batch: TriggerBatch, tally: Tally): string {
  return JSON.stringify({ event: 'BatchSettled', ...placeOf(batch), ...tally });
}

/** `attempt` counts from 0. */
export function heldLine(batch: TriggerBatch, error: unknown, attempt: number): string {
  const known =
    error instanceof DeliveryError ? { code: error.code, status: error.status } : { code: 'DeliveryFailed' };
  const message = error instanceof Error ? error.message : String(error);
  return JSON.stringify({
    event: 'BatchHeld',
    ...placeOf(batch),
    messages: batch.messages.length,
    attempt,
    ...known,
    message,
  });
}

function placeOf({ hub, partition, oldestEnqueued }: TriggerBatch): object {
  const oldestWaitingSeconds =
    oldestEnqueued === undefined ? undefined : Math.max(0, Math.round((Date.now() - oldestEnqueued.getTime()) / 1000));
  return { hub, partition, oldestEnqueued, oldestWaitingSeconds };
}
