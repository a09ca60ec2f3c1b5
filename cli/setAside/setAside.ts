import { resolve } from 'node:path';
import type { EventHubConsumerClient } from '@azure/event-hubs';
import { HostError, readHostJson } from 'azure-emulators/host/hostJson';
import type { Environment } from '../../shared/config';
import { namespaceOf, openConsumer } from '../azure/hubClients';
import { type HubConfig, hubNamed, readHubConfig } from '../azure/partialConfig';
import { wholeNumber } from '../common/arguments';
import { failureText } from '../common/errorText';
import { exitCodes, UsageError } from '../common/exit';
import { Progress } from '../common/progressLine';
import { setIn } from '../common/settingsSource';
import { columnsOf, quoted } from '../common/terminal';
import { openWriter } from './deadLetterWriter';
import { type Range, rangeOf, type Selection } from './messageRange';
import { move } from './moveMessages';
import { openStorage } from './openStorage';
import { isOwned, Ownership, rejection } from './ownership';
import { logOf, look, messagesOf } from './partitionMessages';
import type { PartitionStorage, StoredCheckpoint } from './partitionStorage';
import { accountJson, isWell, newAccount, type SetAsideAccount } from './setAsideAccount';
import { previewText, setAsideText } from './setAsideReport';

/** The options as they were typed. */
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

interface Open {
  readonly options: SetAsideOptions;
  readonly environment: Environment;
  readonly consumer: EventHubConsumerClient;
  readonly storage: PartitionStorage;
  readonly config: HubConfig;
  readonly selection: Selection;
  readonly batchSize: number;
  readonly account: SetAsideAccount;
}

const maxSequenceNumber = 999_999_999_999_999;

/** `replay set-aside`: shows what it would do, or does it. @throws UsageError when it cannot begin. */
export async function setAside(
  options: SetAsideOptions,
  environment: Environment,
  signal: AbortSignal,
): Promise<number> {
  const selection = selectionOf(options);
  const config = readHubConfig(environment);
  const { consumerGroup, deadLetterEventHub: deadLetterHub, eventHub, eventHubNames } = config;
  const hub = hubNamed(config, options.hub);
  if (!eventHubNames.includes(hub))
    throw new UsageError(
      `--hub ${hub}: the app does not read this hub. EVENT_HUB_NAMES has ${eventHubNames.join(', ')}.`,
    );
  const { partition } = options;
  if (partition === undefined) throw new UsageError('Name the partition: --partition N, as in the log line BatchHeld.');
  const batchSize = maxBatchSize(environment);
  const namespace = namespaceOf(eventHub).replace(/:\d+$/, '');
  const storage = await openStorage(environment, { namespace, hub, group: consumerGroup, id: partition });
  // The dry run reads with $Default, so that it never displaces a reader of the app's group.
  const consumer = openConsumer(eventHub, hub, environment, options.yes ? consumerGroup : '$Default');
  const account = newAccount({ hub, partition, consumerGroup, deadLetterHub }, !options.yes);
  const open = { options, environment, consumer, storage, config, selection, batchSize, account };
  try {
    console.log(await (options.yes ? execute(open, signal) : preview(open)));
    if (options.json) console.log(accountJson(account));
    return isWell(account) ? exitCodes.well : exitCodes.wrong;
  } finally {
    await consumer.close().catch(() => undefined);
  }
}

async function preview(open: Open): Promise<string> {
  const { options, environment, consumer, storage, config, account } = open;
  const { partition } = account;
  const log = await logOf(consumer, partition);
  account.owner = await storage.owner();
  const { range } = await readRange(open, log);
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
    ...(isOwned(account.owner) ? ['--take-ownership'] : []),
  ].join(' ');
  return previewText(account, { log, range, seen, mayTake: options.takeOwnership, command }, width());
}

async function execute(open: Open, signal: AbortSignal): Promise<string> {
  const { options, environment, consumer, storage, config, account } = open;
  const log = await logOf(consumer, account.partition);
  account.owner = await storage.owner();
  if (isOwned(account.owner) && !options.takeOwnership) throw new UsageError(rejection(account.owner));
  // Check the range before taking the partition from the app.
  await readRange(open, log);
  const writer = await openWriter(config.eventHub, config.deadLetterEventHub, environment);
  const progress = new Progress();
  let isUnderway = false;
  try {
    const hold = await Ownership.take(storage, options.takeOwnership);
    try {
      const { range, checkpoint } = await readRange(open, log);
      if (account.asked > 0) {
        isUnderway = true;
        const messages = messagesOf(consumer, account.partition, range);
        const onProgress = (): void => progress.show(`${account.messages} of ${account.asked} messages set aside`);
        await move({ messages, range, writer, storage, hold, checkpoint, account, onProgress, signal });
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
  return setAsideText(account, width(), options.settings);
}

/** Returns the range after the stored checkpoint. Writes both into the account. */
async function readRange(
  { storage, selection, batchSize, account }: Open,
  log: Awaited<ReturnType<typeof logOf>>,
): Promise<{ readonly range: Range; readonly checkpoint: StoredCheckpoint | undefined }> {
  const checkpoint = await storage.checkpoint();
  account.checkpointBefore = account.checkpointAfter = checkpoint?.sequenceNumber;
  const range = rangeOf(selection, checkpoint?.sequenceNumber, log, batchSize);
  account.asked = Math.max(0, range.last - range.first + 1);
  account.expired = range.expired;
  return { range, checkpoint };
}

/** With --yes the last message must be named, so that the same command does the same when it is run again. */
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
    throw new UsageError(`--from ${from} is greater than --through ${through}: exchange them.`);
  }
  return { ...selection, count: numberOf('count', count, 1), all };
}

function numberOf(name: string, text: string | undefined, least: number): number | undefined {
  return text === undefined ? undefined : wholeNumber(name, text, least, maxSequenceNumber);
}

/** The most messages that the host passes to the app in one batch. */
function maxBatchSize(environment: Environment): number {
  try {
    return readHostJson(resolve(__dirname, '..', '..'), setIn(environment)).eventHubs.maxEventBatchSize;
  } catch (error) {
    throw error instanceof HostError ? new UsageError(error.message) : error;
  }
}

/** The width of the terminal, or of an ordinary one in a pipe. */
function width(): number {
  return Math.min(columnsOf(process.stdout), 120);
}
