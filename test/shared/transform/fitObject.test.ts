import * as fc from 'fast-check';
import type { Json, JsonObject } from '../../../shared/json';
import { fitObject } from '../../../shared/transform/fitObject';
import { longText } from '../kit/recordKit';
import { anyJson, anyText, deepFreeze, objectOf, writeJson } from '../kit/valueKit';

const limit = 60_000;

function bytesOf(object: JsonObject): number {
  return Buffer.byteLength(writeJson(object));
}

function nested(depth: number): Json {
  let value: Json = 'deepest';
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? { a: value } : [value];
  return value;
}

function depthOf(value: Json): number {
  return typeof value === 'object' && value !== null
    ? 1 + Object.values(value).reduce((most: number, inner: Json) => Math.max(most, depthOf(inner)), 0)
    : 0;
}

function listOf(length: number): Json {
  return Array.from({ length }, () => 12_345);
}

describe('fitObject', () => {
  test('copies a small object without nulls, at every level', () => {
    expect(
      fitObject({ a: null, b: { c: null, d: [null, 1, { e: null }] }, f: '', g: undefined, h: 0, i: false }),
    ).toEqual({
      b: { d: [1, {}] },
      f: '',
      h: 0,
      i: false,
    });
  });

  test('replaces lone surrogates in keys and texts with U+FFFD', () => {
    expect(fitObject({ '\ud800': ['\udc00x'] })).toEqual({ '\ufffd': ['\ufffdx'] });
  });

  test('treats __proto__ as an ordinary key', () => {
    const fitted = fitObject(objectOf([['__proto__', { polluted: objectOf([['__proto__', 1]]) }]]));
    expect(JSON.stringify(fitted)).toBe('{"__proto__":{"polluted":{"__proto__":1}}}');
    expect(Object.getPrototypeOf(fitted)).toBe(Object.prototype);
  });

  test.each([0, 1, 2, 17])('keeps an object at the limit, and cuts one that is %d bytes larger', (more) => {
    const text = 'a'.repeat(limit - '{"x":""}'.length + more);
    const fitted = fitObject({ x: text });
    expect(bytesOf(fitted)).toBeLessThanOrEqual(limit);
    expect(fitted['Truncated']).toBe(more === 0 ? undefined : true);
    expect(fitted['x'] === text).toBe(more === 0);
  });

  test('cuts the command line first, then the packet content, then the longest, and only as much as needed', () => {
    const [short, middle, long] = ['s'.repeat(1000), 'm'.repeat(20_000), 'l'.repeat(30_000)];
    const fitted = fitObject({
      short,
      long,
      InitiatingProcess: { CommandLine: middle },
      Detail: { SamplePacketContent: short },
    });
    expect(fitted).toMatchObject({
      short,
      long,
      Detail: { SamplePacketContent: short },
      InitiatingProcess: { CommandLine: middle },
    });

    const tight = fitObject({
      short,
      long,
      more: middle,
      InitiatingProcess: { CommandLine: middle },
      Detail: { SamplePacketContent: short },
    });
    expect(tight).toMatchObject({ short, long, more: middle, Detail: { SamplePacketContent: short }, Truncated: true });
    expect(JSON.stringify(tight['InitiatingProcess'])).toMatch(/^\{"CommandLine":"m+"\}$/);
    expect(bytesOf(tight)).toBeGreaterThan(limit - 100);

    const tighter = fitObject({
      short,
      long,
      more: long,
      InitiatingProcess: { CommandLine: middle },
      Detail: { SamplePacketContent: short },
    });
    expect(tighter['InitiatingProcess']).toEqual({});
    expect(tighter['Detail']).toEqual({});
    expect([tighter['long'], tighter['more']].filter((text) => text === long)).toHaveLength(1);
  });

  // Without the text the JSON takes 31 bytes, which leaves 59,969: no multiple of 2, and 2 more than one of 3.
  test.each([
    ['a', limit],
    ['"', limit - 1],
    ['€', limit - 2],
  ])('fills the limit when it cuts a text of %j', (character, bytes) => {
    const fitted = fitObject({ n: 1, x: character.repeat(limit) });
    expect(bytesOf(fitted)).toBe(bytes);
    expect(fitted).toMatchObject({ n: 1, Truncated: true });
  });

  test('removes a value that is no text whole, and only the largest one if that is enough', () => {
    const fitted = fitObject({ small: listOf(2000), large: listOf(9000), text: 'x'.repeat(100) });
    expect(fitted).toEqual({ small: listOf(2000), text: 'x'.repeat(100), Truncated: true });
  });

  test('never cuts a `Truncated`, at the top or one level down', () => {
    const fitted = fitObject({ a: { Truncated: 'was cut', long: 'x'.repeat(limit) }, Truncated: 'so was this' });
    expect(fitted).toMatchObject({ a: { Truncated: 'was cut' }, Truncated: true });
    expect(bytesOf(fitted)).toBe(limit);
  });

  test('removes objects from the top only when nothing in them is left to cut', () => {
    const fitted = fitObject({ ['k'.repeat(limit)]: {}, a: {}, b: { c: 1 } });
    expect(fitted).toEqual({ a: {}, b: {}, Truncated: true });
  });

  test.each<[string, (inner: Json) => Json]>([
    ['objects', (inner) => ({ a: inner })],
    ['lists', (inner) => [inner]],
  ])('keeps 32 levels of %s, and cuts the next one', (_, around) => {
    const levels = (count: number): Json =>
      Array.from({ length: count }).reduce<Json>((inner) => around(inner), 'deepest');
    expect(fitObject({ top: levels(31) })).toEqual({ top: levels(31) });
    const cut = fitObject({ top: levels(32) });
    expect([JSON.stringify(cut).includes('deepest'), cut['Truncated'], depthOf(cut)]).toEqual([false, true, 32]);
  });

  const hostile: [string, JsonObject][] = [
    ['many small fields', objectOf(Array.from({ length: 20_000 }, (_, i) => [`key${i}`, i]))],
    [
      'many small fields one level down',
      { Unmapped: objectOf(Array.from({ length: 20_000 }, (_, i) => [`key${i}`, i])) },
    ],
    ['many small objects', objectOf(Array.from({ length: 10_000 }, (_, i) => [`key${i}`, {}]))],
    ['many small objects with a field', objectOf(Array.from({ length: 10_000 }, (_, i) => [`key${i}`, { a: 1 }]))],
    ['a huge key', { ['k'.repeat(100_000)]: 1 }],
    ['a huge key of an object', { ['k'.repeat(100_000)]: { a: 1 }, b: 2 }],
    ['a huge key of an empty object', { ['k'.repeat(100_000)]: {} }],
    ['a huge key one level down', { a: { ['k'.repeat(100_000)]: 1, b: 2 } }],
    ['huge keys of bytes that JSON escapes', { ['\u0000'.repeat(20_000)]: { a: '\u0001'.repeat(20_000) } }],
    ['a huge array', { a: Array.from({ length: 50_000 }, (_, i) => i) }],
    ['a huge number', { a: 10n ** 63n, b: Array.from({ length: 2000 }, () => -(10n ** 63n)) }],
    ['a text of emojis', { a: '😀'.repeat(30_000) }],
    ['a Truncated of its own', { Truncated: 'x'.repeat(100_000), a: 1 }],
    ['__proto__ with a huge text', objectOf([['__proto__', 'x'.repeat(100_000)]])],
  ];
  test.each(hostile)('never exceeds the limit and marks the object as truncated: %s', (_, object) => {
    const fitted = fitObject(deepFreeze(object));
    expect(bytesOf(fitted)).toBeLessThanOrEqual(limit);
    expect(fitted['Truncated']).toBe(true);
    expect(Object.getPrototypeOf(fitted)).toBe(Object.prototype);
  });

  test('cuts an object of 200,000 levels and marks it as truncated', () => {
    const fitted = fitObject({ a: nested(200_000), b: 1 });
    expect(depthOf(fitted)).toBeLessThanOrEqual(40);
    expect(fitted).toMatchObject({ b: 1, Truncated: true });
  });

  test('never exceeds the limit for any content, and never changes its argument', () => {
    const value = fc.oneof({ weight: 5, arbitrary: anyJson }, { weight: 1, arbitrary: longText });
    const inner = fc.array(fc.tuple(anyText, value), { maxLength: 5 }).map(objectOf);
    const entry = fc.tuple(fc.oneof(anyText, fc.constantFrom('Truncated', '__proto__')), fc.oneof(value, inner));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }).map(objectOf), (object) => {
        const fitted = fitObject(deepFreeze(object));
        expect(bytesOf(fitted)).toBeLessThanOrEqual(limit);
        expect(writeJson(fitObject(fitted))).toBe(writeJson(fitted));
      }),
      { numRuns: 60 },
    );
  });
});
