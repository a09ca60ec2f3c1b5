import type { Batch } from '../shared/batch';
import { accountedFor, type Tally } from '../shared/books';
import { DeliveryError } from '../shared/errors/batchErrors';
import { codeOf, runbookEntry, verdictOf } from '../shared/errors/classify';
import { failures, verdicts } from '../shared/errors/failures';
import { messageOf } from '../shared/errors/messageOf';
import { withoutSecrets } from '../shared/secrets';

/** The log lines of a batch, as JSON: a call failed, the batch is settled, or it is held. Never a payload. */

export function settledLine(batch: Batch, tally: Tally): string {
  return JSON.stringify({ event: 'BatchSettled', ...partitionOf(batch), ...tally });
}

/** Follows the line of a batch whose books do not balance. */
export function unbalancedLine(batch: Batch, tally: Tally): string {
  const code = 'BooksDoNotBalance';
  const { received, skipped, dropped, deadLettered, skippedByTable, droppedByRule, deadLetteredByReason } = tally;
  const sums = { skipped, skippedByTable, dropped, droppedByRule, deadLettered, deadLetteredByReason };
  const sequenceNumbers = [batch.messages.at(0), batch.messages.at(-1)].map((message) => message?.sequenceNumber);
  const { at, next } = failures[code];
  return JSON.stringify({
    event: code,
    ...partitionOf(batch),
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

/** A drop rule that took too long for several records, and is not asked any more. */
export function ruleOffLine(rule: string, milliseconds: number): string {
  const next =
    'The process sends what this rule would drop. Make its expression simpler (docs/rules.md), or remove the rule, and restart the app.';
  return JSON.stringify({ event: 'RuleSwitchedOff', rule, milliseconds: Math.round(milliseconds), next });
}

/** The first failed call of an attempt, and what the app does next. `leftOut` equal lines were left out before it. */
export function callFailedLine(batch: Batch, error: unknown, attempt: number, leftOut: number): string {
  const { next } = verdicts[error instanceof DeliveryError ? verdictOf(error) : 'configuration'];
  return JSON.stringify({ event: 'CallFailed', ...errorOf(batch, error, attempt, leftOut), next });
}

/** `attempt` counts from 0. `leftOut` equal lines were left out before this one. */
export function heldLine(batch: Batch, error: unknown, attempt: number, leftOut: number): string {
  const code = codeOf(error);
  const { at, next } = failures[code];
  const runbook = runbookEntry(code);
  return JSON.stringify({ event: 'BatchHeld', ...errorOf(batch, error, attempt, leftOut), at, next, runbook });
}

function errorOf(batch: Batch, error: unknown, attempt: number, leftOut: number) {
  const service = error instanceof DeliveryError ? { status: error.status, serviceCode: error.code } : {};
  const message = withoutSecrets(messageOf(error));
  const { length } = batch.messages;
  return { ...partitionOf(batch), messages: length, attempt, leftOut, code: codeOf(error), ...service, message };
}

function partitionOf({ hub, partition, messages }: Batch): object {
  const oldestEnqueued = messages[0]?.enqueued;
  const oldestWaitingSeconds =
    oldestEnqueued === undefined ? undefined : Math.max(0, Math.round((Date.now() - oldestEnqueued.getTime()) / 1000));
  return { hub, partition, oldestEnqueued, oldestWaitingSeconds };
}
