import { EventHubProducerClient } from '@azure/event-hubs';
import { startEventHubs } from 'azure-emulators/eventhubs';
import { BacklogMonitor } from '../../../shared/telemetry/backlog';
import { Partitions } from '../../../shared/telemetry/partitions';
import { TelemetryErrors } from '../../../shared/telemetry/telemetryErrors';

const partition = { hub: 'flows', partition: '1' };
const inHand = { ...partition, messages: [{ body: '', sequenceNumber: '0', enqueued: new Date() }] };

function setUp(connectionString: string) {
  const logged: string[] = [];
  const partitions = new Partitions();
  const config = { eventHub: { connectionString }, consumerGroup: '$Default' };
  const monitor = new BacklogMonitor(config, partitions, new TelemetryErrors((line) => logged.push(line)));
  const backlog = () => partitions.readings().flatMap(({ metric, value }) => (metric === 'backlog' ? [value] : []));
  return { logged, partitions, monitor, backlog };
}

test('the hub is asked for the end of each partition that the app has had batches of, and of no other', async () => {
  const eventHubs = await startEventHubs({ hubs: [{ name: 'flows', partitions: 2 }] });
  const producer = new EventHubProducerClient(eventHubs.connectionString(), 'flows');
  await producer.sendBatch([{ body: 'a' }, { body: 'b' }, { body: 'c' }], { partitionId: '1' });
  await producer.close();
  // The connection string of a trigger may name another hub.
  const { monitor, partitions, backlog, logged } = setUp(eventHubs.connectionString('other'));
  await monitor.ask();
  expect(backlog()).toEqual([]);
  partitions.began(inHand);
  await monitor.ask();
  expect(backlog()).toEqual([3]);
  partitions.settled(inHand);
  expect(backlog()).toEqual([2]);
  expect(logged).toEqual([]);
  await monitor.close();
  await eventHubs.stop();
});

test('a hub that cannot be asked is logged once, and the age known from batches is still reported', async () => {
  const eventHubs = await startEventHubs({ hubs: [{ name: 'another', partitions: 2 }] });
  const { monitor, partitions, backlog, logged } = setUp(eventHubs.connectionString());
  partitions.began(inHand);
  await monitor.ask();
  await monitor.ask();
  expect(backlog()).toEqual([]);
  expect(partitions.readings()).toMatchObject([{ metric: 'oldestAge' }]);
  expect(logged.map((line): unknown => JSON.parse(line))).toMatchObject([{ code: 'BacklogUnknown' }]);
  await monitor.close();
  await eventHubs.stop();
});
