import type { JsonObject } from '../shared/json';
import { readArguments } from './arguments';
import { namespaceOf } from './azure/hubClients';
import { type HubConfig, readHubConfig } from './azure/hubConfig';
import { failureText } from './azure/hubError';
import { HubSenders } from './azure/hubSenders';
import { CheckpointFile } from './checkpointFile';
import { openDeadLetterHub } from './deadLetters/deadLetterHub';
import { exitCodes, run, UsageError } from './exit';
import { accountText, isWell, newAccount } from './replay/account';
import { timeOption } from './replay/filter';
import type { Reading } from './replay/matching';
import { sendLetters } from './replay/send';
import { taskOf } from './replay/task';
import { exportLetters, listLines, showLines } from './replay/writeOut';
import { Progress } from './start/progress';
import { stopOnSignal } from './start/stop';

const usage = `Usage: npm run replay -- list|show ID|export FILE|send [options]
  list         one line for each dead letter
  show ID      everything about one, with its body
  export FILE  all of it to a new file, one JSON a line
  send         each one back to the hub it came from, once
  --reason R   only letters with this reason, for instance BadTimestamp; may be repeated
  --table T    only letters of this table; may be repeated
  --id ID      only this letter; may be repeated
  --since TIME, --until TIME   only letters set aside from the one time on, before the other; UTC unless it names a zone
  --dry-run    with send: send nothing, count what would be sent
  --checkpoint FILE   with send: where it is kept what was sent (default replay-checkpoint.ndjson)
  --json       make the last line of standard output the account as one JSON object
Settings are the app's: EventHub (connection string) or EventHub__fullyQualifiedNamespace (identity), EVENT_HUB_NAMES,
DEAD_LETTER_EVENT_HUB. Exit codes: 0 all well; 1 something was left out or went wrong; 2 could not start.`;

async function main(): Promise<number> {
  const { values, positionals } = readArguments(
    {
      reason: { type: 'string', multiple: true, default: [] },
      table: { type: 'string', multiple: true, default: [] },
      id: { type: 'string', multiple: true, default: [] },
      since: { type: 'string' },
      until: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      checkpoint: { type: 'string', default: 'replay-checkpoint.ndjson' },
      json: { type: 'boolean', default: false },
    },
    usage,
    true,
  );
  const task = taskOf(positionals, usage);
  const filter = {
    reasons: values.reason,
    tables: values.table,
    ids: new Set(task.name === 'show' ? [task.id] : values.id),
    since: timeOption('since', values.since),
    until: timeOption('until', values.until),
  };
  const config = readHubConfig(process.env);
  const { signal } = stopOnSignal();
  const hub = await openDeadLetterHub(config.eventHub, config.deadLetterEventHub, process.env);
  const account = newAccount();
  const reading = { letters: hub.letters, filter, account, warn: (line: string) => console.error(line), signal };
  try {
    if (task.name === 'list') for await (const line of listLines(reading)) console.log(line);
    else if (task.name === 'show') for await (const line of showLines(reading)) console.log(line);
    else if (task.name === 'export') await exportLetters(task.file, reading);
    else await send(reading, config, values['dry-run'], values.checkpoint);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    account.stopped = true;
    console.error(failureText(error));
  } finally {
    await hub.close();
  }
  const isMissing = task.name === 'show' && account.matched === 0 && !account.stopped;
  if (isMissing) console.error(`There is no letter ${task.id}. See which there are: npm run replay -- list`);
  if (task.name !== 'show') console.log(accountText(account));
  if (values.json) console.log(JSON.stringify(account));
  return isWell(account) && !isMissing ? exitCodes.well : exitCodes.wrong;
}

async function send(reading: Reading, config: HubConfig, isDryRun: boolean, path: string): Promise<void> {
  const { account } = reading;
  const { eventHub, eventHubNames, deadLetterEventHub } = config;
  const sentIds = new Set<string>();
  const subject = `replay of ${deadLetterEventHub} in ${namespaceOf(eventHub)}`;
  const onEntry = ({ id }: JsonObject): unknown => typeof id === 'string' && sentIds.add(id);
  const checkpoint = await CheckpointFile.open({ path, subject, onEntry, isReadOnly: isDryRun });
  const senders = new HubSenders(eventHub, process.env);
  const progress = new Progress(process.stderr);
  try {
    await sendLetters({
      ...reading,
      hubs: new Set(eventHubNames.map((name) => name.toLowerCase())),
      isDryRun,
      sentIds,
      checkpoint,
      senders,
      onProgress: () => progress.show(`${account.sent} sent, ${account.matched} matched, ${account.read} read`),
    });
  } finally {
    progress.end();
    await Promise.all([senders.close(), checkpoint.close()]);
  }
}

void run(main);
