import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build as bundle, type Plugin } from 'esbuild';
import { bundleOptions } from '../cli/bundle';
import { readArguments, wholeNumber } from '../cli/common/arguments';
import { exitCodes, run } from '../cli/common/exit';
import { Progress } from '../cli/common/progressLine';
import { keysOf } from '../shared/keysOf';

/**
 * `npm run coldstart`: what it costs until the app has registered its functions, and what telemetry costs when it is loaded a
 * second later. In turns, each in a process of its own: Node alone, the bundle without any telemetry in it, with telemetry
 * switched off, and on. In time of the CPU, because other work on the machine would change any other.
 */
const usage = `Usage: npm run coldstart -- [options]
  --runs N  processes for each variant (default 15)
  --json    make the last line of stdout one JSON object`;

const environment = {
  EventHub__fullyQualifiedNamespace: 'contoso.servicebus.windows.net',
  LOGS_INGESTION_ENDPOINT: 'https://contoso.ingest.monitor.azure.com',
  LOGS_INGESTION_RULE_IDS: 'dcr-00000000000000000000000000000000',
};
/** Nothing listens there, and nothing is sent before the process ends. */
const connection = 'InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=https://127.0.0.1:1/';

const variants = {
  node: { bundle: 'nothing.js', settings: {} },
  without: { bundle: 'without.js', settings: {} },
  off: { bundle: 'app.js', settings: {} },
  on: { bundle: 'app.js', settings: { APPLICATIONINSIGHTS_CONNECTION_STRING: connection } },
} as const;
type Variant = keyof typeof variants;

/** Milliseconds of CPU: from the start of Node to the registration, and in the three seconds after it. */
interface Times {
  readonly registered: number;
  readonly later: number;
}

/** Takes the exporter out of the bundle: what the app would be had it no telemetry. */
const withoutExporter: Plugin = {
  name: 'without-exporter',
  setup(builder) {
    builder.onResolve({ filter: /telemetry\/exporter$/ }, () => ({ path: 'exporter', namespace: 'none' }));
    builder.onLoad({ filter: /./, namespace: 'none' }, () => ({ contents: 'export {}' }));
  },
};

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      runs: { type: 'string', default: '15' },
      json: { type: 'boolean', default: false },
    },
    usage,
  );
  const runs = wholeNumber('runs', values.runs, 1, 1000);
  const directory = await mkdtemp(join(tmpdir(), 'coldstart-'));
  try {
    await bundle({ ...bundleOptions, outdir: directory, entryPoints: { app: bundleOptions.entryPoints.app } });
    await bundle({
      ...bundleOptions,
      outdir: directory,
      entryPoints: { without: bundleOptions.entryPoints.app },
      plugins: [withoutExporter],
    });
    await writeFile(join(directory, variants.node.bundle), '');
    const measured = await measure(directory, runs);
    for (const [variant, { registered, later }] of Object.entries(measured)) {
      console.log(
        `${variant.padEnd(8)} ${registered.toFixed(0)} ms to the registration, ${later.toFixed(0)} ms after it`,
      );
    }
    if (values.json) console.log(JSON.stringify(measured));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return exitCodes.well;
}

/** Medians; the variants in turns, so that what else the machine does meets all of them. */
async function measure(directory: string, runs: number): Promise<Record<Variant, Times>> {
  const times: Record<Variant, Times[]> = { node: [], without: [], off: [], on: [] };
  const progress = new Progress(process.stderr);
  for (let i = 0; i < runs; i++) {
    for (const variant of keysOf(variants)) {
      progress.show(`round ${i + 1} of ${runs}: ${variant}`);
      times[variant].push(await once(directory, variant));
    }
  }
  progress.end();
  const medians = (variant: Variant): Times => ({
    registered: median(times[variant].map(({ registered }) => registered)),
    later: median(times[variant].map(({ later }) => later)),
  });
  return { node: medians('node'), without: medians('without'), off: medians('off'), on: medians('on') };
}

/** In the child: loads the bundle as the worker does, then lets it be for longer than it takes until telemetry is loaded. */
const script = `
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
require(process.argv[1]);
const registered = cpu();
setTimeout(() => {
  console.log(JSON.stringify({ registered, later: cpu() - registered }));
  process.exit();
}, 3000);
`;

async function once(directory: string, variant: Variant): Promise<Times> {
  const { bundle: file, settings } = variants[variant];
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, join(directory, file)], {
    env: { PATH: process.env['PATH'], ...environment, ...settings },
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the script above prints last.
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Times;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

void run(main);
