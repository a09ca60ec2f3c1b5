import { run, start } from '../replay/kit/replayCommand';
import {
  accountOf,
  type Bench,
  checkpointBlob,
  deadLetterHub,
  group,
  hub,
  idsOf,
  ownershipBlob,
  startBench,
} from './kit/setAsideBench';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

const bodies = ['{"n":0}', '{"n":1}', '{"n":', '\u0000\u0001 no JSON', '', '{"n":5}'];

/** The app has settled the first two of six messages. */
async function holdAtTwo(): Promise<void> {
  await bench.publish(...bodies);
  bench.storage.put(checkpointBlob, { sequencenumber: '1', offset: '1', clientidentifier: 'host' });
}

/** Sets a host's ownership, renewed so many seconds ago by the storage's clock, which stands still in a year long gone. */
function own(id: string, secondsAgo: number): void {
  const now = new Date('2020-01-01T12:00:00Z');
  bench.storage.now = now;
  bench.storage.put(ownershipBlob, { ownerid: id }, new Date(now.getTime() - secondsAgo * 1000));
}

test('without --yes it shows what it would do and writes nothing at all', async () => {
  await holdAtTwo();
  const before = [...bench.storage.blobs];
  const ended = await bench.setAside('--count', '3');
  expect(ended.stdout).toContain('  owner           nobody\n  checkpoint      1\n  in the hub      0 to 5\n');
  expect(ended.stdout).toContain('Would be set aside: 3 messages, 2 to 4, 15 bytes.\n');
  expect(ended.stdout).toMatch(/\n {2}3 {2}\S+Z {2}10 bytes\n {2}4 {2}\S+Z {2}0 bytes\n/);
  expect(ended.stdout).toContain('  npm run replay -- set-aside --partition 0 --from 2 --through 4 --yes\n');
  expect(accountOf(ended)).toMatchObject({
    dryRun: true,
    asked: 3,
    messages: 0,
    checkpointBefore: 1,
    checkpointAfter: 1,
  });
  expect(ended.code).toBe(0);
  expect([...bench.storage.blobs]).toEqual(before);
  expect(await bench.events()).toEqual([]);
});

test('moves the bytes of each message to the dead-letter hub, then the checkpoint, and gives the partition back', async () => {
  await holdAtTwo();
  const ended = await bench.setAside('--from', '2', '--through', '4', '--yes');
  expect(ended.stderr.replaceAll(/^\d+ of \d+ messages set aside\n/gm, '')).toBe('');
  expect(ended.code).toBe(0);
  const { letters, copies } = await bench.letters();
  const [two, three, four] = idsOf(2, 3, 4);
  const rest = { reason: 'SetAside', step: 'setAside', scope: 'message' };
  expect(letters).toEqual([
    { id: two, body: '{"n":', ...rest },
    { id: three, body: '\u0000\u0001 no JSON', ...rest },
    { id: four, body: '', ...rest },
  ]);
  expect(copies).toBe(0);
  const { metadata } = bench.storage.blobs.get(checkpointBlob) ?? {};
  expect(metadata).toEqual({
    sequencenumber: '4',
    offset: expect.stringMatching(/^\d+$/) as unknown,
    clientidentifier: expect.stringMatching(/^set-aside-/) as unknown,
  });
  expect(bench.owner()).toBe('');
  expect(accountOf(ended)).toMatchObject({
    hub,
    partition: '0',
    consumerGroup: group,
    deadLetterHub,
    dryRun: false,
    owner: null,
    checkpointBefore: 1,
    checkpointAfter: 4,
    messages: 3,
    bytes: 15,
    ids: [two, three, four],
    deadLetteredByReason: { SetAside: 3 },
    rowsMayBeStored: true,
    stopped: false,
  });
  expect(ended.stdout).toContain('The checkpoint moved from 1 to 4.');
  expect(ended.stdout).toContain('Some rows of these messages may already be stored');
  for (const line of ended.stdout.split('\n').slice(0, -2)) expect(line.length).toBeLessThanOrEqual(80);
});

test('the checkpoint has the offset of the last message, so the app continues after it', async () => {
  await holdAtTwo();
  await bench.setAside('--from', '2', '--through', '4', '--yes');
  const offset = bench.storage.blobs.get(checkpointBlob)?.metadata['offset'] ?? '';
  const { openConsumer } = await import('../../../cli/azure/hubClients');
  const consumer = openConsumer({ connectionString: bench.environment['EventHub'] ?? '' }, hub, {});
  const bodyBehind = await new Promise<string>((resolve, reject) => {
    consumer.subscribe(
      '0',
      {
        processEvents: async ([event]) => (event === undefined ? undefined : resolve(String(event.body))),
        processError: async (error) => reject(error),
      },
      { startPosition: { offset }, skipParsingBodyAsJson: true },
    );
  });
  await consumer.close();
  expect(bodyBehind).toBe('{"n":5}');
});

test('running the same command again changes nothing', async () => {
  await holdAtTwo();
  await bench.setAside('--through', '4', '--yes');
  const again = await bench.setAside('--through', '4', '--yes');
  expect(again.code).toBe(0);
  expect(again.stdout).toContain('Nothing was set aside. The checkpoint is at 4.');
  expect(accountOf(again)).toMatchObject({ messages: 0, asked: 0 });
  expect((await bench.events()).length).toBe(3);
});

test('replay send sends set-aside messages back byte for byte', async () => {
  await holdAtTwo();
  await bench.setAside('--through', '3', '--yes');
  const send = await run('replay', ['send', '--reason', 'SetAside', '--json'], bench.folder, bench.environment);
  expect(accountOf(send)).toMatchObject({ matched: 2, sent: 2 });
  const { openConsumer } = await import('../../../cli/azure/hubClients');
  const { endsOf, storedEvents } = await import('../../../cli/deadLetters/storedEvents');
  const consumer = openConsumer({ connectionString: bench.environment['EventHub'] ?? '' }, hub, {});
  const replayed: unknown[] = [];
  for await (const { body, properties } of storedEvents(consumer, await endsOf(consumer))) {
    if (properties?.['replay-of'] !== undefined) replayed.push([properties['replay-of'], String(body)]);
  }
  await consumer.close();
  expect(replayed).toHaveLength(2);
  expect(replayed).toEqual(
    expect.arrayContaining([
      [idsOf(2)[0], '{"n":'],
      [idsOf(3)[0], '\u0000\u0001 no JSON'],
    ]),
  );
});

test('the id of a whole message differs from the ids of its records, so neither hides the other', async () => {
  await holdAtTwo();
  const { DeadLetterHub } = await import('../../../shared/delivery/deadLetterHub');
  const hubOfLetters = new DeadLetterHub({
    eventHub: { connectionString: bench.environment['EventHub'] ?? '' },
    deadLetterEventHub: deadLetterHub,
  });
  await hubOfLetters.write(
    [
      {
        id: `${hub}/0/2/0`,
        reason: 'BadTimestamp',
        step: 'transform',
        error: '',
        table: undefined,
        scope: 'record',
        body: Buffer.from('{}'),
      },
    ],
    { signal: AbortSignal.timeout(10_000), onAcknowledged: () => undefined },
  );
  await hubOfLetters.close();
  await bench.setAside('--through', '2', '--yes');
  const { letters } = await bench.letters();
  expect(letters.map(({ id }) => id)).toEqual([`${hub}/0/2/0`, ...idsOf(2)]);
});

describe('an owner', () => {
  beforeEach(holdAtTwo);

  test('that renewed 59 seconds ago is alive: the command exits with 2 and writes nothing', async () => {
    own('host-1', 59);
    const before = [...bench.storage.blobs];
    const { code, stderr } = await bench.setAside('--through', '4', '--yes');
    expect(stderr).toMatch(/^The partition is owned by a host \(host-1\), renewed 59 s ago\./);
    expect(stderr).toContain('Stop the app and wait a minute, or add --take-ownership.');
    expect(code).toBe(2);
    expect([...bench.storage.blobs]).toEqual(before);
    expect(await bench.events()).toEqual([]);
  });

  test('that renewed 60 seconds ago is gone, and so is one that gave the partition back', async () => {
    own('host-1', 60);
    expect((await bench.setAside('--through', '2', '--yes')).code).toBe(0);
    own('', 0);
    expect((await bench.setAside('--through', '3', '--yes')).code).toBe(0);
    expect(bench.checkpoint()).toBe('3');
  });

  test('that is alive loses the partition with --take-ownership; the output says to restart the app', async () => {
    own('host-1', 1);
    const dry = await bench.setAside('--count', '1');
    expect(dry.stdout).toContain('The command would fail now.');
    expect(dry.stdout).toContain('--through 2 --yes --take-ownership\n');
    const ended = await bench.setAside('--through', '4', '--yes', '--take-ownership');
    expect(ended.code).toBe(0);
    expect(accountOf(ended)).toMatchObject({ messages: 3, owner: { id: 'host-1' } });
    expect(ended.stdout).toContain('restart the app now');
    expect(bench.owner()).toBe('');
  });

  test('that takes the partition back stops the command before the checkpoint moves', async () => {
    let isTaken = false;
    // The moment between the dead letters and the checkpoint: the command renews its ownership to confirm it.
    bench.storage.onRequest = (method, name) => {
      if (method === 'PUT' && name === ownershipBlob && bench.owner()?.startsWith('set-aside-') === true && !isTaken) {
        isTaken = true;
        own('host-2', 0);
      }
      return undefined;
    };
    const ended = await bench.setAside('--through', '4', '--yes');
    expect(ended.stderr).toContain('Another process took the partition');
    expect(ended.stdout).toContain('Stopped before the end: run it again to continue.');
    expect(ended.code).toBe(1);
    expect(bench.checkpoint()).toBe('1');
    expect(bench.owner()).toBe('host-2');
  });

  test('that moves the checkpoint meanwhile is not overwritten', async () => {
    bench.storage.onRequest = (method, name) => {
      if (method === 'PUT' && name === checkpointBlob && bench.checkpoint() === '1') {
        bench.storage.put(checkpointBlob, { sequencenumber: '5', offset: '5', clientidentifier: 'host' });
      }
      return undefined;
    };
    const ended = await bench.setAside('--through', '4', '--yes');
    expect(ended.stderr).toContain('The checkpoint changed meanwhile');
    expect(accountOf(ended)).toMatchObject({ messages: 0, stopped: true });
    expect(ended.code).toBe(1);
    expect(bench.checkpoint()).toBe('5');
  });
});

test.each([
  ['before the dead letters', 0, 0],
  ['between dead letters and checkpoint', 3, 3],
])('killed %s, the next run finishes, and no letter gets another id', async (when, written, copies) => {
  await holdAtTwo();
  const isFirst = when === 'before the dead letters';
  const stall = isFirst
    ? bench.eventHubs.faults.inject({ on: 'send', kind: 'stall', hub: deadLetterHub, times: 100 })
    : undefined;
  const checkpoint = { isStalled: false };
  if (!isFirst) {
    bench.storage.onRequest = (method, name) => {
      if (method !== 'PUT' || name !== checkpointBlob) return undefined;
      checkpoint.isStalled = true;
      return 'never';
    };
  }
  const args = ['set-aside', '--partition', '0', '--through', '4', '--yes', '--json'];
  const first = start('replay', args, bench.folder, bench.environment);
  const isThere = (): boolean => checkpoint.isStalled || (stall?.fired ?? 0) > 0;
  while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 5));
  await first.kill();
  stall?.remove();
  bench.storage.onRequest = undefined;
  expect(bench.checkpoint()).toBe('1');
  expect((await bench.events()).length).toBe(written);

  const refused = await run('replay', args, bench.folder, bench.environment);
  expect(refused.stderr).toContain('owned by another set-aside');
  expect(refused.stderr).toContain('If that run was killed, wait a minute, or add --take-ownership.');
  const second = await run('replay', [...args, '--take-ownership'], bench.folder, bench.environment);
  expect(second.code).toBe(0);
  expect(accountOf(second)).toMatchObject({ messages: 3, ids: idsOf(2, 3, 4), checkpointAfter: 4 });
  expect(bench.checkpoint()).toBe('4');
  const after = await bench.letters();
  expect(after.letters.map(({ id }) => id)).toEqual(idsOf(2, 3, 4));
  expect(after.copies).toBe(copies);
});

test('many messages are moved in steps, each acknowledged before its checkpoint', async () => {
  const many = Array.from({ length: 70 }, (_, i) => `{"n":${i}}`);
  await bench.publish(...many);
  bench.storage.put(checkpointBlob, { sequencenumber: '4', offset: '4', clientidentifier: 'host' });
  const checkpoints: [string, number][] = [];
  const stored = (): number => bench.eventHubs.statistics().hubs[deadLetterHub]?.[0]?.count ?? 0;
  bench.storage.onRequest = (method, name) => {
    if (method === 'PUT' && name === checkpointBlob) checkpoints.push([bench.checkpoint() ?? '', stored()]);
    return undefined;
  };
  const ended = await bench.setAside('--through', '69', '--yes');
  expect(accountOf(ended)).toMatchObject({ messages: 65, checkpointAfter: 69 });
  // Before each checkpoint is written, what it covers is in the dead-letter hub.
  expect(checkpoints).toEqual([
    ['4', 32],
    ['36', 64],
    ['68', 65],
  ]);
  const { letters } = await bench.letters();
  expect(letters.map(({ body }) => body)).toEqual(many.slice(5));
});

test('a message of a megabyte of noise is kept whole', async () => {
  const { randomBytes } = await import('node:crypto');
  const noise = randomBytes(1_000_000);
  await bench.publish(noise);
  const ended = await bench.setAside('--from', '0', '--through', '0', '--yes');
  expect(ended.code).toBe(0);
  const opened = await run(
    'replay',
    ['export', 'noise', '--id', idsOf(0)[0] ?? '', '--body'],
    bench.folder,
    bench.environment,
  );
  expect(opened.code).toBe(0);
  const { readFile } = await import('node:fs/promises');
  expect((await readFile(`${bench.folder}/noise`)).equals(noise)).toBe(true);
});
