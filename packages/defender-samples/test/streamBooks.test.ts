import * as fc from 'fast-check';
import type { StreamOptions } from '../src';
import { streamOf, sum } from './streamSetup';

const options = fc.record({
  records: fc.integer({ min: 0, max: 1500 }),
  seed: fc.maxSafeInteger(),
  devices: fc.integer({ min: 1, max: 60 }),
  recordsPerMessage: fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 100, max: 2000 })),
  processes: fc.integer({ min: 1, max: 50 }),
  minutes: fc.integer({ min: 1, max: 10_000 }),
  oddities: fc.boolean(),
});

function sizesOf(asked: Partial<StreamOptions>): number[] {
  return streamOf({ records: 20_000, oddities: false, ...asked }).map(({ expected }) => expected.received);
}

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
    const messages = streamOf({ records: 6000, recordsPerMessage: [1000, 1000] });
    const sizes = messages.map(({ body }) => body.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000_000);
    expect(Math.max(...sizes)).toBeGreaterThan(900_000);
  });

  test('messages hold 100 to 400 records, or as many as asked for', () => {
    // The last message ends with the stream.
    const sizes = sizesOf({}).slice(0, -1);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(100);
    expect(Math.min(...sizes)).toBeLessThan(130);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(400);
    expect(Math.max(...sizes)).toBeGreaterThan(370);
    expect(new Set(sizesOf({ recordsPerMessage: [40, 40] }))).toEqual(new Set([40]));
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
    ['devices', { records: 1, devices: 1_000_001 }],
    ['processes', { records: 1, processes: 0 }],
    ['minutes', { records: 1, minutes: 0 }],
    ['recordsPerMessage', { records: 1, recordsPerMessage: [0, 5] }],
    ['recordsPerMessage', { records: 1, recordsPerMessage: [6, 5] }],
    ['share of DeviceInfo', { records: 1, shares: { DeviceInfo: 0 } }],
    ['scenario beaconing', { records: 100, scenarios: [{ name: 'beaconing', at: 2 }] }],
    ['end', { records: 1, end: new Date('no date') }],
  ] satisfies [string, Partial<StreamOptions> & { records: number }][])(
    '%s out of range is a RangeError that names it: %j',
    (name, wrong) => {
      const read = (): unknown => streamOf(wrong);
      expect(read).toThrow(RangeError);
      expect(read).toThrow(`The stream's ${name}`);
    },
  );
});
