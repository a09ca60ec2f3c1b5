import { resolve } from 'node:path';
import type { EventHubConsumerClient } from '@azure/event-hubs';
import { HostError } from 'azure-emulators/host/checks';
import { readHostJson } from 'azure-emulators/host/hostJson';
import type { Environment } from '../../shared/config';
import { namespaceOf, openConsumer } from '../azure/hubClients';
import { type HubConfig, readHubConfig } from '../azure/hubConfig';
import { failureText } from '../azure/hubError';
import { wholeNumber } from '../common/arguments';
import { exitCodes, UsageError } from '../common/exit';
import { Progress } from '../common/progressLine';
import { columnsOf, quoted } from '../common/terminal';
import { openWriter } from './deadLetterWriter';
import { rangeOf, type Selection } from './messageRange';
import { move } from './moveMessages';
import { openStorage } from './openStorage';
import { Hold, isAlive, refusal } from './ownership';
import { logOf, look, messagesOf } from './partitionMessages';
import type { PartitionStorage } from './partitionStorage';
import { type Account, accountJson, accountText, isWell, newAccount, previewText } from './setAsideAccount';

/** The command's options as they were typed. */
export interface SetAsideOptions {
  readonly hub?: string | undefined;
  readonly partition?: string | undefined;
  readonly from?: string | undefined;
  readonly through?: string | undefined;
  readonly count?: string | undefined;
  readonly all: boolean;
  readonly yes: boolean;
  readonly takeOwnership: boolean;
  readonly json: boolean;
  /** The file that the settings are from. */
  readonly settings?: string | undefined;
}

/** Everything that has to be open. */
interface Means {
  readonly consumer: EventHubConsumerClient;
  readonly storage: PartitionStorage;
  readonly config: HubConfig;
  readonly selection: Selection;
  readonly batchSize: number;
  readonly account: Account;
}

const mostSequenceNumber = 999_999_999_999_999;

/** `replay set-aside`: shows what it would do, or does it. @throws UsageError when it cannot begin. */
export async function setAside(
  options: SetAsideOptions,
  environment: Environment,
  signal: AbortSignal,
): Promise<number> {
  const selection = selectionOf(options);
  const config = readHubConfig(environment);
  const hub = hubOf(config, options.hub);
  const { partition } = options;
  if (partition === undefined) throw new UsageError('Name the partition: --partition N, as in the log line BatchHeld.');
  const { consumerGroup, deadLetterEventHub: deadLetterHub, eventHub } = config;
  const batchSize = maxBatchSize(environment);
  const storage = await openStorage(environment, {
    namespace: namespaceOf(eventHub).replace(/:\d+$/, ''),
    hub,
    group: consumerGroup,
    id: partition,
  });
  // A person who looks reads without a group of the app's, and never takes a reader away.
  const consumer = await openConsumer(eventHub, hub, environment, options.yes ? consumerGroup : '$Default');
  const account = newAccount({ hub, partition, consumerGroup, deadLetterHub }, !options.yes);
  try {
    const means = { consumer, storage, config, selection, batchSize, account };
    const text = options.yes
      ? await execute(means, options, environment, signal)
      : await preview(means, options, environment);
    console.log(text);
    if (options.json) console.log(accountJson(account));
    return isWell(account) ? exitCodes.well : exitCodes.wrong;
  } finally {
    await consumer.close().catch(() => undefined);
  }
}

async function preview(
  { consumer, storage, config, selection, batchSize, account }: Means,
  options: SetAsideOptions,
  environment: Environment,
): Promise<string> {
  const { partition } = account;
  const log = await logOf(consumer, partition);
  const checkpoint = await storage.checkpoint();
  account.owner = await storage.owner();
  account.checkpointBefore = account.checkpointAfter = checkpoint?.sequenceNumber;
  const range = rangeOf(selection, checkpoint?.sequenceNumber, log, batchSize);
  account.asked = Math.max(0, range.last - range.first + 1);
  account.expired = range.expired;
  if (account.asked > 0) {
    account.firstSequenceNumber = range.first;
    account.lastSequenceNumber = range.last;
  }
  const writer = await openWriter(config.eventHub, config.deadLetterEventHub, environment);
  await writer.close();
  const seen = await look(consumer, partition, range);
  const command = [
    'npm run replay -- set-aside',
    ...(options.settings === undefined ? [] : [`--settings ${quoted(options.settings)}`]),
    ...(config.eventHubNames.length > 1 ? [`--hub ${account.hub}`] : []),
    `--partition ${partition} --from ${range.first} --through ${range.last} --yes`,
    ...(isAlive(account.owner) ? ['--take-ownership'] : []),
  ].join(' ');
  return previewText(account, { log, range, seen, mayTake: options.takeOwnership, command }, width());
}

async function execute(
  { consumer, storage, config, selection, batchSize, account }: Means,
  options: SetAsideOptions,
  environment: Environment,
  signal: AbortSignal,
): Promise<string> {
  const { partition } = account;
  const log = await logOf(consumer, partition);
  account.owner = await storage.owner();
  if (isAlive(account.owner) && !options.takeOwnership) throw new UsageError(refusal(account.owner));
  // What can be refused is refused before the partition is taken from anybody.
  rangeOf(selection, (await storage.checkpoint())?.sequenceNumber, log, batchSize);
  const writer = await openWriter(config.eventHub, config.deadLetterEventHub, environment);
  const progress = new Progress(process.stderr);
  let isUnderway = false;
  try {
    const hold = await Hold.take(storage, options.takeOwnership);
    try {
      const checkpoint = await storage.checkpoint();
      account.checkpointBefore = account.checkpointAfter = checkpoint?.sequenceNumber;
      const range = rangeOf(selection, checkpoint?.sequenceNumber, log, batchSize);
      account.asked = Math.max(0, range.last - range.first + 1);
      account.expired = range.expired;
      if (account.asked > 0) {
        isUnderway = true;
        await move({
          messages: messagesOf(consumer, partition, range),
          range,
          writer,
          storage,
          hold,
          checkpoint,
          account,
          onProgress: () => progress.show(`${account.messages} of ${account.asked} messages set aside`),
          signal,
        });
      }
    } finally {
      await hold.release();
    }
  } catch (error) {
    if (error instanceof UsageError && !isUnderway) throw error;
    account.stopped = true;
    console.error(error instanceof UsageError ? error.message : failureText(error));
  } finally {
    progress.end();
    await writer.close();
  }
  return accountText(account, width(), options.settings);
}

/** Names the messages; with --yes to the last one, so that the same command does the same when it is run again. */
function selectionOf({ from, through, count, all, yes }: SetAsideOptions): Selection {
  if ([through, count, all ? '' : undefined].filter((one) => one !== undefined).length > 1) {
    throw new UsageError('--through, --count and --all: choose one.');
  }
  if (yes && through === undefined) {
    throw new UsageError(
      '--yes needs --through. Run it without --yes first: it shows what it would do, and the command that does it.',
    );
  }
  const selection = { from: numberOf('from', from, 0), through: numberOf('through', through, 0) };
  if (selection.from !== undefined && selection.through !== undefined && selection.from > selection.through) {
    throw new UsageError(`--from ${from} stands behind --through ${through}: exchange them.`);
  }
  return { ...selection, count: numberOf('count', count, 1), all };
}

function numberOf(name: string, text: string | undefined, least: number): number | undefined {
  return text === undefined ? undefined : wholeNumber(name, text, least, mostSequenceNumber);
}

function hubOf({ eventHubNames }: HubConfig, name: string | undefined): string {
  const [only = '', ...others] = eventHubNames;
  const known = eventHubNames.join(', ');
  if (name === undefined) {
    if (others.length === 0) return only;
    throw new UsageError(`EVENT_HUB_NAMES has several hubs (${known}): name one with --hub.`);
  }
  const found = eventHubNames.find((one) => one.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError(`--hub ${name}: the app does not read this hub. EVENT_HUB_NAMES has ${known}.`);
}

/** The most messages that the host gives the app at a time. */
function maxBatchSize(environment: Environment): number {
  const set = Object.entries(environment).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  try {
    return readHostJson(resolve(__dirname, '..', '..'), Object.fromEntries(set)).eventHubs.maxEventBatchSize;
  } catch (error) {
    if (error instanceof HostError) throw new UsageError(error.message);
    throw error;
  }
}

/** As wide as the terminal; in a pipe as an ordinary one. */
function width(): number {
  return Math.min(columnsOf(process.stdout), 120);
}
