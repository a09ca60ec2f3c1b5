import * as fc from 'fast-check';
import type { Json } from '../../../../shared/json';
import {
  fromFiletime,
  ticksBetween,
  toDatetime,
  toMoment,
  toTicksText,
} from '../../../../shared/transform/values/time';
import { anyJson } from '../../kit/valueKit';

function ticksText(value: unknown): string | undefined {
  const moment = typeof value === 'string' ? toMoment(value) : undefined;
  return moment && toTicksText(moment);
}

const year0001 = new Date('0001-01-01T00:00:00.000Z').getTime();
const year9999 = new Date('9999-12-31T23:59:59.999Z').getTime();
const milliseconds = fc.integer({ min: year0001, max: year9999 });

describe('toMoment', () => {
  test.each([
    ['2026-11-21T08:15:28.18835Z', '2026-11-21T08:15:28.1883500Z'],
    ['2026-11-21T08:15:28Z', '2026-11-21T08:15:28.0000000Z'],
    ['2026-11-21T08:15:28', '2026-11-21T08:15:28.0000000Z'],
    ['2026-11-21 08:15:28.1', '2026-11-21T08:15:28.1000000Z'],
    ['2026-11-21t08:15:28.9999999999999z', '2026-11-21T08:15:28.9999999Z'],
    [' 2026-11-21T08:15:28Z ', '2026-11-21T08:15:28.0000000Z'],
    ['2026-11-21T08:15:28+02:00', '2026-11-21T06:15:28.0000000Z'],
    ['2026-01-01T00:30:00.5+0130', '2025-12-31T23:00:00.5000000Z'],
    ['2026-12-31T23:30:00-01:00', '2027-01-01T00:30:00.0000000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.0000000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.0000000Z'],
    ['0099-01-01T00:00:00Z', '0099-01-01T00:00:00.0000000Z'],
    ['1969-12-31T23:59:59.9Z', '1969-12-31T23:59:59.9000000Z'],
  ])('%s is %s', (text, expected) => {
    expect(ticksText(text)).toBe(expected);
  });

  test.each([
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T23:60:00Z',
    '2026-12-31T23:59:60Z',
    '2026-01-01T00:00:00+15:00',
    '2026-01-01T00:00:00+01:60',
    '2026-01-01T00:00Z',
    '2026-01-01',
    '20260101T000000Z',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-00:01',
    '+002026-01-01T00:00:00Z',
    '2026-01-01T00:00:00.Z',
    '２０２６-01-01T00:00:00Z',
    '1764000000',
    'now',
    '',
  ])('%p is no time', (text) => {
    expect(toMoment(text)).toBeUndefined();
  });

  test('reads what Date writes, in any zone, as the same time', () => {
    fc.assert(
      fc.property(milliseconds, fc.integer({ min: -14 * 60, max: 14 * 60 }), (time, offset) => {
        const local = new Date(time + offset * 60_000);
        fc.pre(!Number.isNaN(local.getTime()) && local.getTime() >= year0001 && local.getTime() <= year9999);
        const away = Math.abs(offset);
        const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(away / 60))}:${two(away % 60)}`;
        const expected = new Date(time).toISOString().replace('Z', '0000Z');
        expect(ticksText(new Date(time).toISOString())).toBe(expected);
        expect(ticksText(local.toISOString().replace('Z', zone))).toBe(expected);
      }),
    );
  });

  test('accepts any JSON, and reads its own output as the same time', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const moment = toMoment(value);
        if (moment !== undefined) expect(toMoment(toTicksText(moment))).toEqual(moment);
      }),
    );
  });

  test('a number is not a time', () => {
    expect([toMoment(1_764_000_000), toMoment(20260101n), toMoment(null), toMoment([])]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('toDatetime', () => {
  test('has six decimals, truncated', () => {
    expect(['2026-11-21T08:15:28.9999999Z', '2026-11-21T08:15:28Z'].map((text) => datetimeOf(text))).toEqual([
      '2026-11-21T08:15:28.999999Z',
      '2026-11-21T08:15:28.000000Z',
    ]);
  });
});

function datetimeOf(text: string): string | undefined {
  const moment = toMoment(text);
  return moment && toDatetime(moment);
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function filetimeText(value: Json): string | undefined {
  const moment = fromFiletime(value);
  return moment && toTicksText(moment);
}

describe('fromFiletime', () => {
  test.each([
    ['116444736000000000', '1970-01-01T00:00:00.0000000Z'],
    ['133774857281883500', '2024-12-01T00:15:28.1883500Z'],
    [133_774_857_281_883_500n, '2024-12-01T00:15:28.1883500Z'],
    ['116444736000000001', '1970-01-01T00:00:00.0000001Z'],
  ])('%p is %s', (value, expected) => {
    expect(filetimeText(value)).toBe(expected);
  });

  test.each(['116444735999999999', '9999999999999999999', '0', '-133774857281883500', '1.3e17', '', null, true])(
    '%p is no time',
    (value) => {
      expect(fromFiletime(value)).toBeUndefined();
    },
  );

  test('returns the time at its distance from 1601', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2_534_023_007_999_999_999n }), (ticks) => {
        const expected = new Date(Number(ticks / 10_000n)).toISOString().slice(0, 23);
        const digits = String(ticks % 10_000n).padStart(4, '0');
        expect(filetimeText(String(ticks + 116_444_736_000_000_000n))).toBe(`${expected}${digits}Z`);
      }),
    );
  });

  test('accepts any JSON', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(filetimeText(value) ?? '1970-01-01T00:00:00.0000000Z').toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{7}Z$/);
      }),
    );
  });
});

describe('ticksBetween', () => {
  test('counts units of 100 ns from the earlier time to the later one', () => {
    const [a, b] = [toMoment('2026-01-01T00:00:59.9999999Z'), toMoment('2026-01-01T00:01:01Z')];
    expect(a && b && [ticksBetween(a, b), ticksBetween(b, a), ticksBetween(a, a)]).toEqual([
      10_000_001, -10_000_001, 0,
    ]);
  });
});
