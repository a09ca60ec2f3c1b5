import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventData, EventHubProducerClient } from '@azure/event-hubs';
import { type EventHubsEmulator, type EventHubsOptions, startEventHubs } from 'azure-emulators/eventhubs';
import { openConsumer } from '../../../../cli/azure/hubClients';
import { openDeadLetterHub } from '../../../../cli/deadLetters/openDeadLetterHub';
import { endsOf, storedEvents } from '../../../../cli/deadLetters/storedEvents';
import { accountOf, type Ended, run } from '../../replay/kit/replayCommand';
import { type BlobServer, startBlobServer } from './checkpointBlobs';

/** The default of the app's settings. */
export const hub = 'insights-logs-advancedhunting-devicenetworkevents';
export const deadLetterHub = 'network-sessions-dead-letters';
export const group = 'network-sessions';
/** As the WebJobs extension names its blobs, all in lower case; the emulator's namespace is its host. */
export const checkpointBlob = `127.0.0.1/${hub}/${group}/checkpoint/0`;
export const ownershipBlob = `127.0.0.1/${hub}/${group}/ownership/0`;

export interface Letter {
  readonly id: string;
  readonly reason: string;
  readonly step: string;
  readonly scope: string;
  readonly body: string;
}

export interface Bench {
  readonly eventHubs: EventHubsEmulator;
  readonly storage: BlobServer;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Stores events in partition 0 of the source hub, in one batch. */
  readonly publish: (...bodies: readonly (string | Buffer)[]) => Promise<void>;
  /** `replay set-aside --json` for partition 0. */
  readonly setAside: (...args: readonly string[]) => Promise<Ended>;
  /** The letters in the dead-letter hub, each once, and how many copies lie beside them. */
  readonly letters: () => Promise<{ readonly letters: readonly Letter[]; readonly copies: number }>;
  /** Properties of every event in the dead-letter hub. */
  readonly events: () => Promise<readonly EventData[]>;
  /** Sequence number of the checkpoint blob. */
  readonly checkpoint: () => string | undefined;
  readonly owner: () => string | undefined;
  readonly stop: () => Promise<void>;
}

export async function startBench(options: Partial<EventHubsOptions> = {}): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'set-aside-'));
  const eventHubs = await startEventHubs({
    hubs: [
      { name: hub, partitions: 2, consumerGroups: [group] },
      { name: deadLetterHub, partitions: 1 },
    ],
    ...options,
  });
  const storage = await startBlobServer();
  const connectionString = eventHubs.connectionString();
  const environment = {
    EventHub: connectionString,
    EVENT_HUB_CONSUMER_GROUP: group,
    AzureWebJobsStorage: storage.connectionString,
  };
  return {
    eventHubs,
    storage,
    folder,
    environment,
    publish: async (...bodies) => {
      const producer = new EventHubProducerClient(connectionString, hub);
      await producer.sendBatch(
        bodies.map((body) => ({ body: Buffer.from(body) })),
        { partitionId: '0' },
      );
      await producer.close();
    },
    setAside: (...args) => run('replay', ['set-aside', '--partition', '0', '--json', ...args], folder, environment),
    letters: () => lettersIn(connectionString),
    events: () => eventsIn(connectionString),
    checkpoint: () => storage.blobs.get(checkpointBlob)?.metadata['sequencenumber'],
    owner: () => storage.blobs.get(ownershipBlob)?.metadata['ownerid'],
    stop: async () => {
      await Promise.all([eventHubs.stop(), storage.stop()]);
      await rm(folder, { recursive: true });
    },
  };
}

export async function lettersIn(connectionString: string): Promise<{ letters: Letter[]; copies: number }> {
  const opened = await openDeadLetterHub({ connectionString }, deadLetterHub, {});
  const letters: Letter[] = [];
  let copies = 0;
  for await (const found of opened.letters) {
    if (found.kind === 'again') copies++;
    if (found.kind !== 'letter') continue;
    const { id, reason, step, scope } = found.letter;
    letters.push({ id, reason, step, scope, body: (await found.letter.body()).toString() });
  }
  await opened.close();
  return { letters, copies };
}

async function eventsIn(connectionString: string): Promise<EventData[]> {
  const consumer = openConsumer({ connectionString }, deadLetterHub, {});
  const events: EventData[] = [];
  for await (const event of storedEvents(consumer, await endsOf(consumer))) events.push(event);
  await consumer.close();
  return events;
}

/** Ids as the command must write them. */
export function idsOf(...sequenceNumbers: readonly number[]): string[] {
  return sequenceNumbers.map((number) => `${hub}/0/${number}/message`);
}

export { accountOf };
