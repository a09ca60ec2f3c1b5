import { type Failure, failures, verdicts } from '../../shared/errors/failures';
import { answerOf } from './failures';
import { paragraphs, table } from './markdown';

const kinds: Readonly<Record<Failure['kind'], string>> = {
  held: 'A batch is held: only its partition waits, and nothing is lost before the retention of the hub ends.',
  books: 'A batch is settled and the checkpoint moves on, but its books do not balance.',
  deadLetter: 'A record is in the dead-letter hub, with its bytes; the batch continues.',
  start: 'The app does not start.',
  telemetry: 'Telemetry itself fails; batches are not affected.',
};

/** Without a code, because the app does not run and cannot write one. */
const situations: Readonly<Record<string, Readonly<Record<'seen when' | 'means' | 'look at' | 'do', string>>>> = {
  'The worker ends again and again': {
    'seen when':
      'Alert worker-starts or unread-messages. Held batches and backlog are not reported: the metrics of the partition end with the worker.',
    means:
      'A batch ends the worker each time it is delivered, most likely because it runs out of memory; only its partition waits.',
    'look at': 'FunctionAppLogs: the last lines of the worker; `npm run doctor`: which partition does not move',
    do: 'Give instances more memory (`instanceMemoryMB`), and report it with the last lines. If that does not help, `npm run replay -- set-aside` moves the batch to the dead-letter hub and the partition continues. The hub keeps the events until its retention ends.',
  },
  'A hub is not read': {
    'seen when': 'Alert hub-not-read or no-heartbeat.',
    means:
      'Messages arrive and are not read: the app does not start, its function is disabled, or it does not reach the hub.',
    'look at':
      'FunctionAppLogs: what the app prints when it starts; `npm run doctor -- --app NAME --resource-group GROUP`',
    do: 'Correct what they name. Nothing is lost before the retention of the hub ends.',
  },
  'A hub was deleted and made again': {
    'seen when':
      'The trigger fails with "The supplied offset is invalid", or the doctor says that a checkpoint belongs to an earlier hub.',
    means:
      'The checkpoints in the storage of the host have sequence numbers of the deleted hub. New events are skipped until their numbers are higher.',
    'look at':
      'container `azure-webjobs-eventhub` of the storage account: `<namespace>/<hub>/<consumer group>/checkpoint/<partition>`, all in lower case',
    do: '1. `az functionapp stop`. 2. `az storage blob delete-batch --auth-mode login --account-name STORAGE_ACCOUNT_NAME --source azure-webjobs-eventhub --pattern "<namespace>/<hub>/<consumer group>/*"`, which needs the role Storage Blob Data Owner. 3. Make the hub, if it is not there yet. 4. `az functionapp start`: the app begins with the oldest event of the new hub. What was skipped before is still in the hub and is read now; rows that were stored already are stored twice, with the same EventUid.',
  },
};

/** `docs/runbook.md`, from the table of failures. */
export function runbookReference(): string {
  const entries = Object.entries<Failure>(failures).map(([code, failure]) => {
    const { kind, verdict, means, at, next } = failure;
    const answer = answerOf(failure);
    const rows: [string, string][] = [
      ['seen when', kinds[kind]],
      ...(answer === undefined ? [] : [['answer of Logs Ingestion', answer] satisfies [string, string]]),
      ['means', means],
      ...(verdict === undefined ? [] : [['the app', verdicts[verdict].next] satisfies [string, string]]),
      ['look at', at],
      ['do', next],
    ];
    return [`## ${code}`, table(['', ''], rows)].join('\n\n');
  });
  return paragraphs(
    '# Runbook',
    '<!-- Generated from shared/errors/failures.ts by "npm run generate". Do not edit. -->',
    'One entry for each code that the app writes: `code` of a log line or span, `error.type` of a metric, `reason` of a dead letter. What the app does by itself in each situation: [reliability.md](reliability.md).',
    ...entries,
    '# Without a code',
    ...Object.entries(situations).map(([title, rows]) =>
      [`## ${title}`, table(['', ''], Object.entries(rows))].join('\n\n'),
    ),
  );
}
