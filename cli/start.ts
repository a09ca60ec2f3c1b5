import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { publish } from '../local/feed';
import type { FunctionsHost } from '../local/host';
import { type Services, startApp, startServices } from '../local/runtime';
import { readArguments, wholeNumber } from './arguments';
import { build } from './build';
import { localSettings } from './emulators/describe';
import { exitCodes, run } from './exit';
import { checkpointFolder } from './setAside/openStorage';
import { check } from './start/check';
import { Observer, Progress } from './start/progress';
import { fileSource, generatedSource, type Source } from './start/source';
import { stopOnSignal } from './start/stop';
import { booksTable, number, summary } from './start/summary';

const usage = `Usage: npm start -- [options]
  --once          end after the first stream instead of staying up
  --events N      how many records to generate (default 20000)
  --seed S        seed of the generated records (default 1)
  --input FILE    publish the messages of a file instead, one a line
  --port N        port of the Event Hubs emulator (default: any free one)
  --json          make the last line of stdout one JSON object`;

const root = resolve(__dirname, '..');

interface Options {
  readonly once: boolean;
  readonly json: boolean;
  readonly port: number;
}

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      events: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      port: { type: 'string', default: '0' },
      input: { type: 'string' },
    },
    usage,
  );
  if (values.help) {
    console.log(usage);
    return exitCodes.well;
  }
  const records = wholeNumber('events', values.events, 0, 1e9);
  const seed = wholeNumber('seed', values.seed, 0, 2 ** 32 - 1);
  const port = wholeNumber('port', values.port, 0, 65_535);
  const source =
    values.input === undefined ? generatedSource(records, seed, new Date()) : await fileSource(values.input);
  return start(source, { once: values.once, json: values.json, port });
}

/** The main job: build the app, start everything around it, stream, check that nothing is missing, tell. */
async function start(source: Source, { once, json, port }: Options): Promise<number> {
  const stop = stopOnSignal();
  const out = resolve(root, 'out', `run-${timestamp()}-${process.pid}`);
  await build();
  const services = await startServices({
    directory: out,
    ports: { eventHubs: port },
    telemetry: true,
    // Soon, because somebody waits for the comparison at the end.
    appSettings: { TELEMETRY_INTERVAL_SECONDS: '1', BACKLOG_INTERVAL_SECONDS: '5' },
  });
  try {
    const observer = new Observer(console.error);
    const checkpointDirectory = await writeSettings(services);
    const host = await startApp(services, root, { log: observer.log, checkpointDirectory });
    try {
      console.log(
        'Event Hubs, managed identity, Logs Ingestion and Application Insights run on 127.0.0.1; the built app runs in its own process.',
      );
      const seconds = await stream(source, services, host, observer, stop.signal);
      if (stop.signal.aborted) {
        console.log(`Stopped before everything was settled. Until then:\n${booksTable(observer.tally)}`);
        return exitCodes.wrong;
      }
      const found = await check({ services, produced: source.produced, tally: observer.tally, directory: out });
      console.log(summary({ ...found, tally: observer.tally, seconds }));
      const { rowsStored, telemetryItems } = found;
      if (json) console.log(JSON.stringify({ ...observer.tally, rowsStored, telemetryItems, seconds, out }));
      if (!once) await stayUp(services, observer, stop.signal);
      return found.problems.length === 0 ? exitCodes.well : exitCodes.wrong;
    } finally {
      await host.stop();
    }
  } finally {
    await services.stop();
  }
}

/** Publishes everything and waits until the app has settled it. Returns the seconds that took. */
async function stream(
  source: Source,
  services: Services,
  host: FunctionsHost,
  observer: Observer,
  signal: AbortSignal,
): Promise<number> {
  const begin = performance.now();
  const progress = new Progress(process.stderr);
  const seconds = (): number => (performance.now() - begin) / 1000;
  observer.onBatch = () => {
    const { messages, received, sent } = observer.tally;
    const rate = number(received / seconds());
    progress.show(
      `${number(source.produced.messages)} messages published, ${number(messages)} settled: ${number(received)} records, ${number(sent)} rows, ${rate} records/s`,
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

/** Takes events from anybody until Ctrl-C. */
async function stayUp(services: Services, observer: Observer, signal: AbortSignal): Promise<void> {
  const settings = settingsFile(services);
  console.log(
    `To see whether all is well, in another terminal:\n  NODE_EXTRA_CA_CERTS=${services.certificate} npm run doctor -- --settings ${settings}\nTo look at dead letters, send them again, or set messages aside:\n  npm run replay -- list --settings ${settings}\nStill running. Send events with any Event Hubs client, Ctrl-C ends:\n  ${services.eventHubs.connectionString(services.hub)}`,
  );
  observer.onBatch = ({ messages, received, sent, skipped, deadLettered }) => {
    console.log(
      `${number(messages)} messages: ${number(received)} records, ${number(sent)} sent, ${number(skipped)} skipped, ${number(deadLettered)} dead-lettered`,
    );
  };
  if (!signal.aborted)
    await new Promise((resolveAborted) => signal.addEventListener('abort', resolveAborted, { once: true }));
}

function settingsFile({ directory }: Services): string {
  return join(directory, 'local.settings.json');
}

/** Settings for the commands that look at a running app, from the first event on. Returns the folder of its checkpoints. */
async function writeSettings(services: Services): Promise<string> {
  const folder = join(services.directory, 'checkpoints');
  await mkdir(folder, { recursive: true });
  const { Values: values, ...settings } = localSettings(services);
  const content = { ...settings, Values: { ...values, [checkpointFolder]: folder } };
  await writeFile(settingsFile(services), JSON.stringify(content, undefined, 2));
  return folder;
}

function timestamp(): string {
  return new Date().toISOString().slice(0, 19).replace(/\D/g, '');
}

void run(main);
