import * as fc from 'fast-check';
import { reserialise } from '../../src/host/json';
import { toLong } from '../../src/host/triggerData';
import { holds } from '../holds';

it(holds('splits every sequence number into the halves that protobuf.js would make', 'host.metadata-arrays'), () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      const { low, high, unsigned } = toLong(value);
      expect(unsigned).toBe(false);
      expect(Number.isInteger(low) && Math.abs(low) <= 2 ** 31).toBe(true);
      expect(high * 2 ** 32 + (low >>> 0)).toBe(value);
    }),
  );
});

it.each([
  [5, { low: 5, high: 0, unsigned: false }],
  [2 ** 32 + 7, { low: 7, high: 1, unsigned: false }],
  [2 ** 31, { low: -(2 ** 31), high: 0, unsigned: false }],
  [-1, { low: -1, high: -1, unsigned: false }],
])('splits %d', (value, long) => {
  expect(toLong(value)).toEqual(long);
});

it('changes no JSON value but texts that are dates', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(reserialise(JSON.stringify(value)) ?? '')).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

// Json.NET's round-trip format; a time with an offset is shown in the local time of the platform, UTC.
it.each([
  ['2026-11-21T08:15:28Z', '2026-11-21T08:15:28Z'],
  ['2026-11-21T08:15:28.1200000Z', '2026-11-21T08:15:28.12Z'],
  ['2026-11-21T08:15:28.000', '2026-11-21T08:15:28'],
  ['2026-11-21T00:15:28.5+01:00', '2026-11-20T23:15:28.5+00:00'],
  ['2026-11-21', '2026-11-21'],
  ['at 2026-11-21T08:15:28Z', 'at 2026-11-21T08:15:28Z'],
])(holds('rewrites "%s" as "%s"', 'host.json-dates'), (before, after) => {
  expect(reserialise(JSON.stringify([before]))).toBe(JSON.stringify([after]));
});

it.each(['', '{', 'text', '{"a":1}x'])('takes "%s" for no JSON', (body) => {
  expect(reserialise(body)).toBeUndefined();
});
