import { readTransformSettings } from '../shared/config';
import type { JsonObject } from '../shared/json';
import { namespaceOf } from './azure/hubClients';
import { type HubConfig, readHubConfig } from './azure/hubConfig';
import { failureText } from './azure/hubError';
import { HubSenders } from './azure/hubSenders';
import { readArguments } from './common/arguments';
import { CheckpointFile } from './common/checkpointFile';
import { exitCodes, run, UsageError } from './common/exit';
import { Progress } from './common/progressLine';
import { type SettingsSource, settingsFrom } from './common/settingsSource';
import { stopOnSignal } from './common/stopOnSignal';
import { openDeadLetterHub } from './deadLetters/openDeadLetterHub';
import { exportBodies, exportLetters, listLines, showLines } from './replay/exportLetters';
import { timeOption } from './replay/letterFilter';
import { name, type Reading } from './replay/matchingLetters';
import { asFound, repairedLetters } from './replay/repairedLetters';
import { accountText, isWell, newAccount } from './replay/replayAccount';
import { refuseForeignOptions, type Task, taskOf } from './replay/replayTask';
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

async function main(): Promise<number> {
  const { values, positionals } = readArguments(options, usage, true);
  const task = taskOf(positionals, usage);
  refuseForeignOptions(task, Object.keys(values));
  const source = await settingsFrom(values.settings);
  if (task.name !== 'set-aside') return replay(task, values, source);
  const { hub, partition, from, through, count, all = false, yes = false, settings, json } = values;
  const { signal } = stopOnSignal();
  const takeOwnership = values['take-ownership'] ?? false;
  return setAside(
    { hub, partition, from, through, count, all, yes, takeOwnership, settings, json },
    source.environment,
    signal,
  );
}

function tell(line: string): void {
  console.error(line);
}

async function replay(task: Task, values: Values, { environment }: SettingsSource): Promise<number> {
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
  const hub =
    values.file === undefined
      ? await openDeadLetterHub(config.eventHub, config.deadLetterEventHub, environment)
      : {
          letters: asFound(
            await repairedLetters({ path: values.file, ids, settings: readTransformSettings(environment), warn: tell }),
          ),
          close: async () => undefined,
        };
  const account = newAccount();
  const reading = { letters: hub.letters, filter, account, warn: tell, signal };
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
  if (task.name !== 'show') console.log(accountText(account));
  if (values.json) console.log(JSON.stringify(account));
  return isWell(account) && missing === undefined ? exitCodes.well : exitCodes.wrong;
}

/** The one letter that was asked for by its id is not there. */
function missingText(
  task: Task,
  { body, id = [], file }: Values,
  { matched, stopped }: ReturnType<typeof newAccount>,
): string | undefined {
  if (matched > 0 || stopped) return undefined;
  const asked = task.name === 'show' ? task.id : body === true || file !== undefined ? id[0] : undefined;
  return asked === undefined ? undefined : `There is no letter ${asked}. See which there are: npm run replay -- list`;
}

async function send(
  reading: Reading,
  config: HubConfig,
  values: Values,
  environment: SettingsSource['environment'],
): Promise<void> {
  const { account, warn } = reading;
  const { eventHub, eventHubNames, deadLetterEventHub } = config;
  const isDryRun = values['dry-run'] ?? false;
  const sentIds = new Set<string>();
  const subject = `replay of ${deadLetterEventHub} in ${namespaceOf(eventHub)}`;
  const onEntry = ({ id }: JsonObject): unknown => typeof id === 'string' && sentIds.add(id);
  const path = values.checkpoint ?? 'replay-checkpoint.ndjson';
  const checkpoint = await CheckpointFile.open({ path, subject, onEntry, isReadOnly: isDryRun });
  const senders = new HubSenders(eventHub, environment);
  const progress = new Progress(process.stderr);
  try {
    await sendLetters({
      ...reading,
      hubs: new Set(eventHubNames.map((hub) => hub.toLowerCase())),
      isDryRun,
      sentIds,
      checkpoint,
      senders,
      ...(values.file === undefined
        ? {}
        : {
            onAlreadySent: (letter) =>
              warn(
                `${name(letter)}: not sent, it was sent before. If it became a dead letter again, that one has an id of its own: repair that one.`,
              ),
          }),
      onProgress: () => progress.show(`${account.sent} sent, ${account.matched} matched, ${account.read} read`),
    });
  } finally {
    progress.end();
    await Promise.all([senders.close(), checkpoint.close()]);
  }
}

void run(main);
