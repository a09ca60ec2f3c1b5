import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { EventHubConsumerClient, earliestEventPosition, type ReceivedEventData } from '@azure/event-hubs';
import { type EventHubsEmulator, startEventHubs } from 'azure-emulators/eventhubs';
import { DeadLetterHub } from '../../../shared/delivery/deadLetterHub';
import type { DeadLetter } from '../../../shared/delivery/deadLetters';

const renewalMs = 45 * 60_000;
const realSetTimeout = globalThis.setTimeout;
// When the service closes a link, the SDK forgets the timer that renews its token; it must not keep the test alive.
jest.spyOn(globalThis, 'setTimeout').mockImplementation((...call: Parameters<typeof setTimeout>) => {
  const timer = realSetTimeout(...call);
  return call[1] === renewalMs ? timer.unref() : timer;
});

let emulator: EventHubsEmulator;
let hub: DeadLetterHub;

beforeEach(async () => {
  emulator = await startEventHubs({
    hubs: [
      { name: 'dead', partitions: 1 },
      { name: 'other', partitions: 1 },
    ],
  });
  hub = new DeadLetterHub({ eventHub: { connectionString: emulator.connectionString() }, deadLetterEventHub: 'dead' });
});

afterEach(async () => {
  await hub.close();
  await emulator.stop();
});

const { signal } = new AbortController();

function letter(id: string, body: Uint8Array, more: Partial<DeadLetter> = {}): DeadLetter {
  const known = {
    reason: 'InvalidJson',
    step: 'envelope',
    error: 'Not valid JSON.',
    table: undefined,
    scope: 'message' as const,
  };
  return { id, body, ...known, ...more };
}

async function write(...letters: DeadLetter[]): Promise<string[]> {
  const acknowledged: string[] = [];
  await hub.write(letters, { signal, onAcknowledged: (id) => acknowledged.push(id) });
  return acknowledged;
}

/** The first `count` events of the hub, by the SDK's own consumer. */
async function read(count: number): Promise<ReceivedEventData[]> {
  const consumer = new EventHubConsumerClient('$Default', emulator.connectionString('dead'));
  const found: ReceivedEventData[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      consumer.subscribe(
        {
          async processEvents(events) {
            found.push(...events);
            if (found.length >= count) resolve();
            return Promise.resolve();
          },
          async processError(error) {
            reject(error);
            return Promise.resolve();
          },
        },
        { startPosition: earliestEventPosition, maxWaitTimeInSeconds: 1 },
      );
    });
  } finally {
    await consumer.close();
  }
  return found;
}

function bytesOf({ body }: ReceivedEventData): Buffer {
  const bytes: unknown = body;
  if (!Buffer.isBuffer(bytes)) throw new Error('The body is bytes.');
  return bytes;
}

describe('a dead letter in its hub', () => {
  test('has the original bytes as body, and its id, reason and error as properties', async () => {
    const bytes = Buffer.from([0, 0xff, 0x7b, 0x0a]);
    const more = { table: 'DeviceNetworkEvents', scope: 'record' as const, reason: 'BadTimestamp', step: 'transform' };
    expect(await write(letter('hub/0/1/0', bytes, more), letter('hub/0/2/0', Buffer.alloc(0)))).toEqual([
      'hub/0/1/0',
      'hub/0/2/0',
    ]);
    const [first, second] = await read(2);
    expect([first && bytesOf(first), second && bytesOf(second)]).toEqual([bytes, Buffer.alloc(0)]);
    expect(first?.properties).toEqual({ id: 'hub/0/1/0', error: 'Not valid JSON.', ...more });
    expect(second?.properties).not.toHaveProperty('table');
  });

  test('is compressed when it is large', async () => {
    const bytes = Buffer.alloc(1_000_000, 'Defender ');
    await write(letter('large', bytes));
    const [event] = await read(1);
    expect(event?.properties).toMatchObject({ id: 'large', encoding: 'gzip', part: 0, parts: 1 });
    expect(event && gunzipSync(bytesOf(event)).equals(bytes)).toBe(true);
  });

  test('is written in parts when it is still too large, and is acknowledged once', async () => {
    const bytes = randomBytes(2_000_000);
    expect(
      await write(letter('before', Buffer.from('a')), letter('huge', bytes), letter('after', Buffer.from('b'))),
    ).toEqual(['before', 'huge', 'after']);
    const events = (await read(5)).filter(({ properties }) => properties?.['id'] === 'huge');
    expect(events.map(({ properties }) => `${properties?.['part']} of ${properties?.['parts']}`)).toEqual([
      '0 of 3',
      '1 of 3',
      '2 of 3',
    ]);
    expect(gunzipSync(Buffer.concat(events.map(bytesOf))).equals(bytes)).toBe(true);
  });

  test('is written together with many others, of any size around the limit of an event', async () => {
    const sizes = [...Array.from({ length: 30 }, () => 100_000), 983_039, 983_040, 983_041, 1_048_576];
    const letters = sizes.map((size, i) => letter(`hub/0/${i}/0`, randomBytes(size), { error: '€'.repeat(20_000) }));
    expect(await write(...letters)).toEqual(letters.map(({ id }) => id));
    const events = await read(36);
    const whole = letters.map(({ id }) => {
      const parts = events.filter(({ properties }) => properties?.['id'] === id);
      const body = Buffer.concat(parts.map(bytesOf));
      return parts[0]?.properties?.['encoding'] === 'gzip' ? gunzipSync(body) : body;
    });
    expect(whole.map((body, i) => body.equals(letters[i]?.body ?? Buffer.alloc(0)))).toEqual(letters.map(() => true));
  });

  test('fits the tier: 256 KB an event on Basic', async () => {
    await emulator.stop();
    emulator = await startEventHubs({ hubs: [{ name: 'dead', partitions: 1 }], maxMessageSize: 262_144 });
    hub = new DeadLetterHub({
      eventHub: { connectionString: emulator.connectionString() },
      deadLetterEventHub: 'dead',
    });
    const body = randomBytes(500_000);
    expect(await write(letter('a', body))).toEqual(['a']);
    const parts = (await read(3)).map(bytesOf);
    expect(gunzipSync(Buffer.concat(parts)).equals(body)).toBe(true);
  });

  test('is written even if the connection string names another hub', async () => {
    const named = { connectionString: emulator.connectionString('other') };
    const writer = new DeadLetterHub({ eventHub: named, deadLetterEventHub: 'dead' });
    await writer.write([letter('a', Buffer.from('a'))], { signal, onAcknowledged: () => undefined });
    await writer.close();
    expect((await read(1)).map(bytesOf)).toEqual([Buffer.from('a')]);
  });
});

describe('the hub', () => {
  test('gets a connection only when there is a letter', async () => {
    expect(await write()).toEqual([]);
    expect(emulator.statistics().counters.connections).toBe(0);
  });

  test('that does not exist is named by the error of the write, and no letter is acknowledged', async () => {
    const writer = new DeadLetterHub({
      eventHub: { connectionString: emulator.connectionString() },
      deadLetterEventHub: 'missing',
    });
    const acknowledged: string[] = [];
    const failed = writer.write([letter('a', Buffer.from('a'))], {
      signal,
      onAcknowledged: (id) => acknowledged.push(id),
    });
    await expect(failed).rejects.toThrow(/^1 dead letters could not be written to missing: .*could not be found/);
    expect(acknowledged).toEqual([]);
    await writer.close();
  });

  test('that hangs ends the write when the invocation ends, and the next write works', async () => {
    const late = hub.write([letter('a', Buffer.from('a'))], {
      signal: AbortSignal.abort(new Error('over')),
      onAcknowledged: () => undefined,
    });
    await expect(late).rejects.toThrow('over');
    expect(await write(letter('b', Buffer.from('b')))).toEqual(['b']);
  });
});

describe('a letter is acknowledged', () => {
  const letters = [letter('a', randomBytes(900_000)), letter('b', randomBytes(900_000))];

  test('only after the hub has stored it', async () => {
    emulator.faults.inject({ on: 'send', kind: 'stall', hub: 'dead' });
    const [acknowledged, giving] = [[] as string[], new AbortController()];
    const written = hub.write(letters, { signal: giving.signal, onAcknowledged: (id) => acknowledged.push(id) });
    const outcome = written.catch((error: unknown) => error);
    while (emulator.statistics().counters.messagesReceived === 0) await new Promise(setImmediate);
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect(acknowledged).toEqual([]);
    giving.abort(new Error('over'));
    expect(String(await outcome)).toContain('over');
    expect(acknowledged).toEqual([]);
    expect(await write(...letters)).toEqual(['a', 'b']);
  });

  test('one by one: letters before a failed one are acknowledged, it and later ones are not', async () => {
    emulator.faults.inject({ on: 'send', kind: 'stall', hub: 'dead', after: 1 });
    const [acknowledged, giving] = [[] as string[], new AbortController()];
    const written = hub.write(letters, { signal: giving.signal, onAcknowledged: (id) => acknowledged.push(id) });
    const outcome = written.catch((error: unknown) => error);
    while (emulator.statistics().counters.messagesReceived < 2) await new Promise(setImmediate);
    giving.abort(new Error('over'));
    expect(String(await outcome)).toContain('2 dead letters could not be written to dead: over');
    expect(acknowledged).toEqual(['a']);
  });

  test('even if the hub was busy at first', async () => {
    emulator.faults.inject({ on: 'send', kind: 'busy', hub: 'dead' });
    expect(await write(letter('a', Buffer.from('a')))).toEqual(['a']);
  });
});

describe('a token request that is never answered', () => {
  test('ends the write when the invocation ends, and the next write uses another connection', async () => {
    const stalled = emulator.faults.inject({ on: 'cbs', kind: 'stall' });
    const [acknowledged, giving] = [[] as string[], new AbortController()];
    const written = hub.write([letter('a', Buffer.from('a'))], {
      signal: giving.signal,
      onAcknowledged: (id) => acknowledged.push(id),
    });
    const outcome = written.catch((error: unknown) => error);
    while (stalled.fired === 0) await new Promise(setImmediate);
    giving.abort(new Error('over'));
    expect(String(await outcome)).toContain('over');
    expect(acknowledged).toEqual([]);
    expect(await write(letter('a', Buffer.from('a')))).toEqual(['a']);
    expect(emulator.statistics().counters.connections).toBe(2);
  });
});
