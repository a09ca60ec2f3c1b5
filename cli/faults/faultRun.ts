import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FunctionsHost } from 'azure-emulators/host';
import type { Tally } from '../../shared/books';
import { number } from '../common/numberText';
import { Progress } from '../common/progressLine';
import { publish } from '../emulators/publish';
import { type Services, startApp, startServices } from '../emulators/services';
import { BatchObserver } from '../start/batchObserver';
import { digestOf, Evidence, type MessagePosition, type Outcomes } from './evidence';
import { fourRows, heartbeat, messagesOf, rejectedColumn } from './faultMessages';
import { clockScale, impatientSettings, injectFirstFaults, startFaults } from './faultPlan';
import type { ProducedMessage } from './faultRecords';
import { afterRules, rulesFile } from './faultRules';
import { HubReader } from './hubReader';
import { type FoundLetter, type Judgement, judge } from './judge';

export interface FaultsOptions {
  readonly records: number;
  readonly seed: number;
  /** Worker processes that share the partitions. */
  readonly workers: number;
  /** Folder of the built app. */
  readonly app: string;
  /** The folder for the stored rows. */
  readonly out: string;
  /** The run ends, and is judged, when no batch was settled in this time. */
  readonly patienceSeconds: number;
  /** Whether the app has drop rules. */
  readonly hasRules: boolean;
}

export interface FaultsResult extends Tally, Judgement {
  readonly produced: number;
  /** Stored rows, each once. */
  readonly stored: number;
  /** How often each kind of fault has fired. */
  readonly faults: Readonly<Record<string, number>>;
  /** Kinds of faults that never fired. */
  readonly notShown: readonly string[];
  readonly isGivenUp: boolean;
  readonly seconds: number;
}

const partitions = 8;
/** Messages of about 220 KB that may wait in a partition. */
const maxWaiting = 100;
/** What each partition keeps. It is more than can wait, so that no message expires unread. */
const retentionBytes = 48_000_000;
const readersGroup = 'judge';
/** For the publishing client. Faults disturb it too; after a lost connection it waits for this time. */
const feedOptions = { timeoutInMs: 3000, maxRetries: 20 };

/** Runs the whole system with faults, then accounts for every record. */
export async function runFaults({
  records,
  seed,
  workers,
  app,
  out,
  patienceSeconds,
  hasRules,
}: FaultsOptions): Promise<{ readonly result: FaultsResult; readonly outcomes: Outcomes }> {
  const begin = performance.now();
  const evidence = new Evidence();
  const observer = new BatchObserver(() => undefined);
  const services = await startServices({
    directory: out,
    partitions,
    appSettings: { ...impatientSettings(records), ...(hasRules ? await writeRules(app) : {}) },
    consumerGroups: [readersGroup],
    retentionBytes,
    wrongTypes: { [rejectedColumn]: 'int' },
    onStored: evidence.stored,
  });
  const readers = readAlong(services);
  try {
    const host = await startApp(services, app, { log: observer.log, clockScale, onEvent: evidence.hostDid });
    try {
      const patience = new Patience(patienceSeconds * 1000);
      const faults = await stream(
        services,
        host,
        hasRules ? ruled(messagesOf(records, seed)) : messagesOf(records, seed),
        {
          evidence,
          observer,
          patience,
          records,
          seed,
          workers,
        },
      );
      await host.stop();
      await readers.caughtUp();
      const counts = faults.counts();
      const result = {
        produced: evidence.records,
        ...observer.tally,
        stored: evidence.callsByUid.size,
        ...judge(evidence, readers.positions, services.hub, readers.deadLetters),
        faults: counts,
        notShown: Object.keys(counts).filter((kind) => counts[kind] === 0),
        isGivenUp: patience.signal.aborted,
        seconds: (performance.now() - begin) / 1000,
      };
      return { result, outcomes: evidence.outcomes };
    } finally {
      await host.stop();
    }
  } finally {
    await readers.close();
    await services.stop();
  }
}

/** Writes the rules into the app's folder; the setting names them from there. */
async function writeRules(app: string): Promise<Record<string, string>> {
  await mkdir(join(app, 'out'), { recursive: true });
  await writeFile(join(app, 'out', 'faultRules.json'), rulesFile);
  return { DROP_RULES_FILE: 'out/faultRules.json' };
}

function* ruled(messages: Iterable<ProducedMessage>): Generator<ProducedMessage> {
  for (const message of messages) yield afterRules(message);
}

interface Watching {
  readonly evidence: Evidence;
  readonly observer: BatchObserver;
  readonly patience: Patience;
  readonly records: number;
  readonly seed: number;
  readonly workers: number;
}

/**
 * Publishes two messages for one worker alone, then all others for all workers while faults fire, and waits until every
 * batch is settled.
 */
async function stream(
  services: Services,
  host: FunctionsHost,
  messages: Iterable<ProducedMessage>,
  { evidence, observer, patience, records, seed, workers }: Watching,
) {
  const progress = new Progress(process.stderr);
  const { signal } = patience;
  const send = async (some: AsyncIterable<ProducedMessage> | Iterable<ProducedMessage>): Promise<void> => {
    const connection = services.eventHubs.connectionString();
    await publish(connection, services.hub, some, signal, feedOptions);
    await host.drained({ signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  };
  observer.onBatch = (tally, invocationId) => {
    evidence.settledBy(invocationId, tally);
    patience.renew();
  };
  const rejected = injectFirstFaults(services);
  await send(noted([fourRows(), heartbeat()], evidence));
  await host.scale(workers);
  const faults = startFaults(services, host, seed, rejected);
  observer.onBatch = (tally, invocationId) => {
    evidence.settledBy(invocationId, tally);
    patience.renew();
    const settled = observer.tally.received;
    faults.settled(settled / records);
    const fired = Object.values(faults.counts()).reduce((sum, count) => sum + count, 0);
    progress.show(
      `${number(settled)} records settled, repeats included; ${number(evidence.records)} were produced; ${number(fired)} faults`,
    );
  };
  await send(inStep(noted(messages, evidence), services, evidence, signal));
  patience.end();
  faults.stop();
  progress.end();
  return faults;
}

/** Ends a run in which no more batches are settled. */
class Patience {
  readonly #spent = new AbortController();
  #timer: NodeJS.Timeout;

  constructor(private readonly longestMs: number) {
    this.#timer = this.start();
  }

  get signal(): AbortSignal {
    return this.#spent.signal;
  }

  renew(): void {
    clearTimeout(this.#timer);
    this.#timer = this.start();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  private start(): NodeJS.Timeout {
    return setTimeout(() => this.#spent.abort(), this.longestMs);
  }
}

/** The positions of each message in the source hub, by its digest; and the dead letters, by id. */
function readAlong({ eventHubs, hub, deadLetterHub }: Services) {
  const positions = new Map<string, MessagePosition[]>();
  const deadLetters = new Map<string, FoundLetter>();
  const connection = eventHubs.connectionString();
  const source = new HubReader(connection, hub, readersGroup, (partition, { sequenceNumber, body }) => {
    const digest = digestOf(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
    positions.set(digest, [...(positions.get(digest) ?? []), { partition, sequenceNumber }]);
  });
  const letters = new HubReader(connection, deadLetterHub, readersGroup, (_, { properties = {} }) => {
    const { id, reason, part = 0 } = properties;
    // Count a letter in parts once, by its first part.
    if (typeof id !== 'string' || part !== 0) return;
    deadLetters.set(id, { times: (deadLetters.get(id)?.times ?? 0) + 1, reason: String(reason) });
  });
  return {
    positions,
    deadLetters,
    caughtUp: async () => void (await Promise.all([source.caughtUp(), letters.caughtUp()])),
    close: async () => void (await Promise.all([source.close(), letters.close()])),
  };
}

function* noted(messages: Iterable<ProducedMessage>, evidence: Evidence): Generator<ProducedMessage> {
  for (const message of messages) {
    evidence.producing(message);
    yield message;
  }
}

/** Delays messages while a partition is far behind, so that the hub does not have to keep the whole run. */
async function* inStep(
  messages: Iterable<ProducedMessage>,
  { eventHubs, hub }: Services,
  evidence: Evidence,
  signal: AbortSignal,
): AsyncGenerator<ProducedMessage, void, undefined> {
  const behind = (): number =>
    Math.max(
      ...(eventHubs.statistics().hubs[hub] ?? []).map(
        ({ id, lastSequenceNumber }) => lastSequenceNumber - evidence.settledUpTo(id),
      ),
    );
  for (const message of messages) {
    while (behind() > maxWaiting && !signal.aborted) await sleep(20);
    yield message;
  }
}
