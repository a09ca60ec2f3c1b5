import * as fc from 'fast-check';
import { elementsOf, membersOf, stringOf } from '../../src/ingestion/jsonText';
import { unicodeText } from '../unicodeText';

test('elements are the texts between the commas, whatever they contain', () => {
  const text = ' [ {"a":"]\\"}"} ,[1,[2]],"\\\\", -1.50e+2,\n{} ,null,"," ]';
  expect(elementsOf(text)).toEqual(['{"a":"]\\"}"}', '[1,[2]]', '"\\\\"', '-1.50e+2', '{}', 'null', '","']);
});

test('members are decoded names and unchanged values, repeated names included', () => {
  expect(membersOf('{"a" : 1.0 ,"\\u0061":{"b":[]},"":"}"}')).toEqual([
    { name: 'a', value: '1.0', text: '"a" : 1.0' },
    { name: 'a', value: '{"b":[]}', text: '"\\u0061":{"b":[]}' },
    { name: '', value: '"}"', text: '"":"}"' },
  ]);
});

test('empty arrays and objects have no elements and members', () => {
  expect(elementsOf(' [ ] ')).toEqual([]);
  expect(membersOf('{\n}')).toEqual([]);
});

test('a string of backslashes takes time in proportion to its length', () => {
  const literal = `"${'\\\\'.repeat(200_000)}\\""`;
  expect(elementsOf(`[${literal}]`)).toEqual([literal]);
});

// JSON.parse is the independent judge: what it makes of the pieces is what it makes of the whole.
test('any array is split into texts that parse to its elements', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.nat(3), (values, indent) => {
      const text = JSON.stringify(values, undefined, indent);
      expect(elementsOf(text).map((element): unknown => JSON.parse(element))).toEqual(JSON.parse(text));
    }),
  );
});

test('any object is split into texts that parse to its names and values', () => {
  fc.assert(
    fc.property(fc.dictionary(unicodeText, fc.jsonValue()), fc.nat(3), (object, indent) => {
      const members = membersOf(JSON.stringify(object, undefined, indent));
      expect(members.map(({ name, value }): unknown => [name, JSON.parse(value)])).toEqual(
        Object.entries(object).map(([name, value]): unknown => [name, JSON.parse(JSON.stringify(value))]),
      );
    }),
  );
});

test('any string is read from its literal', () => {
  fc.assert(
    fc.property(unicodeText, (text) => {
      expect(stringOf(JSON.stringify(text))).toBe(text);
    }),
  );
});
