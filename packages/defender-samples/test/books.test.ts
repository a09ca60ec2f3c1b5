import * as fc from 'fast-check';
import { streamOf, sum } from './setup';

const options = fc.record({
  records: fc.integer({ min: 0, max: 1500 }),
  seed: fc.maxSafeInteger(),
  devices: fc.integer({ min: 1, max: 60 }),
  recordsPerMessage: fc.integer({ min: 1, max: 2000 }),
  oddities: fc.boolean(),
});

describe('The books of a stream', () => {
  test('there are as many records as asked for, and each is in exactly one state', () => {
    fc.assert(
      fc.property(options, (asked) => {
        const messages = streamOf(asked);
        expect(sum(Object.fromEntries(messages.map(({ expected }, i) => [i, expected.received])))).toBe(asked.records);
        for (const { expected } of messages) {
          const { received, rows, skipped, dead, duplicates } = expected;
          expect(rows + sum(skipped) + sum(dead) + duplicates).toBe(received);
          expect(received).toBeGreaterThan(0);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('no message is larger than 1,000,000 bytes, however many records it is to hold', () => {
    const messages = streamOf({ records: 6000, recordsPerMessage: 100_000 });
    const sizes = messages.map(({ body }) => body.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000_000);
    expect(Math.max(...sizes)).toBeGreaterThan(900_000);
  });

  test('messages hold one to four hundred records, one hundred on average', () => {
    const sizes = streamOf({ records: 20_000, oddities: false }).map(({ expected }) => expected.received);
    expect(Math.min(...sizes)).toBeLessThan(5);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(400);
    expect(Math.max(...sizes)).toBeGreaterThan(300);
    const mean = 20_000 / sizes.length;
    expect(mean).toBeGreaterThan(80);
    expect(mean).toBeLessThan(120);
  });

  test('without oddities nothing is dead and nothing comes twice', () => {
    for (const { expected } of streamOf({ records: 5000, oddities: false })) {
      expect(expected.dead).toEqual({});
      expect(expected.duplicates).toBe(0);
    }
  });
});

describe('Options that make no stream', () => {
  test.each([
    ['records', { records: -1 }],
    ['records', { records: 1.5 }],
    ['seed', { records: 1, seed: Number.NaN }],
    ['devices', { records: 1, devices: 0 }],
    ['devices', { records: 1, devices: 10_001 }],
    ['recordsPerMessage', { records: 1, recordsPerMessage: 0 }],
    ['end', { records: 1, end: new Date('no date') }],
  ])('%s out of range is a RangeError that names it: %j', (name, wrong) => {
    const read = (): unknown => streamOf(wrong);
    expect(read).toThrow(RangeError);
    expect(read).toThrow(`The stream's ${name} must be`);
  });
});
