import * as fc from 'fast-check';
import { entraObjectId, toSid } from '../../../../shared/transform/values/sid';
import { anyText } from '../../kit/valueKit';

describe('toSid', () => {
  test.each(['S-1-5-18', 'S-1-1-0', 'S-1-5-21-1004336348-1177238915-682003330-512', 'S-1-12-1-1-2-3-4294967295'])(
    '%s is one',
    (sid) => {
      expect(toSid(sid)).toBe(sid);
    },
  );

  test.each([
    'S-1-0-0',
    'user1',
    '',
    'S-1',
    'S-1-',
    's-1-5-18',
    'S-1-5-18 ',
    'xS-1-5-18',
    'S-1-5-a',
    'S--1-5',
    undefined,
  ])('%p is none', (text) => {
    expect(toSid(text)).toBeUndefined();
  });

  test('accepts any text', () => {
    fc.assert(fc.property(anyText, (text) => [undefined, text].includes(toSid(text))));
  });
});

describe('entraObjectId', () => {
  test('reads the four numbers as the little-endian parts of a GUID', () => {
    // 0x33221100, 0x77665544, 0xbbaa9988, 0xffeeddcc
    expect(entraObjectId('S-1-12-1-857870592-2003195204-3148519816-4293844428')).toBe(
      '33221100-5544-7766-8899-aabbccddeeff',
    );
  });

  test('returns the GUID that a SID was made from', () => {
    fc.assert(
      fc.property(fc.uuid(), (guid) => {
        const hex = guid.replaceAll('-', '');
        const swapped = (from: number, to: number): string =>
          (hex.slice(from, to).match(/../g) ?? []).toReversed().join('');
        const stored = swapped(0, 8) + swapped(8, 12) + swapped(12, 16) + hex.slice(16);
        const numbers = (stored.match(/.{8}/g) ?? []).map((part) =>
          Number.parseInt((part.match(/../g) ?? []).toReversed().join(''), 16),
        );
        expect(entraObjectId(`S-1-12-1-${numbers.join('-')}`)).toBe(guid);
      }),
    );
  });

  test.each(['S-1-5-21-1-2-3-4', 'S-1-12-1-1-2-3', 'S-1-12-1-1-2-3-4-5', 'S-1-12-1-4294967296-2-3-4', '', undefined])(
    'of %p there is none',
    (sid) => {
      expect(entraObjectId(sid)).toBeUndefined();
    },
  );
});
