import { accountedFor, type Tally } from '../shared/books';
import { DeliveryError } from '../shared/delivery/deliveryError';
import { type Verdict, verdictOf } from '../shared/delivery/verdict';
import { withoutSecrets } from '../shared/secrets';
import { codeOf, codes, runbookEntry } from '../shared/telemetry/codes';
import type { TriggerBatch } from './toBatch';

/** The lines that a batch leaves in the log, as JSON: a call failed, it was settled, or it is held. Never a payload. */

export function settledLine(batch: TriggerBatch, tally: Tally): string {
  return JSON.stringify({ event: 'BatchSettled', ...placeOf(batch), ...tally });
}

/** After the line of a batch whose books do not balance. */
export function unbalancedLine(batch: TriggerBatch, tally: Tally): string {
  const code = 'BooksDoNotBalance';
  const { received, skipped, dropped, deadLettered, skippedByTable, droppedByRule, deadLetteredByReason } = tally;
  const sums = { skipped, skippedByTable, dropped, droppedByRule, deadLettered, deadLetteredByReason };
  const sequenceNumbers = [batch.messages.at(0), batch.messages.at(-1)].map((message) => message?.sequenceNumber);
  const { at, next } = codes[code];
  return JSON.stringify({
    event: code,
    ...placeOf(batch),
    code,
    sequenceNumbers,
    received,
    accountedFor: accountedFor(tally),
    ...sums,
    at,
    next,
    runbook: runbookEntry(code),
  });
}

/** What the app does after a call has failed. */
const nextByVerdict: Readonly<Record<Verdict, string>> = {
  transient: 'The call is repeated until it succeeds or DELIVERY_BUDGET_SECONDS are over; then the batch is held.',
  configuration: 'The batch is held, and comes again in 5 seconds to 5 minutes.',
  content: 'The rows at fault are looked for and set aside; if there are too many, the batch is held.',
  timeRange: 'The rows are sent in groups of 30 minutes.',
  unlisted: 'The rows at fault are looked for and set aside; if no row is accepted, the batch is held.',
};

/** The first failed call of an attempt: what comes of it may take all of its time. */
export function callFailedLine(batch: TriggerBatch, error: unknown, attempt: number, leftOut: number): string {
  const next = error instanceof DeliveryError ? nextByVerdict[verdictOf(error)] : nextByVerdict.configuration;
  return JSON.stringify({ event: 'CallFailed', ...troubleOf(batch, error, attempt, leftOut), next });
}

/** `attempt` counts from 0; `leftOut` lines about the same trouble were not written since the last one. */
export function heldLine(batch: TriggerBatch, error: unknown, attempt: number, leftOut: number): string {
  const { at, next } = codes[codeOf(error)];
  const trouble = troubleOf(batch, error, attempt, leftOut);
  return JSON.stringify({ event: 'BatchHeld', ...trouble, at, next, runbook: runbookEntry(trouble.code) });
}

function troubleOf(batch: TriggerBatch, error: unknown, attempt: number, leftOut: number) {
  const service = error instanceof DeliveryError ? { status: error.status, serviceCode: error.code } : {};
  const message = withoutSecrets(error instanceof Error ? error.message : String(error));
  const { length } = batch.messages;
  return { ...placeOf(batch), messages: length, attempt, leftOut, code: codeOf(error), ...service, message };
}

function placeOf({ hub, partition, oldestEnqueued }: TriggerBatch): object {
  const oldestWaitingSeconds =
    oldestEnqueued === undefined ? undefined : Math.max(0, Math.round((Date.now() - oldestEnqueued.getTime()) / 1000));
  return { hub, partition, oldestEnqueued, oldestWaitingSeconds };
}
