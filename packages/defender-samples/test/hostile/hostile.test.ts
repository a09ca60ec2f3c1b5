import { createHash } from 'node:crypto';
import { generateHostile, type HostileOutcome } from '../../src/hostile';

function digestOf(options: { readonly records: number; readonly seed: number }): string {
  const hash = createHash('sha256');
  for (const { body, outcomes } of generateHostile(options)) hash.update(body).update(outcomes.join());
  return hash.digest('hex');
}

describe('hostile messages', () => {
  const messages = [...generateHostile({ records: 8000, seed: 20_261_121 })];
  const outcomes = messages.flatMap((message) => message.outcomes);

  test.each([1, 2, 999, 1000])('hold as many records as asked for: %i', (records) => {
    const made = [...generateHostile({ records, seed: 5 })].flatMap((message) => message.outcomes);
    expect(made).toHaveLength(records);
  });

  test('are the same for the same options, and others for another seed', () => {
    expect(digestOf({ records: 500, seed: 1 })).toBe(digestOf({ records: 500, seed: 1 }));
    expect(digestOf({ records: 500, seed: 1 })).not.toBe(digestOf({ records: 500, seed: 2 }));
  });

  test('can each be a line of a file', () => {
    for (const { body } of messages) {
      expect(body.includes('\n')).toBe(false);
      expect(body.some((byte) => byte > 0x20)).toBe(true);
    }
    expect(() => JSON.parse(messages[0]?.body.toString() ?? '') as unknown).not.toThrow();
  });

  test('come to every end there is', () => {
    const ends: Record<HostileOutcome, true> = {
      row: true,
      skipped: true,
      duplicate: true,
      InvalidJson: true,
      EmptyMessage: true,
      NotARecord: true,
      NoCategory: true,
      NoProperties: true,
      BadTimestamp: true,
    };
    expect(new Set(outcomes)).toEqual(new Set(Object.keys(ends)));
    expect(outcomes.filter((outcome) => outcome === 'row').length).toBeGreaterThan(outcomes.length / 2);
  });

  test.each([
    ['keys that mean something to JavaScript', /"__proto__":/],
    ['halves of surrogate pairs', /"\\ud800"/],
    ['numbers beyond a double', /:9007199254740993[,}]/],
    ['numbers that no double holds', /:-?1e(?:309|400)[,}]/],
    ['equal keys in one object', /"a":1,"a":2/],
    ['nesting', /\[\[\[\[\[\[\[\[|(?:\{"a":){8}/],
    ['large texts', /(.)\1{8000}/u],
    ['action types in any case', /"ActionType":"[^"]*[a-z][A-Z]{3}[^"]*"/],
    ['JSON in JSON in strings', /\\\\\\"/],
  ])('hold %s', (_, pattern) => {
    expect(messages.some(({ body }) => pattern.test(body.toString()))).toBe(true);
  });

  test('hold bytes that are no UTF-8 inside good JSON', () => {
    const spoilt = messages.filter(({ body, outcomes: ends }) => ends.length > 1 && body.includes(0xff));
    expect(spoilt.length).toBeGreaterThan(0);
  });
});
