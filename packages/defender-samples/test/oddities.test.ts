import type { StreamMessage } from '../src';
import { isPublished, type Properties, readBody, streamOf, sum } from './streamSetup';

const messages = streamOf({ records: 20_000 });
/** So many oddities that each comes several times. */
const dense = streamOf({ records: 20_000, oddityInterval: 50 });
const odd = messages.filter(({ expected }) => sum(expected.dead) > 0);

function withDead(reason: string): StreamMessage[] {
  const found = odd.filter(({ expected }) => (expected.dead[reason] ?? 0) > 0);
  expect(found.length).toBeGreaterThan(0);
  return found;
}

/** Every record of every message that can be read, with the message's stated outcome. */
function published(
  found: readonly StreamMessage[],
): { properties: Properties | null | undefined; category: string | undefined }[] {
  return found.flatMap(({ body }) =>
    (readBody(body) ?? []).filter(isPublished).map(({ properties, category }) => ({ properties, category })),
  );
}

describe('A message that is odd as a whole', () => {
  test('that is cut off is no JSON; the records before the cut are stated, and the rest of one as dead', () => {
    const cutOff = dense.filter(({ expected }) => expected.dead['InvalidJson'] === 1);
    expect(cutOff.length).toBeGreaterThan(5);
    for (const { body, outcomes } of cutOff) {
      expect(readBody(body)).toBeUndefined();
      expect(outcomes.at(-1)).toEqual({ state: 'dead', reason: 'InvalidJson' });
      expect(body.toString().split('{"time":"').length - 1).toBeLessThanOrEqual(outcomes.length);
      const whole = `${body.toString().slice(0, body.toString().lastIndexOf(',{'))}]}`;
      if (outcomes.length > 1) expect(readBody(Buffer.from(whole))).toHaveLength(outcomes.length - 1);
    }
  });

  test('that is empty has no bytes', () => {
    for (const { body, expected } of withDead('EmptyMessage')) {
      expect(body.length).toBe(0);
      expect(expected).toEqual({ received: 1, rows: 0, skipped: {}, dead: { EmptyMessage: 1 }, duplicates: 0 });
    }
  });

  test('may hold a record a line, with either end of line', () => {
    const lines = messages.filter(({ body }) => body.toString().endsWith('\n'));
    expect(lines.length).toBeGreaterThan(0);
    for (const { body, expected } of lines) {
      expect(body.toString().trimEnd().split(/\r?\n/)).toHaveLength(expected.received);
    }
  });

  test('may begin with the byte order mark of UTF-8', () => {
    const marked = messages.filter(({ body }) => body.subarray(0, 3).toString('hex') === 'efbbbf');
    expect(marked.length).toBeGreaterThan(0);
    for (const { body, expected } of marked) expect(readBody(body)).toHaveLength(expected.received);
  });
});

describe('A stream with oddities', () => {
  test('has as many records in a message as stated, where the message can be read', () => {
    for (const { body, expected } of messages) {
      if (expected.dead['InvalidJson'] || expected.dead['EmptyMessage']) continue;
      expect(readBody(body)).toHaveLength(expected.received);
    }
  });

  test('has a dead letter in about 2,200 records: six of twenty-six oddities end so, and one record in 500 is odd', () => {
    const dead = odd.reduce((total, { expected }) => total + sum(expected.dead), 0);
    expect(dead).toBeGreaterThanOrEqual(5);
    expect(dead).toBeLessThanOrEqual(20);
  });
});

describe('An odd record', () => {
  test('without category is stated as NoCategory', () => {
    for (const message of withDead('NoCategory')) {
      const nameless = published([message]).filter(({ category }) => category === undefined);
      expect(nameless).toHaveLength(message.expected.dead['NoCategory'] ?? 0);
    }
  });

  test('without properties, or with null for them, is stated as NoProperties', () => {
    for (const message of withDead('NoProperties')) {
      const bare = published([message]).filter(({ properties }) => properties === undefined || properties === null);
      expect(bare).toHaveLength(message.expected.dead['NoProperties'] ?? 0);
    }
  });

  test('that is no object is stated as NotARecord', () => {
    for (const { body, expected } of withDead('NotARecord')) {
      const others = (readBody(body) ?? []).filter((record) => typeof record !== 'object' || record === null);
      expect(others).toHaveLength(expected.dead['NotARecord'] ?? 0);
    }
  });

  test('whose Timestamp is no time is stated as BadTimestamp', () => {
    for (const message of withDead('BadTimestamp')) {
      const bad = published([message]).filter(({ properties, category }) => {
        if (!category?.endsWith('DeviceNetworkEvents') || !properties) return false;
        return [null, 'yesterday', '2026-02-30T10:00:00Z', 1795420800, ''].some(
          (value) => value === properties['Timestamp'],
        );
      });
      expect(bad).toHaveLength(message.expected.dead['BadTimestamp'] ?? 0);
    }
  });

  test('that comes twice in a message is stated as a duplicate: the same properties, published later', () => {
    const doubled = messages.filter(({ expected }) => expected.duplicates > 0);
    expect(doubled.length).toBeGreaterThan(0);
    for (const { body, expected } of doubled) {
      const records = (readBody(body) ?? []).filter(isPublished);
      const first = new Map<string, string>();
      let duplicates = 0;
      for (const { properties, time } of records) {
        const key = JSON.stringify(properties);
        const earlier = first.get(key);
        if (earlier === undefined) first.set(key, time);
        else {
          duplicates++;
          expect(time > earlier).toBe(true);
        }
      }
      expect(duplicates).toBe(expected.duplicates);
    }
  });

  test.each([
    ['an unknown action type', '"ActionType":"ConnectionMigrated"'],
    ['an unknown column', '"NetworkInterfaceLabel":"Wi-Fi 2"'],
    ['a dash for an address', '"-"'],
    ['a table of another product', '"category":"AdvancedHunting-UrlClickEvents"'],
    ['AdditionalFields as an object', '"AdditionalFields":{'],
  ])('may have %s', (_what, sign) => {
    expect(dense.some(({ body }) => body.includes(sign))).toBe(true);
  });

  test('may have its ports as texts', () => {
    expect(dense.some(({ body }) => /"RemotePort":"443".*?"LocalPort":"\d+"/.test(body.toString()))).toBe(true);
  });
});
