import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FunctionsHost } from 'azure-emulators/host';
import { build } from './bundle';
import { inputArguments, readArguments, wholeNumber } from './common/arguments';
import { exitCodes, run, UsageError } from './common/exit';
import { counted, number } from './common/numberText';
import { Progress } from './common/progressLine';
import { aborted, stopOnSignal } from './common/stopOnSignal';
import { columnsOf } from './common/terminal';
import { checkpointFolder } from './doctor/hostCheckpoints';
import { pathBelow, settingsFileIn, writeSettings } from './emulators/localSettings';
import { publish } from './emulators/publish';
import { type Services, startApp, startServices } from './emulators/services';
import { inputOptions } from './input/inputOptions';
import { BatchObserver } from './start/batchObserver';
import { check } from './start/compareAccounts';
import { LetterFile } from './start/deadLetterFile';
import { invitation } from './start/nextSteps';
import { removeOldRuns, runsKept } from './start/oldRuns';
import { fileSource, generatedSource, type Source } from './start/recordSource';
import { rowSettings } from './start/rowSettings';
import { booksLine, booksTable, summary } from './start/startSummary';
import { openWatchPage, pageGroup, type WatchPage } from './start/watchPage';

const usage = `Usage: npm start -- [options]
  Runs the app on this machine, sends records through it and checks that every
  record is accounted for. Then it waits for your own events, until Ctrl-C.
  --once          exit after the first stream
  --events N      how many records to generate (default 20000)
  --seed S        seed of the generated records (default 1)
  --input FILE    publish the records in a file, or in standard input (-),
                  instead of generated ones; whatever npm run map reads
  --table T       table to assume for records without a table name
  --dates ORDER   day-first or month-first: what 05/12/2026 means in a CSV
                  export
  --port N        port of the Event Hubs emulator (default: any free one)
  --page-port N   port of the page that shows the run (default: 8077, or the
                  next free one)
  --no-page       serve no page
  --json          print one JSON object in the last line of standard output
These environment variables change the rows: ADDITIONAL_FIELDS,
OMIT_ADDITIONAL_FIELDS, KEEP_COLUMNS, OMIT_COLUMNS, URL_REDACTION,
MERGE_FLOWS, PROXY_ADDRESSES, KNOWN_NEWS, DROP_RULES_FILE.
Exit codes: 0 every record is accounted for; 1 something is not; 2 could not
start.`;

const root = resolve(__dirname, '..');
const outFolder = resolve(root, 'out');
/** Kept while it waits for events; the telemetry of a whole day would fill memory and disk. */
const telemetryItemsKept = 20_000;

interface Options {
  readonly once: boolean;
  readonly json: boolean;
  readonly port: number;
  /** Port of the page, undefined for a usual one; false for no page. */
  readonly page: number | undefined | false;
  /** The app's settings that affect the content of rows. */
  readonly rowSettings: Readonly<Record<string, string>>;
}

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      events: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      port: { type: 'string', default: '0' },
      'page-port': { type: 'string' },
      'no-page': { type: 'boolean', default: false },
      input: { type: 'string' },
      ...inputArguments,
    },
    usage,
  );
  const fromEnvironment = rowSettings(process.env);
  const records = wholeNumber('events', values.events, 0, 1e9);
  const seed = wholeNumber('seed', values.seed, 0, 2 ** 32 - 1);
  const port = wholeNumber('port', values.port, 0, 65_535);
  const pagePort = values['page-port'];
  const usual = pagePort === undefined ? undefined : wholeNumber('page-port', pagePort, 0, 65_535);
  const page = values['no-page'] ? false : usual;
  const input = { ...inputOptions(values), note: (line: string) => console.error(line) };
  const source =
    values.input === undefined ? generatedSource(records, seed, new Date()) : await fileSource(values.input, input);
  return start(source, { once: values.once, json: values.json, port, page, rowSettings: fromEnvironment });
}

/** Serves the page, if it is wanted, while everything runs. */
async function start(source: Source, options: Options): Promise<number> {
  const directory = resolve(outFolder, `run-${timestamp()}-${process.pid}`);
  if (options.page === false) return startAround(source, options, directory, undefined);
  const { rowSettings: changed, page: port } = options;
  const settings = pathBelow(root, settingsFileIn(directory));
  const page = await openWatchPage({ port, rowSettings: changed, settingsFile: settings });
  try {
    console.log(`Watch it on this page: ${page.url}`);
    return await startAround(source, options, directory, page);
  } finally {
    await page.close();
  }
}

/** Builds the app, starts everything around it, streams, checks that nothing is missing, and prints the result. */
async function startAround(
  source: Source,
  options: Options,
  directory: string,
  page: WatchPage | undefined,
): Promise<number> {
  const stopped = stopOnSignal().signal;
  const failing = new AbortController();
  if (!(await isBuilt(stopped))) return exitCodes.wrong;
  const removed = await removeOldRuns(outFolder);
  if (removed > 0)
    console.error(`Deleted the files of ${counted(removed, 'older run')}; out/ keeps the last ${runsKept}.`);
  const services = await startServices({
    directory,
    ports: { eventHubs: options.port },
    telemetry: true,
    // Short intervals, because the user waits for the comparison at the end.
    appSettings: { TELEMETRY_INTERVAL_SECONDS: '1', BACKLOG_INTERVAL_SECONDS: '5', ...options.rowSettings },
    onWriteFailed: (error) => failing.abort(error),
    ...(page === undefined ? {} : { onStored: page.state.onStored, consumerGroups: [pageGroup] }),
  });
  page?.watch(services);
  try {
    return await runApp(source, services, options, stopped, failing.signal, page);
  } finally {
    await page?.unwatch();
    await services.stop().catch((error: unknown) => {
      // The write error was already reported.
      if (!failing.signal.aborted) throw error;
    });
  }
}

/** Returns false when Ctrl-C was pressed meanwhile, because it also ends the bundler's process. */
async function isBuilt(stopped: AbortSignal): Promise<boolean> {
  try {
    await build();
  } catch (error) {
    // The bundler may have ended before this process receives Ctrl-C.
    await sleep(100);
    if (!stopped.aborted) throw error;
  }
  if (stopped.aborted) console.log('Stopped before anything was started.');
  return !stopped.aborted;
}

async function runApp(
  source: Source,
  services: Services,
  { once, json }: Options,
  stopped: AbortSignal,
  failed: AbortSignal,
  page: WatchPage | undefined,
): Promise<number> {
  const signal = AbortSignal.any([stopped, failed]);
  const { directory, eventHubs, deadLetterHub } = services;
  const observer = new BatchObserver((line) => {
    console.error(line);
    page?.state.onProblem(line);
  });
  observer.onSettled = page?.state.onSettled;
  const checkpointDirectory = join(directory, 'checkpoints');
  await mkdir(checkpointDirectory, { recursive: true });
  await writeSettings(services, { [checkpointFolder]: checkpointDirectory });
  let host: FunctionsHost;
  try {
    const watching = page === undefined ? {} : { onEvent: page.onEvent };
    host = await startApp(services, root, { log: observer.log, checkpointDirectory, ...watching });
  } catch (error) {
    // Ctrl-C ends the worker's process too.
    await sleep(100);
    if (!stopped.aborted) throw error;
    console.log('Stopped before anything was streamed.');
    return exitCodes.wrong;
  }
  const path = join(directory, 'dead-letters.ndjson');
  const letterFile = new LetterFile(
    eventHubs.connectionString(),
    deadLetterHub,
    path,
    (error) => console.error(`Dead letters cannot be written to ${path}: ${error.message}`),
    page?.state.onLetter,
  );
  try {
    console.log(
      'Event Hubs, managed identity, Logs Ingestion and Application Insights run on\n127.0.0.1; the built app runs in its own process.',
    );
    page?.state.enter('streaming');
    const seconds = await stream(source, services, host, observer, signal);
    throwIfWriteFailed(failed, directory);
    const width = columnsOf(process.stdout);
    const { tally } = observer;
    if (stopped.aborted) {
      console.log(`Stopped before every batch was settled. Until then:\n${booksTable(tally, width)}`);
      return exitCodes.wrong;
    }
    page?.state.enter('comparing');
    const found = await check({ services, produced: source.produced, tally, directory, letterFile, signal });
    console.log(summary({ ...found, tally, seconds }, width));
    const { rowsStored, telemetryItems, problems } = found;
    if (json) console.log(JSON.stringify({ ...tally, rowsStored, telemetryItems, seconds, out: directory }));
    page?.state.enter('waiting');
    if (!once) await waitForEvents(services, observer, signal);
    throwIfWriteFailed(failed, directory);
    return problems.length === 0 ? exitCodes.well : exitCodes.wrong;
  } finally {
    await letterFile.close();
    await host.stop();
  }
}

/** @throws UsageError */
function throwIfWriteFailed(failed: AbortSignal, folder: string): void {
  if (!failed.aborted) return;
  const reason = failed.reason instanceof Error ? failed.reason.message : String(failed.reason);
  throw new UsageError(
    `${folder} cannot be written to any more (${reason}), so no row can be stored. Free space on its disk and start again; ${outFolder} holds older runs.`,
  );
}

/** Publishes everything and waits until the app has settled it. Returns the seconds that this took. */
async function stream(
  source: Source,
  services: Services,
  host: FunctionsHost,
  observer: BatchObserver,
  signal: AbortSignal,
): Promise<number> {
  const begin = performance.now();
  const progress = new Progress(process.stderr);
  const seconds = (): number => (performance.now() - begin) / 1000;
  observer.onBatch = () => {
    const { messages, received, sent } = observer.tally;
    const { messages: published, records } = source.produced;
    const [done, all] = records === undefined ? [messages, Math.max(published, 1)] : [received, records];
    const what = records === undefined ? `messages, ${counted(received, 'record')} read` : 'records read';
    const percent = Math.floor(100 * Math.min(done / all, 1));
    const rate = number(received / seconds());
    progress.show(
      `${percent} %: ${number(done)} of ${number(all)} ${what}, ${counted(sent, 'row')} stored, ${rate} records/s`,
    );
  };
  try {
    await publish(services.eventHubs.connectionString(), services.hub, source.messages, signal);
    await host.drained({ signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    progress.end();
    observer.onBatch = undefined;
  }
  return seconds();
}

/** Settles the events of other programs until Ctrl-C. */
async function waitForEvents(services: Services, observer: BatchObserver, signal: AbortSignal): Promise<void> {
  services.telemetry?.keepLast(telemetryItemsKept);
  console.log(`\n${invitation(services, root)}`);
  observer.onBatch = (tally) => console.log(booksLine(tally));
  await aborted(signal);
}

function timestamp(): string {
  return new Date().toISOString().slice(0, 19).replace(/\D/g, '');
}

void run(main);
