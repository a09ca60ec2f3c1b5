import { resolve } from 'node:path';
import { readArguments, wholeNumber } from './common/arguments';
import { exitCodes, run, UsageError } from './common/exit';
import { stopOnSignal } from './common/stopOnSignal';
import { localSettings, overview, particulars } from './emulators/emulatorsReport';
import { type Services, startServices } from './emulators/services';

const usage = `Usage: npm run emulators -- [options]
  --event-hubs-port N       port of Event Hubs (default: any free one)
  --event-hubs-tls-port N   port of Event Hubs for identities (default: any free
                            one)
  --ingestion-port N        port of Logs Ingestion (default: any free one)
  --identity-port N         port of the managed identity endpoint (default: any
                            free one)
  --partitions N            partitions of the source hub, 1 to 32 (default 4)
  --directory DIR           keep events, rows and certificate here, over
                            restarts (default: a new folder in out/, events in
                            memory)
  --print-settings          print a local.settings.json for the app and Core
                            Tools on stdout, and nothing else
  --json                    make the last line of stdout one JSON object`;

const root = resolve(__dirname, '..');
/** The same at every start, so that settings written down stay good. What it opens exists on this machine only. */
const identityHeader = 'emulator-header-of-no-value';

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      'event-hubs-port': { type: 'string', default: '0' },
      'event-hubs-tls-port': { type: 'string', default: '0' },
      'ingestion-port': { type: 'string', default: '0' },
      'identity-port': { type: 'string', default: '0' },
      partitions: { type: 'string', default: '4' },
      directory: { type: 'string' },
      'print-settings': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
    usage,
  );
  if (values['print-settings'] && values.json) {
    throw new UsageError('--print-settings and --json: choose one. The object of --json holds the settings too.');
  }
  const port = (name: 'event-hubs-port' | 'event-hubs-tls-port' | 'ingestion-port' | 'identity-port'): number =>
    wholeNumber(name, values[name], 0, 65_535);
  const ports = {
    eventHubs: port('event-hubs-port'),
    eventHubsTls: port('event-hubs-tls-port'),
    ingestion: port('ingestion-port'),
    identity: port('identity-port'),
  };
  const partitions = wholeNumber('partitions', values.partitions, 1, 32);
  const stop = stopOnSignal();
  const services = await startServices({
    directory: resolve(values.directory ?? resolve(root, 'out', `emulators-${process.pid}`)),
    keepEventsOnDisk: values.directory !== undefined,
    partitions,
    ports,
    identityHeader,
  });
  try {
    print(services, partitions, values);
    await aborted(stop.signal);
    return exitCodes.well;
  } finally {
    await services.stop();
  }
}

/** On stdout what was asked for, on stderr what else one has to know. */
function print(services: Services, partitions: number, asked: { 'print-settings': boolean; json: boolean }): void {
  if (asked['print-settings']) {
    console.log(JSON.stringify(localSettings(services), undefined, 2));
    console.error(
      `Put this into the environment of whatever runs the app, because Node reads it only when it starts:\n  NODE_EXTRA_CA_CERTS=${services.certificate}`,
    );
  } else {
    console.log(overview(services, partitions));
    if (asked.json) console.log(JSON.stringify(particulars(services, partitions)));
  }
  console.error('The emulators run. Ctrl-C ends them.');
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolveAborted) => signal.addEventListener('abort', resolveAborted, { once: true }));
}

void run(main);
