import { gzipSync } from 'node:zlib';
import type { ReceivedEventData } from '@azure/event-hubs';
import * as fc from 'fast-check';
import { readable } from '../../../cli/deadLetters/readableLetter';
import { type Found, lettersOf } from '../../../cli/deadLetters/storedLetters';

type Properties = Readonly<Record<string, unknown>>;

function event(body: unknown, properties: Properties, sequenceNumber = 0): ReceivedEventData {
  return {
    body,
    properties: { ...properties },
    sequenceNumber,
    offset: String(sequenceNumber),
    enqueuedTimeUtc: new Date('2026-11-20T10:00:00Z'),
    partitionKey: null,
    systemProperties: {},
    getRawAmqpMessage: () => ({ body }),
  };
}

async function found(events: readonly ReceivedEventData[]): Promise<Found[]> {
  const all: Found[] = [];
  for await (const one of lettersOf(events)) all.push(one);
  return all;
}

/** What the letters that are complete hold, by id. */
async function bodies(all: readonly Found[]): Promise<Map<string, string>> {
  const held = new Map<string, string>();
  for (const one of all) {
    if (one.kind === 'letter') held.set(one.letter.id, (await one.letter.body()).toString('hex'));
  }
  return held;
}

/** A letter as events: in 1 to 4 parts, perhaps compressed. */
const letter = fc.record({
  id: fc.uuid(),
  body: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  parts: fc.integer({ min: 1, max: 4 }),
  isCompressed: fc.boolean(),
});
type Letter = typeof letter extends fc.Arbitrary<infer T> ? T : never;

function eventsOf({ id, body, parts, isCompressed }: Letter): ReceivedEventData[] {
  const stored = isCompressed ? gzipSync(body) : body;
  const size = Math.ceil(stored.length / parts);
  return Array.from({ length: parts }, (_, part) =>
    event(stored.subarray(part * size, (part + 1) * size), {
      id,
      scope: 'message',
      part,
      parts,
      ...(isCompressed ? { encoding: 'gzip' } : {}),
    }),
  );
}

test('each letter is assembled once, whatever the order and the copies of its parts', async () => {
  const scene = fc.uniqueArray(letter, { selector: ({ id }) => id, maxLength: 5 }).chain((letters) => {
    const once = letters.flatMap(eventsOf);
    const again = fc.subarray(once);
    return again
      .chain((more) => fc.shuffledSubarray([...once, ...more], { minLength: once.length + more.length }))
      .map((events) => ({ letters, events }));
  });
  await fc.assert(
    fc.asyncProperty(scene, async ({ letters, events }) => {
      const all = await found(events);
      expect(await bodies(all)).toEqual(new Map(letters.map(({ id, body }) => [id, body.toString('hex')])));
      expect(all.filter(({ kind }) => kind === 'letter')).toHaveLength(letters.length);
      expect(all.filter(({ kind }) => kind === 'incomplete' || kind === 'foreign')).toEqual([]);
    }),
  );
});

test('a letter without one of its parts is incomplete', async () => {
  const [one = event('', {}), two = event('', {}), three = event('', {})] = eventsOf({
    id: 'a/0/1/0',
    body: Buffer.from('abcdef'),
    parts: 3,
    isCompressed: false,
  });
  expect(await found([one, one, three])).toEqual([expect.objectContaining({ kind: 'incomplete', has: 2, parts: 3 })]);
  expect(await found([three, two])).toEqual([expect.objectContaining({ kind: 'incomplete', has: 2, parts: 3 })]);
});

test('incomplete letters are given up before they fill the memory', async () => {
  const body = Buffer.alloc(8 * 1024 * 1024);
  const halves = Array.from({ length: 12 }, (_, i) => event(body, { id: `${i}`, scope: 'message', part: 0, parts: 2 }));
  const all: string[] = [];
  for await (const one of lettersOf([...halves, event(Buffer.alloc(1), { id: 'last', scope: 'message' })])) {
    all.push(one.kind === 'incomplete' ? one.head.id : one.kind);
  }
  expect(all).toEqual(['0', '1', '2', '3', 'letter', '4', '5', '6', '7', '8', '9', '10', '11']);
});

test('any other event is foreign and does no harm', async () => {
  const anything = fc.record(
    {
      id: fc.oneof(fc.string(), fc.integer()),
      scope: fc.oneof(fc.constantFrom('message', 'record'), fc.anything()),
      part: fc.oneof(fc.integer(), fc.anything()),
      parts: fc.oneof(fc.integer(), fc.anything()),
      encoding: fc.constantFrom('gzip', 'zip', 1),
      reason: fc.anything(),
    },
    { requiredKeys: [] },
  );
  const body = fc.oneof(
    fc.anything(),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(body, anything), { maxLength: 4 }), async (events) => {
      const good = event(Buffer.from('good'), { id: 'hub/0/1/0', scope: 'message' });
      const all = await found([...events.map(([content, properties]) => event(content, properties)), good]);
      const letters = all.filter((one) => one.kind === 'letter' && one.letter.id === 'hub/0/1/0');
      expect(await bodies(letters)).toEqual(new Map([['hub/0/1/0', '676f6f64']]));
    }),
  );
});

test('a body that unpacks to more than any message is rejected', async () => {
  const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024));
  const [one] = await found([event(bomb, { id: 'a/0/1/0', scope: 'message', encoding: 'gzip' })]);
  expect(one?.kind).toBe('letter');
  await expect(one?.kind === 'letter' ? one.letter.body() : undefined).rejects.toThrow('Cannot create a Buffer larger');
});

test('a readable letter has text where the body is UTF-8, base64 where it is not', async () => {
  const properties = { id: 'a/0/1/0', reason: 'R', step: 'envelope', error: 'E', table: 'T', scope: 'message' };
  const all = await found([
    event(Buffer.from('h\u00e9'), properties),
    event(Buffer.from([0xff, 0xfe]), { id: 'b/0/1/0', scope: 'record' }),
  ]);
  const letters = all.flatMap((one) => (one.kind === 'letter' ? [readable(one.letter)] : []));
  const enqueued = '2026-11-20T10:00:00.000Z';
  expect(await Promise.all(letters)).toEqual([
    { ...properties, enqueued, body: 'h\u00e9' },
    { id: 'b/0/1/0', reason: '', step: '', error: '', scope: 'record', enqueued, bodyBase64: '//4=' },
  ]);
});
