import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FunctionsHost, startHost } from 'azure-emulators/host';
import { generateStream } from 'defender-samples';
import { publish } from '../../cli/emulators/publish';
import { startServices } from '../../cli/emulators/services';
import { BatchObserver } from '../../cli/start/batchObserver';

/** Of the messages that the producer makes; it sends them again and again, each time as events of that moment. */
const distinctRecords = 5000;
const timestamp = /"Timestamp":"[\d-]{10}T[\d:]{8}\.\d{3}/g;
const cpuEveryMs = 100;

/** Runs in the worker: writes its CPU seconds to a file, whole at all times. */
const cpuReporter = (file: string): string => `import{writeFileSync as w,renameSync as r}from'node:fs';
const f=${JSON.stringify(file)};
setInterval(()=>{const{user,system}=process.cpuUsage();w(f+'~',String((user+system)/1e6));r(f+'~',f)},${cpuEveryMs}).unref()`;

let latencies: number[] = [];
const observer = new BatchObserver(console.error);
let host: FunctionsHost | undefined;
let firstBatchMs: number | undefined;
let cpuFile = '';

function runningHost(): FunctionsHost {
  if (host === undefined) throw new Error('The host has not been started.');
  return host;
}

/** What each process can be asked for. Hub and ingestion start all emulators, and the run uses one of them. */
export const roles = {
  hub: {
    async start(options: { readonly directory: string; readonly partitions: number }) {
      const { eventHubs, hub } = await startServices(options);
      return { connectionString: eventHubs.connectionString(), hub };
    },
  },
  ingestion: {
    async start({ directory }: { readonly directory: string }) {
      const { appSettings } = await startServices({
        directory,
        onStored: ({ rows }) => {
          const now = Date.now();
          for (const row of rows) {
            latencies.push(now - Date.parse(/"TimeGenerated":"([^"]+)"/.exec(row)?.[1] ?? ''));
          }
        },
      });
      return appSettings;
    },
    /** Milliseconds of each row stored since the last call, from the sending of its message. */
    async latencies() {
      const taken = latencies;
      latencies = [];
      return Promise.resolve(taken);
    },
  },
  host: {
    async start({ settings, directory }: { readonly settings: Record<string, string>; readonly directory: string }) {
      cpuFile = resolve(directory, 'cpu');
      const preload = `data:text/javascript,${encodeURIComponent(cpuReporter(cpuFile))}`;
      host = await startHost({
        appDirectory: resolve(__dirname, '..', '..'),
        environment: { ...settings, NODE_OPTIONS: `--import ${preload}` },
        log: observer.log,
        onEvent: ({ kind }) => {
          if (kind === 'handedOver') firstBatchMs ??= performance.now();
        },
      });
    },
    /** Waits until all events are settled. Returns the seconds since the first batch. */
    async drained() {
      await runningHost().drained();
      return (performance.now() - (firstBatchMs ?? Number.NaN)) / 1000;
    },
    /** The app's books, and the CPU seconds of its process. */
    async settled() {
      await sleep(2 * cpuEveryMs);
      const { received, sent, duplicates, deadLettered } = observer.tally;
      return { received, sent, duplicates, deadLettered, cpuSeconds: Number(await readFile(cpuFile, 'utf8')) };
    },
  },
  producer: {
    /** Publishes at least `records` records, at a given rate or as fast as it can. Returns how many. */
    async publish({ connectionString, hub, seed, records, recordsPerSecond }: Publishing) {
      let published = 0;
      const messages = stampedMessages(records, seed);
      const begin = performance.now();
      const paced = (async function* () {
        for (const message of messages) {
          await sleep(Math.max(0, begin + (1000 * published) / recordsPerSecond - performance.now()));
          published += message.records;
          yield { body: message.stamped() };
        }
      })();
      await publish(connectionString, hub, paced, new AbortController().signal);
      return published;
    },
  },
};

export type Roles = typeof roles;

interface Publishing {
  readonly connectionString: string;
  readonly hub: string;
  readonly seed: number;
  readonly records: number;
  /** Infinity: as fast as possible. */
  readonly recordsPerSecond: number;
}

/** Messages whose events all happen when `stamped` is called, so that each one is new and tells when it was sent. */
function* stampedMessages(wanted: number, seed: number) {
  const messages = distinctMessages(seed);
  for (let made = 0, next = 0; made < wanted; next++) {
    const { body, places } = messages[next % messages.length] ?? { body: Buffer.alloc(0), places: [] };
    made += places.length;
    const stamped = (): Buffer => {
      const now = new Date().toISOString().slice(0, -1);
      for (const at of places) body.write(now, at, 'latin1');
      return body;
    };
    yield { records: places.length, stamped };
  }
}

/** Messages and where in them the times of the events are. Left out are those with an event that has no time to the millisecond. */
function distinctMessages(seed: number) {
  const options = { seed, records: distinctRecords, end: new Date(), devices: 2000, oddities: false };
  return Array.from(generateStream(options), ({ body, expected }) => ({
    body,
    records: expected.received,
    places: Array.from(body.toString('latin1').matchAll(timestamp), ({ index }) => index + '"Timestamp":"'.length),
  })).filter(({ records, places }) => places.length === records);
}
