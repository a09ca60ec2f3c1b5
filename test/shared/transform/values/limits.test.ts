import { isInAny, toAddressRange } from '../../../../shared/transform/values/addressRange';
import { toCode, toCount, toCountOfEvents, toMilliseconds } from '../../../../shared/transform/values/numbers';
import { entraObjectId } from '../../../../shared/transform/values/sid';
import { fitText, toText, trimDots } from '../../../../shared/transform/values/text';
import { fromFiletime, shifted, ticksBetween, toMoment } from '../../../../shared/transform/values/time';

// The values on both sides of each limit.

test('a part of an Entra SID takes 32 bits and no more; nothing may stand before or after the SID', () => {
  expect(entraObjectId('S-1-12-1-4294967295-0-0-0')).toBe('ffffffff-0000-0000-0000-000000000000');
  expect(entraObjectId('S-1-12-1-0-0-0-4294967296')).toBeUndefined();
  expect(entraObjectId('xS-1-12-1-1-2-3-4')).toBeUndefined();
  expect(entraObjectId('S-1-12-1-1-2-3-4x')).toBeUndefined();
});

test('a count is at least 0 and at most 2^63-1; past 2^53 it is a bigint', () => {
  expect([toCount(0), toCount('-1'), toCount(9007199254740991n), toCount(9007199254740993n)]).toEqual([
    0,
    undefined,
    9_007_199_254_740_991,
    9_007_199_254_740_993n,
  ]);
  expect([toCount('9223372036854775807'), toCount('9223372036854775808')]).toEqual([
    9_223_372_036_854_775_807n,
    undefined,
  ]);
});

test('a number of events is at least 1 and at most 2^31-1', () => {
  expect([0, 1, 2_147_483_647, 2_147_483_648].map((value) => toCountOfEvents(value))).toEqual([
    undefined,
    1,
    2_147_483_647,
    undefined,
  ]);
});

test('a duration is at least 0 and at most 2^31-1 milliseconds', () => {
  expect([toMilliseconds(0), toMilliseconds('-0.001'), toMilliseconds(-0.001)]).toEqual([0, undefined, undefined]);
  expect([toMilliseconds('2147483.647'), toMilliseconds('2147483.648')]).toEqual([2_147_483_647, undefined]);
  expect([toMilliseconds(1.0005), toMilliseconds(1e-7), toMilliseconds('1e3')]).toEqual([1001, 0, 1_000_000]);
});

test('a code has at most 9 digits', () => {
  expect([toCode('999999999'), toCode('1000000000'), toCode(' 250 OK'), toCode('x250')]).toEqual([
    999_999_999,
    undefined,
    250,
    undefined,
  ]);
});

test('a text is cut between letters, never inside one', () => {
  expect([fitText('ää', 4), fitText('ää', 3), fitText('ää', 2), fitText('ää', 1)]).toEqual(['ää', 'ä', 'ä', '']);
  expect([fitText('a€', 4), fitText('a€', 3)]).toEqual(['a€', 'a']);
});

test('`null` and `-` are no text, in any case and with spaces around; a longer word is a text', () => {
  expect([toText(' NULL '), toText('-'), toText('--'), toText('nulls'), toText(' 0 ')]).toEqual([
    undefined,
    undefined,
    '--',
    'nulls',
    '0',
  ]);
});

test('dots are removed at both ends, and everywhere if there is nothing else', () => {
  expect(['..a.b..', '.', '...', '', 'a'].map(trimDots)).toEqual(['a.b', '', '', '', 'a']);
});

const secondsOf = (time: string) => toMoment(`2026-11-20T${time}`)?.seconds;
const at = (text: string) => toMoment(text) ?? { seconds: '', ticks: '', epochSeconds: Number.NaN };

describe('a moment', () => {
  test('has hours to 23, minutes and seconds to 59, and a zone of at most 14:59', () => {
    expect(['23:59:59Z', '24:00:00Z', '00:60:00Z', '00:00:60Z'].map(secondsOf)).toEqual([
      '2026-11-20T23:59:59',
      undefined,
      undefined,
      undefined,
    ]);
    expect(['15:00:00+14:59', '15:00:00+15:00', '15:00:00+14:60'].map(secondsOf)).toEqual([
      '2026-11-20T00:01:00',
      undefined,
      undefined,
    ]);
    expect(['00:00:00-0130', '03:00:00+01:30'].map(secondsOf)).toEqual(['2026-11-20T01:30:00', '2026-11-20T01:30:00']);
  });

  test('lies in the years 1 to 9999 once its zone is counted', () => {
    expect(toMoment('0001-01-01T00:00:00Z')?.seconds).toBe('0001-01-01T00:00:00');
    expect(toMoment('0001-01-01T00:00:00+00:01')).toBeUndefined();
    expect(toMoment('9999-12-31T23:59:59Z')?.seconds).toBe('9999-12-31T23:59:59');
    expect(toMoment('9999-12-31T23:59:59-00:01')).toBeUndefined();
  });

  test('as a FILETIME begins with 1970 and keeps its seven digits', () => {
    expect(fromFiletime('116444736000000000')).toEqual({
      seconds: '1970-01-01T00:00:00',
      ticks: '0000000',
      epochSeconds: 0,
    });
    expect(fromFiletime('116444735999999999')).toBeUndefined();
    expect(fromFiletime(116_444_736_010_000_001n)).toMatchObject({ seconds: '1970-01-01T00:00:01', ticks: '0000001' });
  });

  test('is shifted by milliseconds both ways, and not past the years 1 and 9999', () => {
    expect(shifted(at('2026-11-20T00:00:00.0005Z'), -1)).toMatchObject({
      seconds: '2026-11-19T23:59:59',
      ticks: '9995000',
    });
    expect(shifted(at('2026-11-20T00:00:00.9995Z'), 1)).toMatchObject({
      seconds: '2026-11-20T00:00:01',
      ticks: '0005000',
    });
    expect(shifted(at('9999-12-31T23:59:59Z'), 999)?.ticks).toBe('9990000');
    expect(shifted(at('9999-12-31T23:59:59Z'), 1000)).toBeUndefined();
    expect(shifted(at('0001-01-01T00:00:00Z'), 0)?.seconds).toBe('0001-01-01T00:00:00');
    expect(shifted(at('0001-01-01T00:00:00Z'), -1)).toBeUndefined();
    expect(ticksBetween(at('2026-11-20T00:00:00.5Z'), at('2026-11-20T00:00:02.25Z'))).toBe(17_500_000);
  });
});

const within = (range: string, address: string): boolean | undefined => {
  const read = toAddressRange(range);
  return read === undefined ? undefined : isInAny(address, [read]);
};

describe('a range of addresses', () => {
  test('has as many bits as its address at most', () => {
    expect([within('10.0.0.8/32', '10.0.0.8'), within('10.0.0.8/33', '10.0.0.8')]).toEqual([true, undefined]);
    expect([within('::1/128', '::1'), within('::1/129', '::1')]).toEqual([true, undefined]);
    expect([within('0.0.0.0/0', '203.0.113.1'), within('10.0.0.0/08', '10.0.0.1')]).toEqual([true, undefined]);
  });

  test('written as IPv4 in IPv6 counts its bits behind the first 96', () => {
    expect([within('::ffff:10.0.0.0/104', '10.9.9.9'), within('::ffff:10.0.0.0/104', '11.0.0.1')]).toEqual([
      true,
      false,
    ]);
    expect([within('::ffff:10.0.0.0/96', '203.0.113.1'), within('::ffff:10.0.0.0/95', '10.0.0.1')]).toEqual([
      true,
      undefined,
    ]);
  });

  test('holds addresses of its own kind only', () => {
    expect([within('0.0.0.0/0', '::1'), within('::/0', '10.0.0.1'), within('10.0.0.0/8', '10.1.2.3')]).toEqual([
      false,
      false,
      true,
    ]);
    expect(isInAny(undefined, [])).toBe(false);
  });
});
