import { CheckpointFolder } from '../../src/host/checkpointFolder';
import { PartitionStore } from '../../src/host/partitionStore';
import { holds } from '../holds';
import { newFolder } from './kit/fixture';
import { clean, startBench } from './kit/hostBench';

afterEach(clean);

const who = `app.eventHub('who', { ...hub, handler: (bodies, context) =>
  tell(context, { pid: process.pid, partition: context.triggerMetadata.partitionContext.partitionId, bodies: bodies.map(String) }) });`;

interface Seen {
  readonly pid: number;
  readonly partition: string;
  readonly bodies: readonly string[];
}

function isSeen(value: unknown): value is Seen {
  return typeof value === 'object' && value !== null && 'pid' in value && 'bodies' in value;
}

it(
  holds('shares the partitions among instances, also after one joins or leaves', 'host.shared-partitions'),
  async () => {
    const { host, lines, send } = await startBench({ code: who, partitions: 4, host: { workers: 2 } });
    const round = async (name: string): Promise<number> => {
      await Promise.all(['0', '1', '2', '3'].map((partition) => send(partition, [`${name}${partition}`])));
      await host.drained();
      return new Set(ofRound(name).map(({ pid }) => pid)).size;
    };
    const ofRound = (name: string) =>
      lines
        .seen()
        .filter(isSeen)
        .filter(({ bodies }) => bodies.some((body) => body.startsWith(name)));
    // A claim takes a few rounds of balancing, so the rounds go on until the sharing is as it should be.
    const settle = async (name: string, instances: number): Promise<void> => {
      for (let turn = 0; turn < 50; turn++) {
        if ((await round(`${name}${turn}-`)) === instances) return;
      }
      throw new Error(`The partitions never were shared by ${instances} instances.`);
    };
    await settle('two', 2);
    await host.scale(3);
    await settle('three', 3);
    await host.scale(1);
    await settle('one', 1);
    const { eventsSucceeded, eventsRedelivered, eventsGivenUp } = { ...host.statistics().functions[0] };
    const sent = new Set(
      lines
        .seen()
        .filter(isSeen)
        .flatMap(({ bodies }) => bodies),
    );
    expect(eventsGivenUp).toBe(0);
    expect(eventsSucceeded).toBe(sent.size + (eventsRedelivered ?? 0));
  },
);

// A theft cancels the batch in flight (CloseAsync with OwnershipLost): no checkpoint, so another owner reads it again.
it(holds('redelivers a batch whose partition moves while it is in flight', 'host.partition-moved'), async () => {
  const { host, lines } = await startBench({
    code: `app.eventHub('moved', { ...hub, handler: async (bodies, context) => {
      tell(context, bodies.map(String));
      if (app.once === undefined) { globalThis.once = globalThis.once ?? 0; }
      if (globalThis.once++ === 0) await new Promise((done) => { globalThis.release = done; });
      else globalThis.release();
    } });`,
    events: { 0: ['a', 'b'] },
  });
  await lines.until(() => lines.seen().length === 1);
  await host.rebalance();
  await host.drained();
  expect(lines.seen()).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
  expect(host.statistics()).toMatchObject({
    functions: [{ eventsRedelivered: 2, checkpoints: 1 }],
  });
});

it('retries a failing batch on another instance after its partition has moved', async () => {
  const { host, lines } = await startBench({
    code: `app.eventHub('held', { ...hub, retry: { strategy: 'fixedDelay', maxRetryCount: -1, delayInterval: { hours: 1 } },
      handler: (bodies, context) => {
        const { existsSync, writeFileSync } = require('node:fs');
        tell(context, bodies.map(String));
        if (existsSync('seen')) return;
        writeFileSync('seen', '');
        throw new Error('held');
      } });`,
    events: { 0: ['a'] },
  });
  await lines.until(() => lines.matching(/before retrying/).length === 1);
  await host.rebalance();
  await host.drained();
  expect(lines.seen()).toEqual([['a'], ['a']]);
  expect(host.statistics().functions[0]).toMatchObject({ batchesCancelled: 1, batchesSucceeded: 1, retries: 0 });
});

it(
  holds(
    'stops when another host takes its partition in the shared folder, and takes it back when that host stops renewing',
    'host.partition-moved',
  ),
  async () => {
    const checkpointDirectory = newFolder();
    const { host, lines, send } = await startBench({
      code: `app.eventHub('shared', { ...hub, handler: (bodies, context) => tell(context, bodies.map(String)) });`,
      events: { 0: ['a'] },
      host: { checkpointDirectory },
    });
    await host.drained();
    const ghost = new PartitionStore(new CheckpointFolder(checkpointDirectory));
    await takePartition(ghost);
    await send('0', ['b']);
    await host.drained();
    // It hears of the other host by its next round of balancing, or when it writes its checkpoint: then b comes once more.
    const again = lines.seen().slice(2);
    expect(lines.seen()).toEqual([['a'], ['b'], ...(again.length === 0 ? [] : [['b']])]);
    expect(lines.matching(/belongs to another instance now: no checkpoint/)).toHaveLength(again.length);
    expect(host.statistics().functions[0]).toMatchObject({ eventsRedelivered: again.length, checkpoints: 2 });
  },
);

/** The owner renews its claim all the time, so the thief may have to try again. */
async function takePartition(thief: PartitionStore): Promise<void> {
  for (;;) {
    const [current] = await thief.listOwnership('127.0.0.1', 'flows', '$default');
    if (current !== undefined && (await thief.claimOwnership([{ ...current, ownerId: 'ghost' }])).length > 0) return;
  }
}
