import { inspect, isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { type Json, NumberText, parseJson, parseJsonSource, stringifyJson } from '../../shared/json';
import { anyJson, anyText, bigInteger, objectOf, writeJson } from './kit/valueKit';

/** Same values, same prototypes, same keys; jest's own equality stumbles over keys such as `constructor`. */
function expectSame(found: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(found, expected)) expect(inspect(found)).toBe(inspect(expected));
  expect(isDeepStrictEqual(found, expected)).toBe(true);
}

/** What lies inside all the arrays. */
function deepest(value: Json): Json {
  let inner = value;
  while (Array.isArray(inner)) inner = inner[0] ?? 'none';
  return inner;
}

/** What JSON.parse makes of a text. */
function builtin(text: string): unknown {
  return JSON.parse(text);
}

describe('parseJson', () => {
  test('keeps every value exactly, including integers of up to 40 digits', () => {
    fc.assert(fc.property(anyJson, (value) => expectSame(parseJson(writeJson(value)), value)));
  });

  test('keeps long integers exact at any depth and beside any other value', () => {
    fc.assert(
      fc.property(bigInteger, anyJson, fc.nat(30), (big, other, depth) => {
        let value: Json = [other, big];
        for (let i = 0; i < depth; i++) value = i % 2 === 0 ? { ReportId: value, other } : [value];
        expectSame(parseJson(writeJson(value)), value);
      }),
    );
  });

  test.each([
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', 9_007_199_254_740_992n],
    ['9007199254740993', 9_007_199_254_740_993n],
    ['8999999999999999', 8_999_999_999_999_999],
    ['9007199254740992', 9_007_199_254_740_992n],
    ['10000000000000001', 10_000_000_000_000_001n],
    ['-9007199254740993', -9_007_199_254_740_993n],
    ['[ 639199916335081329 ]', [639_199_916_335_081_329n]],
    ['{"a" :\n9007199254740993}', { a: 9_007_199_254_740_993n }],
    ['[1,2,\t123456789012345678901234567890]', [1, 2, 123_456_789_012_345_678_901_234_567_890n]],
    ['1e3', 1000],
    ['1E-2', 0.01],
    ['12345678901234567.5', 12_345_678_901_234_568],
    ['"9007199254740993"', '9007199254740993'],
    ['[1e400,9007199254740993]', ['1e400', 9_007_199_254_740_993n]],
    ['-1e999', '-1e999'],
  ])('%s is read as %p', (text, expected) => {
    expect(parseJson(text)).toStrictEqual(expected);
  });

  const shortNumbered = fc.json().filter((text) => !/\d{16}|\de/i.test(text));
  test('equals JSON.parse for every text without long numbers', () => {
    fc.assert(fc.property(shortNumbered, (text) => expectSame(parseJson(text), builtin(text))));
  });

  test.each<[string, Json]>([
    // Digits in a string, also behind quotes, commas and colons that belong to it.
    ['{"a":"x,12345678901234567","b":12345678901234567}', { a: 'x,12345678901234567', b: 12345678901234567n }],
    ['["\\",:12345678901234567",12345678901234567]', ['",:12345678901234567', 12345678901234567n]],
    // The quote behind two backslashes ends the string.
    ['["\\\\",12345678901234567]', ['\\', 12345678901234567n]],
    [
      '[ 12345678901234567 ,\n-9007199254740993,9007199254740991]',
      [12345678901234567n, -9007199254740993n, 9007199254740991],
    ],
    ['12345678901234567', 12345678901234567n],
  ])('makes a long number exact where it is a value, and leaves it in a string: %s', (text, expected) => {
    expectSame(parseJson(text), expected);
  });

  test.each([
    '[012345678901234567]',
    '[12345678901234567-1]',
    '[12345678901234567,]',
    '["12345678901234567]',
    '{1e5:12345678901234567}',
  ])('rejects %s with the error that JSON.parse has for this text', (text) => {
    const errorOf = (parse: (text: string) => unknown): unknown => {
      try {
        return parse(text);
      } catch (error) {
        return error;
      }
    };
    expect(errorOf(builtin)).toBeInstanceOf(SyntaxError);
    expect(String(errorOf(parseJson))).toBe(String(errorOf(builtin)));
  });

  test('rejects what JSON.parse rejects', () => {
    const almostJson = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', ']', '"', '\\', '1', '.', 'e', '\u0000', ' '))
      .map(([text, at, put]) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + 1));
    fc.assert(
      fc.property(almostJson, (text) => {
        let expected: unknown;
        try {
          expected = builtin(text);
        } catch {
          expect(() => parseJson(text)).toThrow(SyntaxError);
          return;
        }
        if (!/\d{16}|\de/i.test(text)) expectSame(parseJson(text), expected);
      }),
    );
  });

  // A long number beside them sends the text through the lossless parser.
  const beside = [
    '{"a":1,"a":2}',
    '{"a":[],"a":{}}',
    '{"a":{},"a":[]}',
    '{"a":["x"],"a":{"0":"x"}}',
    '{"a":{"b":1},"a":null}',
    '{"a":1,"b":2,"a":1}',
    '{"__proto__":{"polluted":true}}',
    '{"__proto__":1,"__proto__":[2]}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"toString":null,"hasOwnProperty":1}',
    '{"":"","\\u0000":"\\ud800","\\"":"\\/"}',
    '[-0,0.1,1e2,123456.789e-3,0.1234567890123456789]',
    '[true,false,null,"",[],{}]',
  ];
  test.each(beside)('%s is the same with and without a long number beside it', (text) => {
    expectSame(parseJson(`[9007199254740993,${text}]`), [9_007_199_254_740_993n, builtin(text)]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('the last of equal keys wins, with and without a long number beside them', () => {
    const pair = fc.tuple(fc.constantFrom('a', 'b', '__proto__'), shortNumbered);
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 6 }), (pairs) => {
        const text = `{${pairs.map(([key, value]) => `"${key}":${value}`).join(',')}}`;
        expectSame(parseJson(text), builtin(text));
        expectSame(parseJson(`[9007199254740993,${text}]`), [9_007_199_254_740_993n, builtin(text)]);
      }),
    );
  });

  test('reads text nested 200,000 levels deep, also with a long number in it', () => {
    const depth = 200_000;
    expect(deepest(parseJson(`${'['.repeat(depth)}1${']'.repeat(depth)}`))).toBe(1);
    expect(deepest(parseJson(`${'['.repeat(depth)}9007199254740993${']'.repeat(depth)}`))).toBe(9_007_199_254_740_993n);
  });
});

describe('parseJsonSource', () => {
  test('keeps every number as the text has it', () => {
    expect(parseJsonSource('{"a":1.0,"b":[1E5,-0,9007199254740993],"c":1e400}')).toStrictEqual({
      a: new NumberText('1.0'),
      b: [new NumberText('1E5'), new NumberText('-0'), new NumberText('9007199254740993')],
      c: new NumberText('1e400'),
    });
  });
});

describe('stringifyJson', () => {
  test('writes what parseJson reads back, including long integers', () => {
    const object = fc.array(fc.tuple(anyText, anyJson), { maxLength: 5 }).map(objectOf);
    fc.assert(
      fc.property(object, (value) => {
        expectSame(parseJson(stringifyJson(value)), value);
      }),
    );
  });

  test('equals JSON.stringify without long numbers', () => {
    fc.assert(
      fc.property(fc.object({ withNullPrototype: false }), (value) => {
        expect(stringifyJson(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  test('writes a bigint as bare digits anywhere', () => {
    expect(stringifyJson({ a: 2n ** 63n - 1n, b: [-(2n ** 70n)], c: { toJSON: 'text' } })).toBe(
      '{"a":9223372036854775807,"b":[-1180591620717411303424],"c":{"toJSON":"text"}}',
    );
  });
});

/** Microseconds of processor time, which a busy machine does not lengthen; the best of three. */
function cost(text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++) {
    const before = process.cpuUsage();
    parseJson(text);
    best = Math.min(best, process.cpuUsage(before).user);
  }
  return best;
}

describe('time', () => {
  const hostile: Record<string, (size: number) => string> = {
    'spaces before a comma': (size) => `[1${' '.repeat(size)},1]`,
    'many short numbers': (size) => `[${'1,'.repeat(size / 2)}1]`,
    'digits in a string': (size) => JSON.stringify('1'.repeat(size)),
    'separators in a string': (size) => JSON.stringify(':,['.repeat(size / 3)),
    'one number of all digits': (size) => '1'.repeat(size),
    'one fraction of all digits': (size) => `1.${'1'.repeat(size)}`,
    'long numbers one by one': (size) => `[${'9007199254740993,'.repeat(size / 17)}1]`,
    'the same key again and again': (size) => `{${'"a":[1,2],'.repeat(size / 10)}"a":9007199254740993}`,
    'escapes beside a long number': (size) => `["${'\\u0041'.repeat(size / 6)}",9007199254740993]`,
  };
  const floor = 2000;

  test.each(Object.keys(hostile))('is linear in the length of the text: %s', (name) => {
    const make = hostile[name] ?? String;
    cost(make(20_000));
    expect(cost(make(160_000))).toBeLessThan(24 * Math.max(floor, cost(make(20_000))));
  });
});
