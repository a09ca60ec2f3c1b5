import { resolve } from 'node:path';
import { readArguments, wholeNumber } from './common/arguments';
import { exitCodes, run, UsageError } from './common/exit';
import { aborted, stopOnSignal } from './common/stopOnSignal';
import { columnsOf } from './common/terminal';
import { overview, particulars } from './emulators/emulatorsReport';
import { localSettings, writeSettings } from './emulators/localSettings';
import { startServices } from './emulators/services';

const usage = `Usage: npm run emulators -- [options]
  Runs Event Hubs, Logs Ingestion, the managed identity endpoint and a Log
  Analytics workspace on this machine, until Ctrl-C. The workspace knows one
  query: that of npm run doctor -- --send.
  --event-hubs-port N       port of Event Hubs
  --event-hubs-tls-port N   port of Event Hubs for identities
  --ingestion-port N        port of Logs Ingestion
  --workspace-port N        port of the Log Analytics workspace
  --identity-port N         port of the managed identity endpoint
                            (default of all ports: any free one)
  --partitions N            partitions of the source hub, 1 to 32 (default 4)
  --directory DIR           keep events, rows and the certificate here, also
                            after a restart (default: a new folder in out/,
                            events in memory)
  --print-settings          print a local.settings.json for the app and Core
                            Tools to standard output, and nothing else
  --json                    print one JSON object in the last line of standard
                            output`;

const root = resolve(__dirname, '..');
/** The same at every start, so that saved settings stay valid. What it protects exists on this machine only. */
const identityHeader = 'emulator-header-of-no-value';

const portOption = { type: 'string', default: '0' } as const;

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      'event-hubs-port': portOption,
      'event-hubs-tls-port': portOption,
      'ingestion-port': portOption,
      'workspace-port': portOption,
      'identity-port': portOption,
      partitions: { type: 'string', default: '4' },
      directory: { type: 'string' },
      'print-settings': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
    usage,
  );
  const { 'print-settings': printsSettings, json, directory } = values;
  if (printsSettings && json) {
    throw new UsageError('--print-settings and --json: choose one. The object of --json holds the settings too.');
  }
  type PortOption = 'event-hubs-port' | 'event-hubs-tls-port' | 'ingestion-port' | 'workspace-port' | 'identity-port';
  const port = (name: PortOption): number => wholeNumber(name, values[name], 0, 65_535);
  const ports = {
    eventHubs: port('event-hubs-port'),
    eventHubsTls: port('event-hubs-tls-port'),
    ingestion: port('ingestion-port'),
    workspace: port('workspace-port'),
    identity: port('identity-port'),
  };
  const partitions = wholeNumber('partitions', values.partitions, 1, 32);
  const { signal } = stopOnSignal();
  const services = await startServices({
    directory: resolve(directory ?? resolve(root, 'out', `emulators-${process.pid}`)),
    keepEventsOnDisk: directory !== undefined,
    partitions,
    ports,
    identityHeader,
  });
  try {
    await writeSettings(services);
    if (printsSettings) {
      console.log(JSON.stringify(localSettings(services), undefined, 2));
      console.error(
        `Set this in the environment of the process that runs the app; Node reads it only when it starts:\n  NODE_EXTRA_CA_CERTS=${services.certificate}`,
      );
    } else console.log(overview(services, partitions, columnsOf(process.stdout), root));
    if (json) console.log(JSON.stringify(particulars(services, partitions)));
    console.error('The emulators are running. Press Ctrl-C to stop them.');
    await aborted(signal);
    return exitCodes.well;
  } finally {
    await services.stop();
  }
}

void run(main);
