import * as fc from 'fast-check';
import { type AmqpValue, Described, decodeValue, encode, MalformedAmqp, valueEnd } from '../../src/eventhubs/encoding';

function decodeHex(hex: string): AmqpValue {
  return decodeValue(Buffer.from(hex, 'hex'), 0).value;
}

describe('AMQP values, against the encodings of OASIS AMQP 1.0 part 1, 1.6', () => {
  test.each([
    ['null', '40', null],
    ['true', '41', true],
    ['false as a byte', '5600', false],
    ['uint zero', '43', 0],
    ['small uint', '52ff', 255],
    ['uint', '70ffffffff', 4294967295],
    ['small ulong', '5372', 114],
    ['int', '71fffffffe', -2],
    ['small int', '54ff', -1],
    ['long', '81ffffffffffffffff', -1],
    ['long beyond 2^53', '817fffffffffffffff', 9223372036854775807n],
    ['short string', 'a10568656c6c6f', 'hello'],
    ['long string in UTF-8', 'b100000002c3a9', 'é'],
    ['symbol', 'a30161', 'a'],
    ['timestamp', '83000000000000000a', new Date(10)],
    ['empty list', '45', []],
    ['list of one byte counts', 'c0050252015202', [1, 2]],
    ['array of small ints', 'e00402540102', [1, 2]],
  ])('%s is read', (_name, hex, expected) => {
    expect(decodeHex(hex)).toStrictEqual(expected);
  });

  test('a map is read with its pairs in order', () => {
    const map = new Map<AmqpValue, AmqpValue>([
      ['a', 1],
      [2, 3],
    ]);
    expect(decodeHex('c10a04a30161520152025203')).toStrictEqual(map);
  });

  test('a described value keeps its descriptor', () => {
    expect(decodeHex('00537240')).toStrictEqual(new Described(0x72, null));
  });

  test.each([
    ['nothing at all', ''],
    ['a string shorter than it says', 'a10561'],
    ['a constructor that does not exist', 'c5'],
    ['a list with more elements than bytes', 'd0000000087fffffff40404040'],
    ['an array of four billion nulls', 'f000000005ffffffff40'],
    ['a map with a key and no value', 'c1020140'],
    ['a list shorter than its length', 'c006025201520200'],
    ['descriptors nested without end', '00'.repeat(1000)],
    ['lists nested without end', 'd000000400000000ff'.repeat(200)],
  ])('%s is rejected as malformed', (_name, hex) => {
    expect(() => decodeHex(hex)).toThrow(MalformedAmqp);
  });

  test('any bytes give a value inside the buffer or MalformedAmqp', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(decodeValue(Buffer.from(bytes), 0).end).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedAmqp);
        }
      }),
    );
  });

  test('what is written can be read back, and skipped exactly', () => {
    const written = fc.oneof(
      fc
        .record({ value: fc.string({ unit: 'grapheme' }) })
        .map(({ value }) => ({ value, bytes: encode.string(value) })),
      fc.integer().map((value) => ({ value, bytes: encode.int(value) })),
      fc.maxSafeInteger().map((value) => ({ value, bytes: encode.long(value) })),
      fc.boolean().map((value) => ({ value, bytes: encode.boolean(value) })),
      fc.array(fc.string()).map((value) => ({ value, bytes: encode.strings(value) })),
      fc.uint8Array().map((value) => ({ value: Buffer.from(value), bytes: encode.binary(Buffer.from(value)) })),
    );
    fc.assert(
      fc.property(written, fc.uint8Array({ maxLength: 8 }), ({ value, bytes }, after) => {
        const buffer = Buffer.concat([bytes, after]);
        expect(decodeValue(buffer, 0)).toStrictEqual({ value, end: bytes.length });
        expect(valueEnd(buffer, 0)).toBe(bytes.length);
      }),
    );
  });
});
