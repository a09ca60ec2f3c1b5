import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventData, EventHubProducerClient } from '@azure/event-hubs';
import { type EventHubsEmulator, startEventHubs } from 'azure-emulators/eventhubs';
import { openConsumer } from '../../../../cli/azure/hubClients';
import { endsOf, storedEvents } from '../../../../cli/deadLetters/storedEvents';
import { DeadLetterHub } from '../../../../shared/delivery/deadLetterHub';
import type { DeadLetter } from '../../../../shared/delivery/deadLetters';

/** The default of the app's settings. */
export const source = 'insights-logs-advancedhunting-devicenetworkevents';
export const deadLetterHub = 'network-sessions-dead-letters';

export interface Bench {
  readonly eventHubs: EventHubsEmulator;
  /** A folder for checkpoints and exports. */
  readonly folder: string;
  readonly environment: { readonly EventHub: string };
  /** Writes dead letters as the app does. */
  readonly deadLetter: (...letters: readonly DeadLetter[]) => Promise<void>;
  /** Writes events as anybody could. */
  readonly publish: (hub: string, ...events: readonly EventData[]) => Promise<void>;
  /** Events in the source hub. */
  readonly published: () => Promise<Published[]>;
  /** How many events the source hub holds. */
  readonly count: () => number;
  readonly stop: () => Promise<void>;
}

export interface Published {
  readonly body: string;
  /** The same in hexadecimal digits, for what is no text. */
  readonly hex: string;
  readonly replayOf: unknown;
  readonly partition: string;
  readonly key: string | null | undefined;
}

export async function startBench(partitions = 2): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-'));
  const eventHubs = await startEventHubs({
    hubs: [
      { name: source, partitions },
      { name: deadLetterHub, partitions },
    ],
  });
  const connectionString = eventHubs.connectionString();
  const hub = new DeadLetterHub({ eventHub: { connectionString }, deadLetterEventHub: deadLetterHub });
  return {
    eventHubs,
    folder,
    environment: { EventHub: connectionString },
    deadLetter: (...letters) =>
      hub.write(letters, { signal: AbortSignal.timeout(10_000), onAcknowledged: () => undefined }),
    publish: async (name, ...events) => {
      const producer = new EventHubProducerClient(connectionString, name);
      for (const event of events) await producer.sendBatch([event]);
      await producer.close();
    },
    published: () => eventsOf(connectionString),
    count: () => (eventHubs.statistics().hubs[source] ?? []).reduce((sum, { count }) => sum + count, 0),
    stop: async () => {
      await hub.close();
      await eventHubs.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function eventsOf(connectionString: string): Promise<Published[]> {
  const consumer = openConsumer({ connectionString }, source, {});
  const found: Published[] = [];
  for (const end of await endsOf(consumer)) {
    for await (const { body, properties, partitionKey } of storedEvents(consumer, [end])) {
      const replayOf: unknown = properties?.['replay-of'];
      const hex = Buffer.isBuffer(body) ? body.toString('hex') : 'no bytes';
      found.push({ body: String(body), hex, replayOf, partition: end.partition, key: partitionKey });
    }
  }
  await consumer.close();
  return found;
}

/** A dead letter of a record, the `number`-th message of partition 0. */
export function recordLetter(number: number, more: Partial<DeadLetter> = {}): DeadLetter {
  return {
    id: `${source}/0/${number}/0`,
    reason: 'BadTimestamp',
    step: 'transform',
    error: 'Timestamp: expected a time.',
    table: 'DeviceNetworkEvents',
    scope: 'record',
    body: Buffer.from(`{"category":"AdvancedHunting-DeviceNetworkEvents","properties":{"ReportId":${number}}}`),
    ...more,
  };
}
