import { applyOperations, mergePatch, readOperation } from '../../../scripts/cases/jsonPatch';
import { type Json, parseJson, stringifyJson } from '../../../shared/json';

function patched(target: string, patch: string): string {
  return stringifyJson([mergePatch(parseJson(target), parseJson(patch))]).slice(1, -1);
}

function operated(target: string, ...operations: Json[]): string {
  return stringifyJson([applyOperations(parseJson(target), operations.map(readOperation))]).slice(1, -1);
}

describe('a merge patch', () => {
  test.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', 'null', 'null'],
    ['{"a":"foo"}', '"bar"', '"bar"'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('of the examples of RFC 7396: %s changed by %s is %s', (target, patch, result) => {
    expect(patched(target, patch)).toBe(result);
  });

  test('leaves every key where it stands, and puts new ones last', () => {
    expect(patched('{"c":1,"a":1,"b":1}', '{"new":2,"a":2}')).toBe('{"c":1,"a":2,"b":1,"new":2}');
  });

  test('treats __proto__ and constructor as keys like any other', () => {
    expect(patched('{"a":1}', '{"__proto__":{"x":1},"constructor":2,"b":3}')).toBe(
      '{"a":1,"__proto__":{"x":1},"constructor":2,"b":3}',
    );
    expect(patched('{"__proto__":{"x":1,"y":2}}', '{"__proto__":{"x":null}}')).toBe('{"__proto__":{"y":2}}');
  });

  test('keeps integers past 2^53 exact', () => {
    expect(patched('{"a":9007199254740993}', '{"b":9007199254740995}')).toBe(
      '{"a":9007199254740993,"b":9007199254740995}',
    );
  });

  test('changes a copy', () => {
    const target = { a: { b: 1 } };
    mergePatch(target, { a: { b: 2 } });
    expect(target).toEqual({ a: { b: 1 } });
  });
});

describe('operations', () => {
  test.each([
    ['a member is added', '{"foo":"bar"}', { op: 'add', path: '/baz', value: 'qux' }, '{"foo":"bar","baz":"qux"}'],
    [
      'an element is added',
      '{"foo":["bar","baz"]}',
      { op: 'add', path: '/foo/1', value: 'qux' },
      '{"foo":["bar","qux","baz"]}',
    ],
    ['a member is removed', '{"baz":"qux","foo":"bar"}', { op: 'remove', path: '/baz' }, '{"foo":"bar"}'],
    ['an element is removed', '{"foo":["bar","qux","baz"]}', { op: 'remove', path: '/foo/1' }, '{"foo":["bar","baz"]}'],
    [
      'a value is replaced',
      '{"baz":"qux","foo":"bar"}',
      { op: 'replace', path: '/baz', value: 'boo' },
      '{"baz":"boo","foo":"bar"}',
    ],
    [
      'an object is added',
      '{"foo":"bar"}',
      { op: 'add', path: '/child', value: { grandchild: {} } },
      '{"foo":"bar","child":{"grandchild":{}}}',
    ],
    ['~01 is ~1', '{"/":9,"~1":10}', { op: 'replace', path: '/~01', value: 11 }, '{"/":9,"~1":11}'],
    [
      'an array is added to an array',
      '{"foo":["bar"]}',
      { op: 'add', path: '/foo/-', value: ['abc', 'def'] },
      '{"foo":["bar",["abc","def"]]}',
    ],
  ])('of the examples of RFC 6902: %s', (_, target, operation, result) => {
    expect(operated(target, operation)).toBe(result);
  });

  test('apply one after the other, inside arrays too', () => {
    const first = { op: 'replace', path: '/rows/1/a', value: null };
    expect(operated('{"rows":[{"a":1},{"a":2},{"a":3}]}', first, { op: 'remove', path: '/rows/0' })).toBe(
      '{"rows":[{"a":null},{"a":3}]}',
    );
  });

  test('treat __proto__ as a key like any other, in a path and in a value', () => {
    expect(operated('{"a":{}}', { op: 'add', path: '/a/__proto__', value: { x: null } })).toBe(
      '{"a":{"__proto__":{"x":null}}}',
    );
    const value = parseJson('{"__proto__":{"x":1}}');
    expect(operated('{"a":{}}', { op: 'replace', path: '/a', value })).toBe('{"a":{"__proto__":{"x":1}}}');
  });

  test.each([
    [{ op: 'add', path: '/baz/bat', value: 'qux' }, 'add /baz/bat: there is no "baz"'],
    [{ op: 'remove', path: '/baz' }, 'remove /baz: there is no "baz"'],
    [{ op: 'replace', path: '/list/2', value: 1 }, 'replace /list/2: the array has 2 elements, none at 2'],
    [{ op: 'add', path: '/list/3', value: 1 }, 'add /list/3: the array has 2 elements, none at 3'],
    [{ op: 'remove', path: '/list/-' }, 'remove /list/-: the array has 2 elements, none at -'],
    [{ op: 'add', path: '/list/01', value: 1 }, 'add /list/01: the array has 2 elements, none at 01'],
    [{ op: 'replace', path: '/list/x', value: 1 }, 'replace /list/x: the array has 2 elements, none at x'],
    [{ op: 'remove', path: '/list/length' }, 'remove /list/length: the array has 2 elements, none at length'],
    [{ op: 'remove', path: '/toString' }, 'remove /toString: there is no "toString"'],
    [{ op: 'add', path: '/foo/x', value: 1 }, 'add /foo/x: there is no object or array that could hold "x"'],
    [{ op: 'add', path: 'foo', value: 1 }, 'add foo: a path begins with /'],
    [{ op: 'remove', path: '' }, 'remove : the whole value cannot be removed'],
  ])('on a path that does not exist are an error that names the path: %j', (operation, message) => {
    expect(() => operated('{"foo":"bar","list":[1,2]}', operation)).toThrow(message);
  });

  test.each([
    [{ op: 'move', from: '/a', path: '/b' }],
    [{ op: 'replace', path: '/a' }],
    [{ op: 'remove', path: '/a', value: 1 }],
    [{ op: 'add', value: 1 }],
    ['remove /a'],
  ])('of another form are rejected: %j', (operation) => {
    expect(() => readOperation(operation)).toThrow(`an operation is { "op": "add" or "replace"`);
    expect(() => readOperation(operation)).toThrow(`not ${JSON.stringify(operation)}`);
  });
});
