import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateStream } from 'defender-samples';
import { build } from '../cli/bundle';
import { readArguments, wholeNumber } from '../cli/common/arguments';
import { exitCodes, run } from '../cli/common/exit';
import { publish } from '../cli/emulators/publish';
import { startApp, startServices } from '../cli/emulators/services';

/**
 * `npm run memory`: the peak memory of a worker process while every partition delivers full batches of 1 MB messages at once.
 * The emulator answers each call a second late, so that all batches are in memory together. The heap is limited to half of the
 * instance's memory, as Node limits it there. docs/host.md says what the figure is for; infra/workerMemory.json holds what
 * was measured.
 */
const usage = `Usage: npm run memory -- [options]
  --partitions N  partitions that one instance works on (default 8)
  --memory MB     memory of the instance (default 2048)
  --json          make the last line of stdout one JSON object`;

const root = resolve(__dirname, '..');
/** Two full batches of 16. */
const messagesAPartition = 32;
/** More than fit into 1 MB, so that every message is full. */
const recordsPerMessage = 100_000;
const plain = { seed: 1, recordsPerMessage: [recordsPerMessage, recordsPerMessage], oddities: false } as const;
/** Runs in the worker: writes its peak memory to a file, five times a second. */
const reporter = (file: string): string =>
  `import{writeFileSync as w}from'node:fs';setInterval(()=>w(${JSON.stringify(file)},String(process.resourceUsage().maxRSS)),200).unref()`;

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      partitions: { type: 'string', default: '8' },
      memory: { type: 'string', default: '2048' },
      json: { type: 'boolean', default: false },
    },
    usage,
  );
  const partitions = wholeNumber('partitions', values.partitions, 1, 32);
  const memory = wholeNumber('memory', values.memory, 512, 16_384);
  const found = await measure(partitions, memory);
  console.log(
    `Worker at its peak: ${found.peakMb} MB, with ${partitions} partitions and ${found.messages} messages of ${found.messageKb} KB on average.`,
  );
  if (values.json) console.log(JSON.stringify({ partitions, memory, ...found }));
  return exitCodes.well;
}

interface Found {
  readonly peakMb: number;
  readonly messages: number;
  readonly messageKb: number;
}

async function measure(partitions: number, memory: number): Promise<Found> {
  await build();
  const directory = join(root, 'out', `memory-${process.pid}`);
  const peakFile = join(directory, 'peak');
  const preload = `data:text/javascript,${encodeURIComponent(reporter(peakFile))}`;
  const services = await startServices({
    directory,
    partitions,
    appSettings: { NODE_OPTIONS: `--max-old-space-size=${memory / 2} --import ${preload}` },
  });
  try {
    let bytes = 0;
    const wanted = partitions * messagesAPartition;
    const messages = (function* () {
      let made = 0;
      for (const { body } of generateStream({ ...plain, end: new Date(), records: wanted * recordsPerMessage })) {
        bytes += body.length;
        yield { body };
        made++;
        if (made === wanted) return;
      }
    })();
    const { signal } = new AbortController();
    const count = await publish(services.eventHubs.connectionString(), services.hub, messages, signal);
    services.ingestion.faults.inject({ kind: 'slowAnswer', milliseconds: 1000, probability: 1 });
    const host = await startApp(services, root, {});
    try {
      await host.drained();
      // The last report is written after the last batch.
      await sleep(500);
    } finally {
      await host.stop();
    }
    const peakKb = Number(await readFile(peakFile, 'utf8'));
    return { peakMb: Math.ceil(peakKb / 1024), messages: count, messageKb: Math.round(bytes / count / 1024) };
  } finally {
    await services.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

void run(main);
