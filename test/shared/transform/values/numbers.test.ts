import * as fc from 'fast-check';
import { sum, toBoolean, toCode, toCount, toMilliseconds, toPort } from '../../../../shared/transform/values/numbers';
import { anyJson } from '../../kit/valueKit';

describe('toPort', () => {
  test.each([
    [443, 443],
    ['443', 443],
    [' 443 ', 443],
    ['+443', 443],
    ['0443', 443],
    [1, 1],
    [65_535, 65_535],
    [443n, 443],
  ])('of %p is %d', (value, expected) => {
    expect(toPort(value)).toBe(expected);
  });

  test.each([
    0,
    '0',
    -1,
    65_536,
    '65536',
    443.5,
    '443.5',
    '4e2',
    '0x1bb',
    '',
    '-',
    'https',
    '١',
    true,
    null,
    [443],
    {},
    2 ** 64,
    4_294_967_739,
  ])('of %p is absent', (value) => {
    expect(toPort(value)).toBeUndefined();
  });

  test('returns a port or undefined for any JSON', () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, fc.integer(), fc.integer().map(String)), (value) => {
        const port = toPort(value) ?? 1;
        expect(Number.isInteger(port) && port > 0 && port < 65_536).toBe(true);
      }),
    );
  });
});

describe('toCount', () => {
  test.each([
    [0, 0],
    ['0', 0],
    ['-0', 0],
    [12, 12],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', 9_007_199_254_740_992n],
    ['9223372036854775807', 9_223_372_036_854_775_807n],
    [9_223_372_036_854_775_807n, 9_223_372_036_854_775_807n],
    [5n, 5],
  ])('of %p is %p', (value, expected) => {
    expect(toCount(value)).toBe(expected);
  });

  test.each(['9223372036854775808', -1, '-1', 1.5, '1.5', 2 ** 60, '1e3', '', 'many', true, null, [1], '1'.repeat(30)])(
    'of %p is absent',
    (value) => {
      expect(toCount(value)).toBeUndefined();
    },
  );

  test('is exact for every long, as a number if that is exact', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (count) => {
        const found = toCount(String(count));
        expect(BigInt(found ?? -1)).toBe(count);
        expect(typeof found).toBe(count > 9_007_199_254_740_991n ? 'bigint' : 'number');
        expect(toCount(found)).toBe(found);
      }),
    );
  });

  test('accepts any JSON', () => {
    fc.assert(fc.property(anyJson, (value) => ['number', 'bigint', 'undefined'].includes(typeof toCount(value))));
  });
});

test('a sum is exact, and undefined if a part is missing or it exceeds a long', () => {
  expect([
    sum(1, 2),
    sum(9_007_199_254_740_991, 1),
    sum(2n ** 63n - 1n, 0),
    sum(2n ** 63n - 1n, 1),
    sum(undefined, 1),
    sum(1, undefined),
  ]).toEqual([3, 9_007_199_254_740_992n, 9_223_372_036_854_775_807n, undefined, undefined, undefined]);
});

describe('toCode', () => {
  test.each([
    [404, 404],
    ['404', 404],
    [' 250 2.0.0 OK', 250],
    ['550-Denied', 550],
    [0, 0],
    ['1234567890', undefined],
    ['x404', undefined],
    ['', undefined],
    [404.5, undefined],
    [null, undefined],
  ])('of %p is %p', (value, expected) => {
    expect(toCode(value)).toBe(expected);
  });
});

describe('toMilliseconds', () => {
  test.each([
    [0, 0],
    ['0.0', 0],
    ['-0', 0],
    [1, 1000],
    [1.0005, 1001],
    ['1.0005', 1001],
    ['1.0004999', 1000],
    [0.0005, 1],
    [0.000_499_9, 0],
    ['1e2', 100_000],
    ['2147483.647', 2_147_483_647],
    [5e-324, 0],
  ])('of %p is %d', (value, expected) => {
    expect(toMilliseconds(value)).toBe(expected);
  });

  test.each([
    -0.001,
    '-1',
    '2147483.648',
    2_147_483.648,
    1e21,
    '1e400',
    'NaN',
    'Infinity',
    '',
    '.5',
    '1.',
    '1 s',
    null,
    true,
    1n,
  ])('of %p is absent', (value) => {
    expect(toMilliseconds(value)).toBeUndefined();
  });

  test('rounds decimal seconds as by hand', () => {
    const decimals = fc.tuple(fc.nat(2_147_482), fc.nat(9_999_999));
    fc.assert(
      fc.property(decimals, ([whole, fraction]) => {
        const digits = String(fraction).padStart(7, '0');
        const expected = whole * 1000 + Number(digits.slice(0, 3)) + (Number(digits[3]) >= 5 ? 1 : 0);
        expect(toMilliseconds(`${whole}.${digits}`)).toBe(expected);
      }),
    );
  });

  test('returns an int32 from 0, or undefined, for any JSON', () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, fc.double(), fc.double().map(String)), (value) => {
        const found = toMilliseconds(value) ?? 0;
        expect(Number.isInteger(found) && found >= 0 && found < 2 ** 31).toBe(true);
      }),
    );
  });
});

describe('toBoolean', () => {
  test.each([
    [true, true],
    ['true', true],
    [' TRUE ', true],
    [false, false],
    ['False', false],
    ['yes', undefined],
    ['1', undefined],
    [1, undefined],
    [0, undefined],
    ['', undefined],
    [null, undefined],
  ])('of %p is %p', (value, expected) => {
    expect(toBoolean(value)).toBe(expected);
  });
});
