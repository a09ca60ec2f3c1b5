import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EventHubConsumerClient } from '@azure/event-hubs';
import { type FeedMessage, publish } from '../local/feed';
import { type Services, startApp, startServices } from '../local/runtime';
import { generateStream } from '../local/stream';
import { readArguments, wholeNumber } from './arguments';
import { build } from './build';
import { endsOf, storedEvents } from './deadLetters/storedEvents';
import { exitCodes, run } from './exit';
import { digestOf, Evidence, type Place } from './faults/evidence';
import { isWell, judge } from './faults/judge';
import { impatientSettings, letThingsGoWrong } from './faults/plan';
import { refusedColumn, refusedMessage } from './faults/refused';
import { faultsSummary } from './faults/summary';
import { Observer, Progress } from './start/progress';
import { number } from './start/summary';

const usage = `Usage: npm run faults -- --events N --seed S [options]
  --events N      how many records to produce (default 20000)
  --seed S        seed of the records and of the faults (default 1)
  --workers N     worker processes that share the partitions (default 2)
  --keep          keep the stored rows in out/
  --json          make the last line of stdout one JSON object`;

const root = resolve(__dirname, '..');
const partitions = 8;
/** Waits of the host (retries, load balancing) are this much shorter than in Azure. */
const clockScale = 0.05;
/** The run is given up when nothing has been settled for this long. */
const longestStandstillMs = 180_000;

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      events: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    usage,
  );
  if (values.help) {
    console.log(usage);
    return exitCodes.well;
  }
  const records = wholeNumber('events', values.events, 1, 1e9);
  const seed = wholeNumber('seed', values.seed, 0, 2 ** 32 - 1);
  const workers = wholeNumber('workers', values.workers, 1, 16);
  const out = resolve(root, 'out', `faults-${seed}-${process.pid}`);
  try {
    return await runFaults({ records, seed, workers, out, json: values.json });
  } finally {
    if (!values.keep) await rm(out, { recursive: true, force: true });
  }
}

interface Options {
  readonly records: number;
  readonly seed: number;
  readonly workers: number;
  readonly out: string;
  readonly json: boolean;
}

/** The whole system while everything goes wrong; then the account of every record. */
async function runFaults({ records, seed, workers, out, json }: Options): Promise<number> {
  const begin = performance.now();
  const evidence = new Evidence(refusedColumn);
  const observer = new Observer(() => undefined);
  await build();
  const services = await startServices({
    directory: out,
    partitions,
    seed,
    appSettings: impatientSettings,
    wrongTypes: { [refusedColumn]: 'int' },
    onStored: evidence.stored,
  });
  try {
    const host = await startApp(services, root, {
      log: observer.log,
      workers,
      clockScale,
      onEvent: evidence.hostDid,
    });
    try {
      const faults = letThingsGoWrong(services, host, seed);
      const progress = new Progress(process.stderr);
      const standstill = new AbortController();
      let watchdog = setTimeout(() => standstill.abort(), longestStandstillMs);
      observer.onBatch = (tally, invocationId) => {
        evidence.settledBy(invocationId, tally);
        clearTimeout(watchdog);
        watchdog = setTimeout(() => standstill.abort(), longestStandstillMs);
        const fired = Object.values(faults.counts()).reduce((sum, count) => sum + count, 0);
        progress.show(
          `${number(evidence.records)} records produced, ${number(observer.tally.received)} settled, ${number(fired)} faults`,
        );
      };
      await publish(
        services.eventHubs.connectionString(),
        services.hub,
        produced(records, seed, evidence),
        standstill.signal,
      );
      await host.drained({ signal: standstill.signal });
      clearTimeout(watchdog);
      faults.stop();
      progress.end();
      // Its readers keep others out.
      await host.stop();
      const judgement = judge(evidence, await placesOf(services), services.hub, await deadLettersOf(services));
      const seconds = (performance.now() - begin) / 1000;
      const stored = evidence.callsByUid.size;
      const result = {
        produced: evidence.records,
        ...observer.tally,
        stored,
        ...judgement,
        faults: faults.counts(),
        seconds,
      };
      console.log(faultsSummary(result));
      if (json) console.log(JSON.stringify(result));
      return isWell(judgement) ? exitCodes.well : exitCodes.wrong;
    } finally {
      await host.stop();
    }
  } finally {
    await services.stop();
  }
}

/** One message in so many holds a row that the rule refuses. */
const refusedEvery = 20;

function* produced(records: number, seed: number, evidence: Evidence): Generator<FeedMessage> {
  let messages = 0;
  for (const message of generateStream({ records, seed, end: new Date() })) {
    if (++messages % refusedEvery === 0) {
      const body = refusedMessage(messages);
      evidence.producing(body);
      yield { body, partitionKey: message.partitionKey };
    }
    evidence.producing(message.body);
    yield message;
  }
}

/** Where the source hub keeps each message, by its digest. */
async function placesOf(services: Services): Promise<Map<string, Place[]>> {
  const places = new Map<string, Place[]>();
  await readHub(services, services.hub, (partition, sequenceNumber, body) => {
    const digest = digestOf(body);
    places.set(digest, [...(places.get(digest) ?? []), { partition, sequenceNumber }]);
  });
  return places;
}

/** Each id, and how often it is there; of a letter in parts only the first counts. */
async function deadLettersOf(services: Services): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  await readHub(services, services.deadLetterHub, (_partition, _sequenceNumber, _body, { id, part = 0 }) => {
    if (typeof id === 'string' && part === 0) ids.set(id, (ids.get(id) ?? 0) + 1);
  });
  return ids;
}

async function readHub(
  services: Services,
  hub: string,
  take: (
    partition: string,
    sequenceNumber: number,
    body: Uint8Array,
    properties: Readonly<Record<string, unknown>>,
  ) => void,
): Promise<void> {
  const consumer = new EventHubConsumerClient('$Default', services.eventHubs.connectionString(), hub);
  try {
    for (const end of await endsOf(consumer)) {
      for await (const event of storedEvents(consumer, [end])) {
        const body: unknown = event.body;
        const bytes = body instanceof Uint8Array ? body : Buffer.alloc(0);
        take(end.partition, event.sequenceNumber, bytes, event.properties ?? {});
      }
    }
  } finally {
    await consumer.close();
  }
}

void run(main);
