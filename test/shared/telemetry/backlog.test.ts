import { EventHubProducerClient } from '@azure/event-hubs';
import { startEventHubs } from 'azure-emulators/eventhubs';
import { BacklogMonitor } from '../../../shared/telemetry/backlog';
import { Partitions } from '../../../shared/telemetry/partitions';
import { TelemetryErrors } from '../../../shared/telemetry/telemetryErrors';

const place = { hub: 'flows', partition: '1' };
const inHand = { ...place, messages: [{ body: '', sequenceNumber: '0', enqueued: new Date() }] };

function setUp(connectionString: string) {
  const told: string[] = [];
  const partitions = new Partitions();
  const config = { eventHub: { connectionString }, consumerGroup: '$Default' };
  const monitor = new BacklogMonitor(config, partitions, new TelemetryErrors((line) => told.push(line)));
  const backlog = () => partitions.readings().flatMap(({ metric, value }) => (metric === 'backlog' ? [value] : []));
  return { told, partitions, monitor, backlog };
}

test('the hub is asked for the end of each partition that the app works on, and of no other', async () => {
  const eventHubs = await startEventHubs({ hubs: [{ name: 'flows', partitions: 2 }] });
  const producer = new EventHubProducerClient(eventHubs.connectionString(), 'flows');
  await producer.sendBatch([{ body: 'a' }, { body: 'b' }, { body: 'c' }], { partitionId: '1' });
  await producer.close();
  // The connection string of a trigger may name another hub.
  const { monitor, partitions, backlog, told } = setUp(eventHubs.connectionString('other'));
  await monitor.ask();
  expect(backlog()).toEqual([]);
  partitions.began(inHand);
  await monitor.ask();
  expect(backlog()).toEqual([3]);
  partitions.settled(inHand);
  expect(backlog()).toEqual([2]);
  expect(told).toEqual([]);
  await monitor.close();
  await eventHubs.stop();
});

test('a hub that cannot be asked is told once; what batches tell stays known', async () => {
  const eventHubs = await startEventHubs({ hubs: [{ name: 'another', partitions: 2 }] });
  const { monitor, partitions, backlog, told } = setUp(eventHubs.connectionString());
  partitions.began(inHand);
  await monitor.ask();
  await monitor.ask();
  expect(backlog()).toEqual([]);
  expect(partitions.readings()).toMatchObject([{ metric: 'oldestAge' }]);
  expect(told.map((line): unknown => JSON.parse(line))).toMatchObject([{ code: 'BacklogUnknown' }]);
  await monitor.close();
  await eventHubs.stop();
});
