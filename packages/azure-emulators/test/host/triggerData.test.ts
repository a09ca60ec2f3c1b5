import * as fc from 'fast-check';
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
