import * as fc from 'fast-check';
import { fitText, toText, trimDots } from '../../../../shared/transform/values/text';
import { anyJson, anyText, hostileText } from '../../kit/valueKit';

describe('toText', () => {
  test.each([
    ['a', 'a'],
    [' a b ', 'a b'],
    ['nullable', 'nullable'],
    ['--', '--'],
    [0, '0'],
    [-1.5, '-1.5'],
    [9_007_199_254_740_993n, '9007199254740993'],
  ])('of %p is %p', (value, expected) => {
    expect(toText(value)).toBe(expected);
  });

  test.each(['', ' ', '-', ' - ', 'null', 'NULL', ' Null\n', '\ufeff', true, null, undefined, [[]], {}])(
    'of %p is absent',
    (value) => {
      expect(toText(value)).toBeUndefined();
    },
  );

  test('returns a text that is not empty, or undefined, and its own output unchanged', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = toText(value);
        if (text === undefined) return;
        expect(['', '-', 'null']).not.toContain(text.trim().toLowerCase());
        expect(toText(text)).toBe(text);
      }),
    );
  });
});

describe('fitText', () => {
  test.each([
    ['a'.repeat(65_536), 65_536],
    ['a'.repeat(65_537), 65_536],
    ['€'.repeat(21_845), 65_535],
    ['€'.repeat(21_846), 65_535],
    [`a${'€'.repeat(21_845)}`, 65_536],
    ['😀'.repeat(16_384), 65_536],
    [`a${'😀'.repeat(16_384)}`, 65_533],
    ['é'.repeat(32_768), 65_536],
    [`aé${'é'.repeat(32_768)}`, 65_535],
  ])('keeps of %.5s... as many bytes as fit: %d', (text, bytes) => {
    const fitted = fitText(text);
    expect(Buffer.byteLength(fitted)).toBe(bytes);
    expect(text.startsWith(fitted)).toBe(true);
  });

  test('returns the longest prefix of whole code points that fits, with U+FFFD for lone surrogates', () => {
    const text = fc
      .array(fc.oneof(anyText, hostileText, fc.constantFrom('😀', '€', 'é', '\ud83d', '\ude00')))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.nat(40), (given, limit) => {
        const codePoints = Array.from(given.toWellFormed());
        let expected = '';
        for (const codePoint of codePoints) {
          if (Buffer.byteLength(expected + codePoint) > limit) break;
          expected += codePoint;
        }
        expect(fitText(given, limit)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  test('does not change its own output', () => {
    fc.assert(
      fc.property(anyText, fc.nat(40), (text, limit) => {
        expect(fitText(fitText(text, limit), limit)).toBe(fitText(text, limit));
      }),
    );
  });
});

test('trimDots removes the dots at both ends, and no others', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('.', '..', 'a', ' ', '€')).map((parts) => parts.join('')),
      (text) => {
        expect(trimDots(text)).toBe(text.replace(/^\.+/, '').replace(/\.+$/, ''));
      },
    ),
  );
});
