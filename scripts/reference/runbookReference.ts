import { type CodeEntry, codes } from '../../shared/telemetry/codes';
import { paragraphs, table } from './markdown';

const kinds: Readonly<Record<CodeEntry['kind'], string>> = {
  held: 'A batch is held: only its partition waits, and nothing is lost before the retention of the hub ends.',
  books: 'A batch is settled and the checkpoint moves on, but its books do not balance.',
  deadLetter: 'A record is set aside in the dead-letter hub, with its bytes; the batch goes on.',
  start: 'The app does not start.',
  telemetry: 'Telemetry itself; batches are not touched by it.',
};

/** What no code tells, because the app is not there to write one. */
const situations: Readonly<Record<string, Readonly<Record<'seen when' | 'means' | 'look at' | 'do', string>>>> = {
  'The worker ends again and again': {
    'seen when':
      'Alert worker-starts or unread-messages. Held batches and backlog are not told: the metrics of the partition end with the worker.',
    means: 'A batch ends the worker each time it is given, most likely by its memory; only its partition waits.',
    'look at': 'FunctionAppLogs: the last words of the worker; `npm run doctor`: which partition does not move',
    do: 'Give instances more memory (`instanceMemoryMB`), and report it with the last words. If that does not help, `npm run replay -- set-aside` moves the batch to the dead-letter hub and the partition goes on. The hub keeps the events until its retention ends.',
  },
  'A hub is not read': {
    'seen when': 'Alert hub-not-read or no-heartbeat.',
    means:
      'Messages come in and nobody reads them: the app does not start, its function is disabled, or it does not reach the hub.',
    'look at':
      'FunctionAppLogs: what the app prints when it starts; `npm run doctor -- --app NAME --resource-group GROUP`',
    do: 'Correct what they say. Nothing is lost before the retention of the hub ends.',
  },
  'A hub was deleted and made again': {
    'seen when':
      'The trigger fails with "The supplied offset is invalid", or the doctor says that a checkpoint belongs to an earlier hub.',
    means:
      'The checkpoints in the storage of the host count the events of the hub that is gone. New events are passed over until their numbers are higher.',
    'look at':
      'container `azure-webjobs-eventhub` of the storage account: `<namespace>/<hub>/<consumer group>/checkpoint/<partition>`, all in lower case',
    do: '1. `az functionapp stop`. 2. `az storage blob delete-batch --auth-mode login --account-name STORAGE_ACCOUNT_NAME --source azure-webjobs-eventhub --pattern "<namespace>/<hub>/<consumer group>/*"`, which needs the role Storage Blob Data Owner. 3. Make the hub, if it is not there yet. 4. `az functionapp start`: the app begins with the oldest event of the new hub. What was passed over before is still in the hub and comes now; rows that were stored already come twice, with the same EventUid.',
  },
};

/** `docs/runbook.md`, from the table of codes. */
export function runbookReference(): string {
  const entries = Object.entries<CodeEntry>(codes).map(([code, { kind, means, at, next }]) =>
    [
      `## ${code}`,
      table(
        ['', ''],
        [
          ['seen when', kinds[kind]],
          ['means', means],
          ['look at', at],
          ['do', next],
        ],
      ),
    ].join('\n\n'),
  );
  return paragraphs(
    '# Runbook',
    '<!-- Generated from shared/telemetry/codes.ts by "npm run generate". Do not edit. -->',
    'One entry for each code that the app writes: `code` of a log line or span, `error.type` of a metric, `reason` of a dead letter. What the app does by itself in each situation: [reliability.md](reliability.md).',
    ...entries,
    '# Without a code',
    ...Object.entries(situations).map(([title, rows]) =>
      [`## ${title}`, table(['', ''], Object.entries(rows))].join('\n\n'),
    ),
  );
}
