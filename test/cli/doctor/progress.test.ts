import { EventHubProducerClient } from '@azure/event-hubs';
import { type Bench, deadLetterHub, hub, startBench } from './kit/doctorBench';

const hour = 3_600_000;
/** How far behind the emulator's clock is: events published meanwhile are as old. */
let behind = 0;
let bench: Bench;

const text = (part: string): unknown => expect.stringContaining(part);
/** The namespace is the host without its port, as the Functions host's client has it. */
const name = (partition: number): string => `localhost/${hub}/network-sessions/checkpoint/${partition}`;

/** Partition 0 is settled, 1 waits, 2 lost events to retention, 3 and 5 have that of an earlier hub, 4 has none. */
beforeAll(async () => {
  bench = await startBench({
    hubs: [
      { name: hub, partitions: 6, consumerGroups: ['network-sessions'] },
      { name: deadLetterHub, partitions: 1 },
    ],
    retentionMs: 24 * hour,
    now: () => Date.now() - behind,
  });
  const producer = new EventHubProducerClient(bench.eventHubs.connectionString(), hub);
  const publish = (partitionId: string, count: number): Promise<void> =>
    producer.sendBatch(
      Array.from({ length: count }, () => ({ body: 'x' })),
      { partitionId },
    );
  behind = 30 * hour;
  await publish('1', 3);
  await publish('2', 3);
  behind = 20 * hour;
  await publish('1', 2);
  await publish('2', 2);
  behind = 0;
  await publish('0', 1);
  await publish('3', 1);
  await publish('4', 1);
  await publish('5', 3);
  await producer.close();
  bench.storage.blobs
    .set(name(0), { sequencenumber: '0' })
    .set(name(1), { sequencenumber: '2' })
    .set(name(2), { sequencenumber: '0' })
    .set(name(3), { sequencenumber: '9' })
    // The new hub has grown past it: only its age tells.
    .set(name(5), { sequencenumber: '1', written: new Date(Date.now() - hour) })
    // Another group's, which says nothing about ours.
    .set(`localhost/${hub}/other/checkpoint/4`, { sequencenumber: '0' });
});
afterAll(() => bench.stop());

test('backlog and retention: what waits, since when, what was lost, and what will be', async () => {
  const report = await bench.doctor();
  expect(report.of('backlog')).toEqual([
    { status: 'ok', subject: `${hub}/0`, found: text('No event waits; last settled') },
    {
      status: 'warning',
      subject: `${hub}/1`,
      found: expect.stringMatching(/^2 events wait; last settled \d+ s ago; the oldest arrived 20 h ago\.$/) as unknown,
      next: text('BatchHeld'),
    },
    { status: 'warning', subject: `${hub}/2`, found: text('2 events wait'), next: text('BatchHeld') },
    { status: 'ok', subject: `${hub}/3`, found: text('No event waits') },
    {
      status: 'ok',
      subject: `${hub}/4`,
      found: expect.stringMatching(
        /^1 event waits; no batch was ever settled; the oldest arrived \d+ s ago\.$/,
      ) as unknown,
    },
    { status: 'ok', subject: `${hub}/5`, found: text('1 event waits; last settled 60 min ago') },
  ]);
  expect(report.of('retention')).toEqual([
    { status: 'ok', subject: `${hub}/0`, found: 'No event waits that the hub could drop.' },
    {
      status: 'warning',
      subject: `${hub}/1`,
      found: 'The oldest waiting event is 20 h old, the oldest that the hub keeps 20 h.',
      next: text('lengthen the retention now'),
    },
    {
      status: 'wrong',
      subject: `${hub}/2`,
      // Numbers 1 and 2: the checkpoint is at 0, and the hub begins with 3.
      found: 'The hub dropped 2 events before the app had read them.',
      next: text('docs/backfill.md'),
    },
    {
      status: 'wrong',
      subject: `${hub}/3`,
      found: 'The checkpoint is beyond the end of the partition.',
      next: text('delete the checkpoint blobs'),
    },
    { status: 'ok', subject: `${hub}/4`, found: 'The hub has not dropped any event yet.' },
    {
      status: 'wrong',
      subject: `${hub}/5`,
      found: 'The checkpoint is older than the hub, so it belongs to an earlier hub of this name.',
      next: text('delete the checkpoint blobs'),
    },
  ]);
  expect(report.code).toBe(1);
});

test('checkpoints that cannot be read are unknown, never ok, with advice; --strict makes them a failure', async () => {
  bench.storage.refusal = { status: 403, code: 'AuthorizationPermissionMismatch' };
  const [refused, unset, strict] = await Promise.all([
    bench.doctor(),
    bench.doctor({ AzureWebJobsStorage: '' }),
    bench.doctor({ AzureWebJobsStorage: 'UseDevelopmentStorage=yes' }, '--strict'),
  ]);
  expect(refused.of('backlog')).toMatchObject([
    { status: 'unknown', next: expect.stringContaining('Storage Blob Data Reader') as unknown },
  ]);
  expect(refused.of('retention')).toMatchObject([{ status: 'unknown', next: 'See the check backlog.' }]);
  expect(refused.code).toBe(0);
  expect(unset.of('backlog')).toMatchObject([
    { status: 'unknown', found: expect.stringContaining('Neither AzureWebJobsStorage') as unknown },
  ]);
  expect(strict.troubles).toEqual(['backlog unknown', 'retention unknown']);
  expect(strict.code).toBe(1);
});
