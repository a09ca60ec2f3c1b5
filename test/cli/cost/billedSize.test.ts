import * as fc from 'fast-check';
import { auxiliaryRowBytes, columnBytes, keyBytes, sumOf, valueBytes } from '../../../cli/cost/billedSize';
import { type Json, stringifyJson } from '../../../shared/json';

test('a row weighs the text of its values: no names, quotes or escapes; each figure was counted by hand', () => {
  const row = {
    // 27 characters
    TimeGenerated: '2026-11-21T08:15:28.188350Z',
    // Five digits, and a sign counts
    DstPortNumber: 50123,
    SrcGeoLatitude: -1.5,
    // 2^53 + 1, 16 digits
    DstBytes: 9_007_199_254_740_993n,
    // 6 characters of which one takes two bytes in UTF-8, one takes four; JSON would write \" for one
    UrlOriginal: 'a"bé😀c',
    // {"a":[1,"x"],"b":null} without spaces
    AdditionalFields: { a: [1, 'x'], b: null },
    EventMessage: '',
  };
  expect(Object.fromEntries(columnBytes(row))).toEqual({
    TimeGenerated: 27,
    DstPortNumber: 5,
    SrcGeoLatitude: 4,
    DstBytes: 16,
    UrlOriginal: 10,
    AdditionalFields: 22,
    EventMessage: 0,
  });
  expect(sumOf(columnBytes(row))).toBe(84);
});

test('standard columns that Microsoft excludes are not counted', () => {
  const excluded = {
    _ResourceId: '/x',
    _SubscriptionId: 's',
    _ItemId: 'i',
    _IsBillable: 'true',
    _BilledSize: 7,
    Type: 'T',
  };
  expect(columnBytes({ ...excluded, EventVendor: 'Microsoft' })).toEqual(new Map([['EventVendor', 9]]));
});

test('in each row of Auxiliary the name of the table and the id of the workspace count: 18 and 36 bytes', () => {
  expect(auxiliaryRowBytes).toBe(54);
});

test('null and booleans weigh what their text does', () => {
  expect([null, true, false].map(valueBytes)).toEqual([0, 4, 5]);
});

test('a key of AdditionalFields weighs its name, its value, the colon, the quotes and a comma', () => {
  const fields = { DeviceId: 'abc', InitiatingProcess: { Id: 42, FileName: 'x"y' }, Detail: { a: 1 } };
  expect(Object.fromEntries(keyBytes(fields))).toEqual({
    // "DeviceId":"abc",
    DeviceId: 17,
    // "Id":42,
    'InitiatingProcess.Id': 8,
    // "FileName":"x\"y",
    'InitiatingProcess.FileName': 18,
    // "Detail":{"a":1},
    Detail: 17,
  });
});

const { anyJson } = fc.letrec<{ anyJson: Json }>((tie) => ({
  anyJson: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('anyJson'), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie('anyJson'), { maxKeys: 3 }),
  ),
}));

test('the keys of any object weigh together what the object does, but for one brace', () => {
  const anyObject = fc.dictionary(
    fc.string({ minLength: 1 }).filter((key) => key !== 'InitiatingProcess'),
    anyJson,
    { minKeys: 1 },
  );
  fc.assert(
    fc.property(anyObject, (fields) => {
      expect(sumOf(keyBytes(fields)) + 1).toBe(Buffer.byteLength(stringifyJson(fields)));
    }),
  );
});
