import { type EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs';
import { type EventHubsEmulator, startEventHubs } from 'azure-emulators/eventhubs';
import { openConsumer } from '../../../cli/azure/hubClients';
import { endsOf, storedEvents } from '../../../cli/deadLetters/storedEvents';

let now = Date.now();
let eventHubs: EventHubsEmulator;
let consumer: EventHubConsumerClient;
beforeEach(async () => {
  now = Date.now();
  eventHubs = await startEventHubs({
    hubs: [{ name: 'hub', partitions: 2 }],
    retentionMs: 60_000,
    now: () => now,
    log: () => undefined,
  });
  consumer = openConsumer({ connectionString: eventHubs.connectionString('another') }, 'hub', {});
});
afterEach(async () => {
  await consumer.close();
  await eventHubs.stop();
});

async function publish(partitionId: string, count: number): Promise<void> {
  const producer = new EventHubProducerClient(eventHubs.connectionString('hub'));
  const events = Array.from({ length: count }, (_, i) => ({ body: Buffer.from(`${partitionId}/${i}`) }));
  await producer.sendBatch(events, { partitionId });
  await producer.close();
}

async function bodies(ends: Awaited<ReturnType<typeof endsOf>>): Promise<string[]> {
  const found: string[] = [];
  for await (const { body } of storedEvents(consumer, ends)) found.push(String(body));
  return found;
}

function names(partition: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${partition}/${i}`);
}

test('yields each event of every partition once, in order, even when the connection is lost', async () => {
  await publish('0', 200);
  await publish('1', 70);
  const dropped = eventHubs.faults.inject({ on: 'deliver', kind: 'drop', hub: 'hub', after: 50, times: 1 });
  expect(await bodies(await endsOf(consumer))).toEqual([...names('0', 200), ...names('1', 70)]);
  expect(dropped.fired).toBe(1);
});

test('ends when retention deletes the last event meanwhile', async () => {
  await publish('0', 3);
  const ends = await endsOf(consumer);
  now += 120_000;
  expect(await bodies(ends)).toEqual([]);
});

test('reading may stop early and begin again', async () => {
  await publish('0', 100);
  const ends = await endsOf(consumer);
  for await (const { body } of storedEvents(consumer, ends)) {
    if (String(body) === '0/40') break;
  }
  expect(await bodies(ends)).toEqual(names('0', 100));
});
