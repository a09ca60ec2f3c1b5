import { resolve } from 'node:path';
import { settings } from '../shared/appSettings';
import type { Environment } from '../shared/config';
import type { JsonObject } from '../shared/json';
import { namespaceOf } from './azure/hubClients';
import { HubSenders } from './azure/hubSenders';
import { hubNamed, readHubConfig } from './azure/partialConfig';
import type { ArchiveFile } from './backfill/archiveFile';
import { backfillText, isWell, newAccount } from './backfill/backfillAccount';
import { blobArchive, blobPlace } from './backfill/blobArchive';
import { folderArchive } from './backfill/folderArchive';
import { publishArchive } from './backfill/publishArchive';
import { PublishedFiles } from './backfill/publishedFiles';
import { Rate } from './backfill/rateLimit';
import { inputArguments, readArguments, wholeNumber } from './common/arguments';
import { CheckpointFile } from './common/checkpointFile';
import { failureText } from './common/errorText';
import { exitCodes, run, UsageError } from './common/exit';
import { megabytes } from './common/numberText';
import { Progress } from './common/progressLine';
import { settingsFrom } from './common/settingsSource';
import { stopOnSignal } from './common/stopOnSignal';
import { inputOptions } from './input/inputOptions';

const usage = `Usage: npm run backfill -- FOLDER|FILE|URL [options]
  Publishes what the streaming API archived in a storage account into the hub
  that the app reads. URL is
  https://account.blob.core.windows.net/container[/prefix]. Files end in .json,
  .ndjson, .jsonl, .log or .csv, with or without .gz; a single file that you
  name, or - for standard input, may have any name. A file may hold whatever
  npm run map reads.
  --hub NAME                  the hub to publish to (default: the one of
                              EVENT_HUB_NAMES)
  --table T                   table to assume for records without a table name
  --dates ORDER               day-first or month-first: what 05/12/2026 means in
                              a CSV export
  --megabytes-per-second N    (default 0.5: half of what one throughput unit
                              takes)
  --records-per-second N      (default: no limit)
  --checkpoint FILE           where the command notes what it has published, to
                              continue from there (default
                              backfill-checkpoint.ndjson)
  --dry-run                   publish nothing, count what would be published;
                              needs no settings
  --settings FILE             the settings of a local.settings.json (default:
                              the environment)
  --json                      print the account as one JSON object in the last
                              line of standard output
It needs the app's settings EventHub (connection string) or
EventHub__fullyQualifiedNamespace (identity), and EVENT_HUB_NAMES.
Exit codes: 0 everything is published; 1 something was not published or failed;
2 could not start.`;

async function main(): Promise<number> {
  const { values, positionals } = readArguments(
    {
      hub: { type: 'string' },
      ...inputArguments,
      'megabytes-per-second': { type: 'string', default: '0.5' },
      'records-per-second': { type: 'string' },
      checkpoint: { type: 'string', default: 'backfill-checkpoint.ndjson' },
      'dry-run': { type: 'boolean', default: false },
      settings: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
    usage,
    true,
  );
  const [source, ...more] = positionals;
  if (source === undefined || more.length > 0) throw new UsageError('Name one folder, file or URL.', { usage });
  const { 'records-per-second': records, 'dry-run': isDryRun } = values;
  const input = inputOptions(values);
  const bytesRate = new Rate(1e6 * decimal('megabytes-per-second', values['megabytes-per-second'], 1000));
  const recordsRate = new Rate(
    records === undefined ? Number.POSITIVE_INFINITY : wholeNumber('records-per-second', records, 1, 1e9),
  );
  const { environment } = await settingsFrom(values.settings);
  const config = isDryRun && !namesNamespace(environment) ? undefined : readHubConfig(environment);
  const target = config && { hub: hubNamed(config, values.hub), eventHub: config.eventHub };
  const { subject, files } = await archiveOf(source, environment);
  const published = new PublishedFiles();
  const { signal } = stopOnSignal();
  const checkpoint =
    target &&
    (await CheckpointFile.open({
      path: values.checkpoint,
      subject: `backfill of ${subject} into ${target.hub} in ${namespaceOf(target.eventHub)}`,
      onEntry: (entry: JsonObject) => published.read(entry),
      isReadOnly: isDryRun,
    }));
  if (target === undefined)
    console.error('The settings name no hub, so earlier runs are unknown: every file is counted.');
  const account = newAccount(files.length, isDryRun);
  const senders = target && new HubSenders(target.eventHub, environment);
  const progress = new Progress();
  try {
    await publishArchive({
      files,
      input,
      published,
      checkpoint,
      send: isDryRun || target === undefined ? undefined : async (body) => senders?.send(target.hub, { body }) ?? false,
      bytesRate,
      recordsRate,
      account,
      warn: (line) => console.error(line),
      onProgress: () =>
        progress.show(`${account.records} records, ${account.messages} messages, ${megabytes(account.bytes)}`),
      signal,
    });
  } catch (error) {
    account.stopped = true;
    console.error(failureText(error));
  } finally {
    progress.end();
    await Promise.all([senders?.close(), checkpoint?.close()]);
  }
  console.log(backfillText(account));
  if (values.json) console.log(JSON.stringify(account));
  return isWell(account) ? exitCodes.well : exitCodes.wrong;
}

function namesNamespace(environment: Environment): boolean {
  const { eventHubConnection, eventHubNamespace } = settings;
  return [eventHubConnection, eventHubNamespace].some(({ name }) => (environment[name] ?? '').trim() !== '');
}

async function archiveOf(
  source: string,
  environment: Environment,
): Promise<{ readonly subject: string; readonly files: readonly ArchiveFile[] }> {
  const place = /^https?:\/\//i.test(source) ? blobPlace(source) : undefined;
  const subject = place === undefined ? resolve(source) : `${place.container}/${place.prefix}`;
  const files = place === undefined ? await folderArchive(source) : await blobArchive(place, environment);
  if (files.length > 0) return { subject, files };
  throw new UsageError(
    `${subject} holds no file to publish: expected names that end in .json, .ndjson, .jsonl, .log or .csv, with or without .gz.`,
  );
}

/** A number above 0 from an option. */
function decimal(name: string, text: string, most: number): number {
  const value = /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : 0;
  if (value > 0 && value <= most) return value;
  throw new UsageError(`--${name}: expected a number above 0, at most ${most}; found "${text}".`);
}

void run(main);
