import { type Environment, readTransformSettings } from '../shared/config';
import type { JsonObject } from '../shared/json';
import { namespaceOf } from './azure/hubClients';
import { HubSenders } from './azure/hubSenders';
import { type HubConfig, readHubConfig } from './azure/partialConfig';
import { readArguments } from './common/arguments';
import { CheckpointFile } from './common/checkpointFile';
import { failureText } from './common/errorText';
import { exitCodes, run, UsageError } from './common/exit';
import { Progress } from './common/progressLine';
import { settingsFrom } from './common/settingsSource';
import { stopOnSignal } from './common/stopOnSignal';
import { openDeadLetterHub } from './deadLetters/openDeadLetterHub';
import { exportBodies, exportLetters, listLines, showLines } from './replay/exportLetters';
import { timeOption } from './replay/letterFilter';
import { name, type Reading } from './replay/matchingLetters';
import { asFound, repairedLetters } from './replay/repairedLetters';
import { isWell, newAccount, type ReplayAccount, replayText } from './replay/replayAccount';
import { rejectForeignOptions, type Task, taskOf } from './replay/replayTask';
import { usage } from './replay/replayUsage';
import { sendLetters } from './replay/sendLetters';
import { setAside } from './setAside/setAside';

const options = {
  reason: { type: 'string', multiple: true },
  table: { type: 'string', multiple: true },
  id: { type: 'string', multiple: true },
  since: { type: 'string' },
  until: { type: 'string' },
  body: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  file: { type: 'string' },
  checkpoint: { type: 'string' },
  hub: { type: 'string' },
  partition: { type: 'string' },
  from: { type: 'string' },
  through: { type: 'string' },
  count: { type: 'string' },
  all: { type: 'boolean' },
  yes: { type: 'boolean' },
  'take-ownership': { type: 'boolean' },
  settings: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof readArguments<typeof options>>['values'];

const warn = (line: string): void => console.error(line);

async function main(): Promise<number> {
  const { values, positionals } = readArguments(options, usage, true);
  const task = taskOf(positionals, usage);
  rejectForeignOptions(task, Object.keys(values));
  const { environment } = await settingsFrom(values.settings);
  if (task.name !== 'set-aside') return replay(task, values, environment);
  const { all = false, yes = false, 'take-ownership': takeOwnership = false } = values;
  return setAside({ ...values, all, yes, takeOwnership }, environment, stopOnSignal().signal);
}

async function replay(task: Task, values: Values, environment: Environment): Promise<number> {
  const ids = values.id ?? [];
  if (values.body === true && ids.length !== 1) throw new UsageError('--body: name the one letter, --id ID.');
  const filter = {
    reasons: values.reason ?? [],
    tables: values.table ?? [],
    ids: new Set(task.name === 'show' ? [task.id] : ids),
    since: timeOption('since', values.since),
    until: timeOption('until', values.until),
  };
  const config = readHubConfig(environment);
  const { signal } = stopOnSignal();
  const hub = await openLetters(config, values, environment);
  const account = newAccount();
  const reading = { letters: hub.letters, filter, account, warn, signal };
  try {
    if (task.name === 'list') for await (const line of listLines(reading)) console.log(line);
    else if (task.name === 'show') for await (const line of showLines(reading)) console.log(line);
    else if (task.name === 'export') await (values.body === true ? exportBodies : exportLetters)(task.file, reading);
    else await send(reading, config, values, environment);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    account.stopped = true;
    console.error(failureText(error));
  } finally {
    await hub.close();
  }
  const missing = missingText(task, values, account);
  if (missing !== undefined) console.error(missing);
  if (task.name !== 'show') console.log(replayText(account));
  if (values.json) console.log(JSON.stringify(account));
  return isWell(account) && missing === undefined ? exitCodes.well : exitCodes.wrong;
}

/** The letters of the dead-letter hub, or those of --file. */
async function openLetters(
  { eventHub, deadLetterEventHub }: HubConfig,
  { file, id = [] }: Values,
  environment: Environment,
): ReturnType<typeof openDeadLetterHub> {
  if (file === undefined) return openDeadLetterHub(eventHub, deadLetterEventHub, environment);
  const letters = await repairedLetters({ path: file, ids: id, settings: readTransformSettings(environment), warn });
  return { letters: asFound(letters), close: async () => undefined };
}

/** Says that there is no letter with the given id, and how to list all letters. */
function missingText(
  task: Task,
  { body, id = [], file }: Values,
  { matched, stopped }: ReplayAccount,
): string | undefined {
  if (matched > 0 || stopped) return undefined;
  const asked = task.name === 'show' ? task.id : body === true || file !== undefined ? id[0] : undefined;
  return asked === undefined ? undefined : `There is no letter ${asked}. To see all letters: npm run replay -- list`;
}

async function send(reading: Reading, config: HubConfig, values: Values, environment: Environment): Promise<void> {
  const { account } = reading;
  const { eventHub, eventHubNames, deadLetterEventHub } = config;
  const isDryRun = values['dry-run'] ?? false;
  const sentIds = new Set<string>();
  const checkpoint = await CheckpointFile.open({
    path: values.checkpoint ?? 'replay-checkpoint.ndjson',
    subject: `replay of ${deadLetterEventHub} in ${namespaceOf(eventHub)}`,
    onEntry: ({ id }: JsonObject) => typeof id === 'string' && sentIds.add(id),
    isReadOnly: isDryRun,
  });
  const senders = new HubSenders(eventHub, environment);
  const progress = new Progress();
  try {
    await sendLetters({
      ...reading,
      hubs: new Set(eventHubNames.map((hub) => hub.toLowerCase())),
      isDryRun,
      sentIds,
      checkpoint,
      senders,
      onAlreadySent: (letter) => {
        if (values.file === undefined) return;
        warn(
          `${name(letter)}: not sent, it was sent before. If it became a dead letter again, that letter has an id of its own: repair that one.`,
        );
      },
      onProgress: () => progress.show(`${account.sent} sent, ${account.matched} matched, ${account.read} read`),
    });
  } finally {
    progress.end();
    await Promise.all([senders.close(), checkpoint.close()]);
  }
}

void run(main);
