import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointFolder } from '../../src/host/checkpointFolder';
import { PartitionStore } from '../../src/host/partitionStore';
import { newFolder, removeFolders } from './kit/fixture';

afterEach(removeFolders);

const scope = { namespace: '127.0.0.1', eventHubName: 'flows', consumerGroup: '$default' };
const ownership = { fullyQualifiedNamespace: '127.0.0.1:5672', eventHubName: 'Flows', consumerGroup: '$Default' };
const claimOf = (ownerId: string, etag?: string) => ({
  ...ownership,
  partitionId: '0',
  ownerId,
  ...(etag === undefined ? {} : { etag }),
});
const list = (store: PartitionStore) => store.listOwnership('127.0.0.1:1', 'flows', '$default');

// The contract of CheckpointStore in @azure/event-hubs: a claim names the version that it replaces, or loses.
describe('a store in a folder', () => {
  it('gives a partition to the first claim, and then to a claim that names the current version', async () => {
    const store = new PartitionStore(new CheckpointFolder(newFolder()));
    const [first] = await store.claimOwnership([claimOf('a')]);
    expect(first).toMatchObject({ ownerId: 'a', partitionId: '0' });
    expect(await store.claimOwnership([claimOf('b')])).toEqual([]);
    const [second] = await store.claimOwnership([claimOf('b', first?.etag)]);
    expect(second).toMatchObject({ ownerId: 'b' });
    expect(await store.claimOwnership([claimOf('a', first?.etag)])).toEqual([]);
    expect(await list(store)).toMatchObject([{ ownerId: 'b', etag: second?.etag }]);
  });

  it('accepts exactly one of many claims', async () => {
    const store = new PartitionStore(new CheckpointFolder(newFolder()));
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.claimOwnership([claimOf(`owner ${index}`)])),
    );
    expect(claims.flat()).toHaveLength(1);
    expect(await list(store)).toMatchObject([{ ownerId: claims.flat()[0]?.ownerId }]);
  });

  it('keeps the last checkpoint of each partition, whatever the port and the case of names', async () => {
    const store = new PartitionStore(new CheckpointFolder(newFolder()));
    for (const [partitionId, sequenceNumber] of [
      ['0', 1],
      ['1', 5],
      ['0', 2],
    ] as const) {
      await store.updateCheckpoint({ ...ownership, partitionId, sequenceNumber, offset: String(sequenceNumber * 100) });
    }
    const checkpoints = await store.listCheckpoints('127.0.0.1:9', 'FLOWS', '$default');
    expect(checkpoints).toHaveLength(2);
    expect(checkpoints).toEqual(
      expect.arrayContaining([
        {
          fullyQualifiedNamespace: '127.0.0.1:9',
          eventHubName: 'FLOWS',
          consumerGroup: '$default',
          partitionId: '0',
          sequenceNumber: 2,
          offset: '200',
        },
        {
          fullyQualifiedNamespace: '127.0.0.1:9',
          eventHubName: 'FLOWS',
          consumerGroup: '$default',
          partitionId: '1',
          sequenceNumber: 5,
          offset: '500',
        },
      ]),
    );
    expect(await store.listCheckpoints('127.0.0.1', 'flows', 'other')).toEqual([]);
  });
});

it('shares a folder between stores and survives them', async () => {
  const folder = newFolder();
  const one = new PartitionStore(new CheckpointFolder(folder));
  await one.claimOwnership([claimOf('a')]);
  await one.updateCheckpoint({ ...ownership, partitionId: '0', sequenceNumber: 7, offset: '700' });
  const other = new PartitionStore(new CheckpointFolder(folder));
  expect(await list(other)).toMatchObject([{ ownerId: 'a' }]);
  expect(await other.checkpoint(scope, '0')).toMatchObject({ sequenceNumber: 7, offset: '700' });
  expect(await other.isOwner(scope, '0', 'a')).toBe(true);
  expect(await other.isOwner(scope, '0', 'b')).toBe(false);
});

it('ignores files with other content', async () => {
  const folder = newFolder();
  const stored = new CheckpointFolder(folder);
  await stored.putCheckpoint(scope, { partitionId: '0', sequenceNumber: 1, offset: '1', writtenMs: 1 });
  const checkpoints = join(folder, '127.0.0.1', 'flows', '%24default', 'checkpoints');
  for (const [name, content] of [
    ['1', '{'],
    ['2', '[]'],
    ['3', '{"partitionId":3}'],
  ] as const) {
    writeFileSync(join(checkpoints, `${name}.json`), content);
  }
  expect(await stored.checkpoints(scope)).toEqual([{ partitionId: '0', sequenceNumber: 1, offset: '1', writtenMs: 1 }]);
  expect(await stored.checkpoint(scope, '2')).toBeUndefined();
});

it('frees the partitions of a host process that is dead', async () => {
  const stored = new CheckpointFolder(newFolder());
  // No process has this id: Linux stops at 4,194,304, Windows counts in fours.
  await stored.putOwnership(scope, {
    partitionId: '0',
    ownerId: 'dead',
    processId: 2_147_483_645,
    claimedMs: Date.now(),
    version: 1,
  });
  expect(await list(new PartitionStore(stored))).toMatchObject([{ ownerId: '' }]);
});
