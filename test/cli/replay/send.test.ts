import { randomBytes } from 'node:crypto';
import { HubSenders } from '../../../cli/azure/hubSenders';
import { openDeadLetterHub } from '../../../cli/deadLetters/openDeadLetterHub';
import { newAccount, type ReplayAccount } from '../../../cli/replay/replayAccount';
import { type Sender, sendLetters, windowSize } from '../../../cli/replay/sendLetters';
import { type Bench, deadLetterHub, recordLetter, source, startBench } from './kit/replayBench';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

interface Options {
  readonly sentIds?: Set<string>;
  readonly isDryRun?: boolean;
  readonly senders?: Sender;
  readonly onProgress?: () => void;
  readonly signal?: AbortSignal;
}

interface Sent {
  readonly account: ReplayAccount;
  readonly warnings: readonly string[];
  /** What went into the checkpoint. */
  readonly remembered: readonly unknown[];
}

async function send(options: Options = {}, meanwhile: () => Promise<void> = async () => undefined): Promise<Sent> {
  const connection = { connectionString: bench.environment.EventHub };
  const account = newAccount();
  const warnings: string[] = [];
  const remembered: unknown[] = [];
  const hub = await openDeadLetterHub(connection, deadLetterHub, {});
  const senders = new HubSenders(connection, {});
  try {
    await meanwhile();
    await sendLetters({
      letters: hub.letters,
      filter: { reasons: [], tables: [], ids: new Set(), since: undefined, until: undefined },
      account,
      warn: (line) => warnings.push(line),
      signal: new AbortController().signal,
      hubs: new Set([source]),
      isDryRun: false,
      sentIds: new Set(),
      checkpoint: { append: async (entries) => void remembered.push(...entries.map(({ id }) => id)) },
      senders,
      onProgress: () => undefined,
      ...options,
    });
  } finally {
    await Promise.all([hub.close(), senders.close()]);
  }
  return { account, warnings, remembered };
}

test('a record goes back inside an envelope, a message and text that is no JSON as they were, each with the id it replays', async () => {
  const record = recordLetter(7, { body: Buffer.from('{"category":"T","properties":{"n":12345678901234567890}}') });
  const line = recordLetter(8, { id: `${source}/1/8/3`, reason: 'InvalidJson', body: Buffer.from('{"cut off') });
  const message = recordLetter(9, { scope: 'message', body: Buffer.from('{"records":[]} and more') });
  const empty = recordLetter(6, { scope: 'message', reason: 'EmptyMessage', body: Buffer.alloc(0) });
  await bench.deadLetter(record, line, message, empty);
  const { account } = await send();
  expect(account).toMatchObject({ read: 4, matched: 4, sent: 4 });
  const published = (await bench.published()).toSorted((a, b) => String(a.replayOf).localeCompare(String(b.replayOf)));
  expect(published.map(({ body, replayOf, key }) => ({ body, replayOf, key }))).toEqual([
    { body: '', replayOf: empty.id, key: empty.id },
    {
      body: '{"records":[{"category":"T","properties":{"n":12345678901234567890}}]}',
      replayOf: record.id,
      key: record.id,
    },
    { body: '{"records":[]} and more', replayOf: message.id, key: message.id },
    { body: '{"cut off', replayOf: line.id, key: line.id },
  ]);
});

test('a letter that is compressed or in parts is sent back in its original form', async () => {
  const text = Buffer.alloc(1_040_000, 'x');
  // gzip makes nothing smaller of it, so that it takes two events with their properties.
  const noise = randomBytes(1_040_000);
  await bench.deadLetter(
    recordLetter(1, { scope: 'message', body: text }),
    recordLetter(2, { scope: 'message', body: noise }),
  );
  const stored = bench.eventHubs.statistics().hubs[deadLetterHub] ?? [];
  expect(stored.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  expect((await send()).account).toMatchObject({ read: 2, sent: 2, incomplete: 0 });
  const found = new Map((await bench.published()).map(({ replayOf, hex }) => [replayOf, hex]));
  expect(found.get(recordLetter(1).id) === text.toString('hex')).toBe(true);
  expect(found.get(recordLetter(2).id) === noise.toString('hex')).toBe(true);
});

test('a letter that the hub holds twice is sent once', async () => {
  await bench.deadLetter(recordLetter(1), recordLetter(2));
  await bench.deadLetter(recordLetter(2));
  expect((await send()).account).toMatchObject({ read: 2, copies: 1, sent: 2 });
  expect(bench.count()).toBe(2);
});

test('letters that arrive after the start are left for the next run', async () => {
  await bench.deadLetter(recordLetter(1));
  const { account } = await send({}, () => bench.deadLetter(recordLetter(2)));
  expect(account).toMatchObject({ read: 1, sent: 1, stopped: false });
});

test('an empty dead-letter hub gives an empty account', async () => {
  expect((await send()).account).toMatchObject({ read: 0, matched: 0, sent: 0, stopped: false });
});

test('letters that cannot be sent are counted and reported: incomplete, damaged, of another hub, too large, foreign', async () => {
  const properties = { id: `${source}/0/1/0`, scope: 'message', reason: 'R', encoding: 'gzip' };
  await bench.publish(
    deadLetterHub,
    { body: Buffer.from('half'), properties: { ...properties, part: 1, parts: 2 } },
    { body: Buffer.from('no gzip'), properties: { ...properties, id: `${source}/0/2/0` } },
    { body: Buffer.from('?') },
    { body: { json: true }, properties: { id: 'x', scope: 'everything' } },
  );
  await bench.deadLetter(
    recordLetter(3, { id: 'other-hub/0/3/0' }),
    recordLetter(4, { id: 'unknown' }),
    recordLetter(5, { scope: 'message', body: Buffer.alloc(1_048_577, 'a') }),
  );
  const { account, warnings } = await send();
  expect(account).toMatchObject({ read: 5, matched: 5, foreign: 2, sent: 0, incomplete: 2, otherHub: 2, tooLarge: 1 });
  expect(warnings.toSorted()).toEqual([
    `${source}/0/1/0: incomplete, only 1 of 2 parts are in the hub.`,
    expect.stringContaining(`${source}/0/2/0: its body cannot be unpacked`),
    expect.stringContaining(`${source}/0/5/0: not sent, it is larger than an event`),
    expect.stringContaining('other-hub/0/3/0: not sent, the app does not read its hub'),
    expect.stringContaining('unknown: not sent'),
  ]);
  expect(bench.count()).toBe(0);
});

test('a dry run counts and sends nothing', async () => {
  await bench.deadLetter(recordLetter(1), recordLetter(2));
  const { account, remembered } = await send({ isDryRun: true, sentIds: new Set([recordLetter(1).id]) });
  expect(account).toMatchObject({ matched: 2, wouldSend: 1, alreadySent: 1, sent: 0 });
  expect(remembered).toEqual([]);
  expect(bench.count()).toBe(0);
});

test('after a stop the next run sends the others', async () => {
  const count = 2 * windowSize + 5;
  await bench.deadLetter(...Array.from({ length: count }, (_, i) => recordLetter(i)));
  const stopping = new AbortController();
  const sentIds = new Set<string>();
  const first = await send({ sentIds, signal: stopping.signal, onProgress: () => stopping.abort() });
  expect(first.account).toMatchObject({ sent: windowSize, stopped: true });
  const second = await send({ sentIds });
  expect(second.account).toMatchObject({ sent: count - windowSize, alreadySent: windowSize, stopped: false });
  const ids = (await bench.published()).map(({ replayOf }) => replayOf);
  expect(ids).toHaveLength(count);
  expect(new Set(ids)).toEqual(new Set(Array.from({ length: count }, (_, i) => recordLetter(i).id)));
});

test('when one send fails, the letters stored with it are noted', async () => {
  await bench.deadLetter(recordLetter(1), recordLetter(2), recordLetter(3));
  const sentIds = new Set<string>();
  const senders: Sender = {
    send: async (_, { properties }) => {
      if (properties?.['replay-of'] === recordLetter(2).id) throw new Error('The hub is gone.');
      return true;
    },
  };
  await expect(send({ senders, sentIds })).rejects.toThrow('The hub is gone.');
  expect([...sentIds].toSorted()).toEqual([recordLetter(1).id, recordLetter(3).id]);
});
