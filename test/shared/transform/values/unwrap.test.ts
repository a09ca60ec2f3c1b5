import * as fc from 'fast-check';
import { isObject, type Json, type JsonObject, parseJson } from '../../../../shared/json';
import { unwrap, wholeMembers } from '../../../../shared/transform/values/unwrap';
import { anyJson, hostileText, objectOf, writeJson } from '../../kit/valueKit';

const object = { direction: 'Out', n: [1, { a: '}' }], 'Tcp Flags': 18 };
const text = JSON.stringify(object);

describe('an object is unwrapped', () => {
  test.each<[string, Json]>([
    ['an object', object],
    ['its text', text],
    ['text with space around it', ` \n${text} `],
    ['text encoded twice', JSON.stringify(text)],
    ['a list of one', [object]],
    ['a list of its text', [text]],
    ['the text of a list of one', `[${text}]`],
    ['the text of a list of its text', JSON.stringify([text])],
    ['a list of one, encoded twice', JSON.stringify(`[${text}]`)],
  ])('%s', (_, value) => {
    expect(unwrap(value)).toEqual({ members: object, other: undefined, damaged: undefined });
  });

  test.each<[string, Json | undefined]>([
    ['nothing', undefined],
    ['null', null],
    ['a list of two', [object, object]],
    ['a list of a number', [7]],
    ['a list of a word', ['Out']],
    ['an empty list', []],
    ['a number', 7],
    ['a word', 'Out'],
  ])('not out of %s', (_, value) => {
    expect(unwrap(value)).toEqual({ members: {}, other: value, damaged: undefined });
  });

  test('at most three layers are unwrapped', () => {
    const layers = [text, text, text, text].reduce((inner) => JSON.stringify(inner), text);
    expect(unwrap(layers)).toMatchObject({ members: {}, damaged: undefined });
  });
});

function jsonOf(written: string): JsonObject {
  const value = parseJson(written);
  if (!isObject(value)) throw new TypeError('The test meant an object.');
  return value;
}

describe('the intact members of a damaged text are read', () => {
  test.each([
    ['{"a":"x","b":"y', { a: 'x' }],
    ['{"a":"x","b":', { a: 'x' }],
    ['{"a":"x","b"', { a: 'x' }],
    ['{"a":"x",', { a: 'x' }],
    ['{"a":"x"', { a: 'x' }],
    ['{"a":12', {}],
    ['{"a":12 ', { a: 12 }],
    ['{"a":12,', { a: 12 }],
    ['{"a":1.', {}],
    ['{"a":true', { a: true }],
    ['{"a":tru', {}],
    ['{"a":[1,2],"b":{"c":"}', { a: [1, 2] }],
    ['{"a":[1,2', {}],
    ['{"a":{"b":1}', { a: { b: 1 } }],
    ['{"a":"x\\', {}],
    ['{"a":"\\"","b":"\\\\","c":"', { a: '"', b: '\\' }],
    ['{"a":1,oops,"b":2}', { a: 1, b: 2 }],
    ['{"a":1,"a":2,"b', { a: 2 }],
    ['{"a":1}}', { a: 1 }],
    ['{"a":1} and more', { a: 1 }],
    ['  {"a":"x","', { a: 'x' }],
    ['{', {}],
    ['', {}],
    ['[{"a":1},', {}],
    ['[{"a":1,"b":"x', { a: 1 }],
    ['[{"a":1}]', { a: 1 }],
    [String.raw`"{\"a\":1,\"b\":\"x`, { a: 1 }],
    [String.raw`"{\"a\":1,\"b\":\"\u00`, { a: 1 }],
    [String.raw`"{\"a\":1,\"b`, { a: 1 }],
    ['"a":1', {}],
  ])('%s', (damaged, members) => {
    expect(wholeMembers(damaged)).toEqual(members);
  });

  test('`__proto__` is an ordinary key', () => {
    const members = wholeMembers('{"__proto__":{"direction":"In"},"a":1,"b');
    expect(Object.keys(members)).toEqual(['__proto__', 'a']);
    expect(members['direction']).toBeUndefined();
  });

  test('of a truncated text they are the first members of the original', () => {
    const members = fc.uniqueArray(fc.tuple(fc.oneof(fc.string(), hostileText), anyJson), {
      maxLength: 6,
      selector: ([key]) => key,
    });
    fc.assert(
      fc.property(members, fc.double({ min: 0, max: 1, noNaN: true }), (entries, part) => {
        const whole = objectOf(entries);
        const written = writeJson(whole);
        const cut = written.slice(0, Math.floor(written.length * part));
        const found = Object.entries(wholeMembers(cut));
        const all = Object.entries(jsonOf(written));
        expect(found).toEqual(all.slice(0, found.length));
        // One that was followed by another is found.
        const followed = all.filter((_, i) => writeJson(objectOf(all.slice(0, i + 1))).length <= cut.length);
        expect(found.length).toBeGreaterThanOrEqual(followed.length - 1);
      }),
    );
  });

  test('a large text of any kind takes linear time', () => {
    const size = 400_000;
    for (const piece of ['{"a":"', '{', '[', '\\"', ',', '{"a":1,', '"a":"b",', '}']) {
      const large = `{${piece.repeat(size / piece.length)}`;
      expect(Object.keys(wholeMembers(large)).length).toBeLessThanOrEqual(1);
      expect(unwrap(large).damaged ?? large).toBe(large);
    }
  });

  test('nothing throws', () => {
    fc.assert(fc.property(fc.oneof(anyJson, hostileText), (value) => expect(() => unwrap(value)).not.toThrow()));
  });
});
