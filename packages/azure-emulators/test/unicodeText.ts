import * as fc from 'fast-check';

const surrogates = { first: 0xd800, count: 0x800 };

const characters = fc
  .integer({ min: 0, max: 0x10ffff - surrogates.count })
  .map((point) => String.fromCodePoint(point < surrogates.first ? point : point + surrogates.count));

/** Any Unicode, without lone surrogates. As `fc.string({ unit: 'binary' })`, which lists all characters for two seconds first. */
export const unicodeText: fc.Arbitrary<string> = fc.string({ unit: characters });
