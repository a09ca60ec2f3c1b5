import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FeedMessage, publish } from '../local/feed';
import { type Services, startApp, startServices } from '../local/runtime';
import { generateStream } from '../local/stream';
import { readArguments, wholeNumber } from './arguments';
import { build } from './build';
import { exitCodes, run } from './exit';
import { digestOf, Evidence, type Place } from './faults/evidence';
import { HubReader } from './faults/hubReader';
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
/** Messages, of some 220 KB each, that may wait in a partition. */
const mostWaiting = 100;
/** Of each partition: more than can wait, so that nothing leaves the hub unread. */
const retentionBytes = 48_000_000;
const readersGroup = 'judge';
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
    },
    usage,
  );
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
    consumerGroups: [readersGroup],
    retentionBytes,
    wrongTypes: { [refusedColumn]: 'int' },
    onStored: evidence.stored,
  });
  const readers = readAlong(services);
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
        inStep(produced(records, seed, evidence), services, evidence, standstill.signal),
        standstill.signal,
      );
      await host.drained({ signal: standstill.signal }).catch((error: unknown) => {
        if (!standstill.signal.aborted) throw error;
        console.error(
          `Nothing was settled for ${longestStandstillMs / 1000} s: the run is given up and judged as it stands.`,
        );
      });
      clearTimeout(watchdog);
      faults.stop();
      progress.end();
      await host.stop();
      await readers.caughtUp();
      const judgement = judge(evidence, readers.places, services.hub, readers.deadLetters);
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
    await readers.close();
    await services.stop();
  }
}

/** Where the source hub keeps each message, by its digest; and the ids in the dead-letter hub, with how often each is there. */
function readAlong({ eventHubs, hub, deadLetterHub }: Services) {
  const places = new Map<string, Place[]>();
  const deadLetters = new Map<string, number>();
  const connection = eventHubs.connectionString();
  const source = new HubReader(connection, hub, readersGroup, (partition, { sequenceNumber, body }) => {
    const digest = digestOf(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
    places.set(digest, [...(places.get(digest) ?? []), { partition, sequenceNumber }]);
  });
  const letters = new HubReader(connection, deadLetterHub, readersGroup, (_, { properties = {} }) => {
    const { id, part = 0 } = properties;
    // Of a letter in parts the first one counts.
    if (typeof id === 'string' && part === 0) deadLetters.set(id, (deadLetters.get(id) ?? 0) + 1);
  });
  return {
    places,
    deadLetters,
    caughtUp: async () => void (await Promise.all([source.caughtUp(), letters.caughtUp()])),
    close: async () => void (await Promise.all([source.close(), letters.close()])),
  };
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

/** Lets messages wait while a partition is far behind, so that the hub need not keep the whole run. */
async function* inStep(
  messages: Iterable<FeedMessage>,
  { eventHubs, hub }: Services,
  evidence: Evidence,
  signal: AbortSignal,
): AsyncGenerator<FeedMessage, void, undefined> {
  const behind = (): number =>
    Math.max(
      ...(eventHubs.statistics().hubs[hub] ?? []).map(
        ({ id, lastSequenceNumber }) => lastSequenceNumber - evidence.settledUpTo(id),
      ),
    );
  for (const message of messages) {
    while (behind() > mostWaiting && !signal.aborted) await sleep(20);
    yield message;
  }
}

void run(main);
