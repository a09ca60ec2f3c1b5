import { type Failure, failures, verdicts } from '../../shared/errors/failures';
import { answerOf } from './failuresTable';
import { paragraphs, table } from './markdown';

const kinds: Readonly<Record<Failure['kind'], string>> = {
  held: 'Log line CallFailed or BatchHeld; after 15 minutes alert held-partition. The batch is retried and only its partition waits. Nothing is lost until the retention of the hub ends.',
  books: 'Log line BooksDoNotBalance, alert books-unbalanced. The batch is settled and the checkpoint moves on.',
  deadLetter:
    'Dead letter with this reason, alert dead-letters. The record is in the dead-letter hub with its bytes; the batch continues.',
  start: 'The app does not start; FunctionAppLogs shows the message.',
  telemetry: 'Log line TelemetryTrouble. Batches are not affected.',
};

/** Situations without a code, because the app is not running to write one. */
const situations: Readonly<Record<string, Readonly<Record<'you see' | 'it means' | 'look at' | 'do', string>>>> = {
  'The worker ends again and again': {
    'you see':
      'Alert worker-starts or unread-messages. Metrics show neither held batches nor backlog, because the metrics of the partition end with the worker.',
    'it means':
      'A batch crashes the worker each time it is delivered, most likely by its memory. Only its partition waits.',
    'look at': 'FunctionAppLogs: the last lines of the worker. `npm run doctor`: which partition does not move.',
    do: '1. Give instances more memory (`instanceMemoryMB`). 2. If that does not help, run `npm run replay -- set-aside`: it moves the batch to the dead-letter hub, and the partition continues. 3. Report it with the last lines. The hub keeps the events until its retention ends.',
  },
  'A hub is not read': {
    'you see': 'Alert hub-not-read or no-heartbeat.',
    'it means':
      'Messages arrive and nobody reads them: the app does not start, its function is disabled, or it cannot reach the hub.',
    'look at': 'FunctionAppLogs: what the app prints at start. `npm run doctor -- --app NAME --resource-group GROUP`.',
    do: 'Fix what they report. Nothing is lost until the retention of the hub ends.',
  },
  'A hub was deleted and made again': {
    'you see':
      'The trigger fails with "The supplied offset is invalid", or the doctor says that a checkpoint belongs to an earlier hub.',
    'it means':
      "The host's checkpoints still belong to the deleted hub. The app skips new events until their sequence numbers are higher.",
    'look at':
      'container `azure-webjobs-eventhub` of the storage account: `<namespace>/<hub>/<consumer group>/checkpoint/<partition>`, all lower case',
    do: '1. `az functionapp stop`. 2. `az storage blob delete-batch --auth-mode login --account-name STORAGE_ACCOUNT_NAME --source azure-webjobs-eventhub --pattern "<namespace>/<hub>/<consumer group>/*"` (needs the role Storage Blob Data Contributor). 3. Create the hub, if it does not exist yet. 4. `az functionapp start`: the app starts with the oldest event of the new hub, including the events that it skipped. Rows that were already stored are stored twice, with the same EventUid.',
  },
};

/** `docs/runbook.md`, from the table of failures. */
export function runbookReference(): string {
  const entries = Object.entries<Failure>(failures).map(([code, failure]) => {
    const { kind, verdict, means, at, next } = failure;
    const answer = answerOf(failure);
    const rows: [string, string][] = [
      ['you see', kinds[kind]],
      ...(answer === undefined ? [] : [['answer of Logs Ingestion', answer] satisfies [string, string]]),
      ['it means', means],
      ...(verdict === undefined ? [] : [['the app', verdicts[verdict].next] satisfies [string, string]]),
      ['look at', at],
      ['do', next],
    ];
    return [`## ${code}`, table(['', ''], rows)].join('\n\n');
  });
  return paragraphs(
    '# Runbook',
    '<!-- Generated from shared/errors/failures.ts by "npm run generate". Do not edit. -->',
    'Find the code: `code` of a log line or span, `error.type` of a metric, `reason` of a dead letter. Symptoms without a code are [at the end](#without-a-code). What the app does by itself: [reliability.md](reliability.md). Which partitions are held, since when and why: [queries](telemetry.md#questions-and-their-queries).',
    ...entries,
    '# Without a code',
    ...Object.entries(situations).map(([title, rows]) =>
      [`## ${title}`, table(['', ''], Object.entries(rows))].join('\n\n'),
    ),
  );
}
