import * as fc from 'fast-check';
import { bytesAlone, type Chunk, maxChunkBytes, packChunks, RowTooLarge } from '../../../shared/sessions/chunks';
import { anyText } from '../kit/valueKit';

const rows = fc.array(
  fc.tuple(anyText, fc.nat(60)).map(([text, length]) => JSON.stringify({ text, more: '€'.repeat(length) })),
  { maxLength: 30 },
);

function packed(given: readonly string[], limit?: number): Chunk[] {
  const rowsOfTexts = given.map((text) => ({ text }));
  return packChunks(rowsOfTexts, limit);
}

function bodies(given: readonly string[], limit: number): string[] {
  return packed(given, limit).map((chunk) => chunk.body().toString());
}

function listOf(body: Buffer): unknown[] {
  const list: unknown = JSON.parse(body.toString());
  if (!Array.isArray(list)) throw new Error('A body is an array.');
  return list;
}

describe('packChunks', () => {
  test('keeps all rows in their order, counted, in JSON bodies within the limit', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 400, max: 2000 }), (given, limit) => {
        const chunks = packed(given, limit);
        const parsed = chunks.map((chunk) => listOf(chunk.body()));
        expect(parsed.flat()).toEqual(given.map((row): unknown => JSON.parse(row)));
        expect(chunks.map((chunk) => chunk.rows.length)).toEqual(parsed.map((list) => list.length));
        for (const chunk of chunks) {
          expect(chunk.bytes).toBe(chunk.body().length);
          expect(chunk.bytes).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });

  test('starts a chunk only if the row does not fit into the previous one', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 400, max: 2000 }), (given, limit) => {
        const chunks = packed(given, limit);
        let taken = 0;
        for (const chunk of chunks.slice(0, -1)) {
          taken += chunk.rows.length;
          expect(chunk.bytes + Buffer.byteLength(`,${given[taken]}`)).toBeGreaterThan(limit);
        }
        expect(chunks.every((chunk) => chunk.rows.length > 0)).toBe(true);
      }),
    );
  });

  test.each([
    ['one row that fills it to the byte', ['"12345"'], 9, ['["12345"]']],
    ['two rows that fill it to the byte', ['1', '2'], 5, ['[1,2]']],
    ['two rows of which the second is a byte too long', ['1', '22'], 5, ['[1]', '[22]']],
    ['a byte less than the limit', ['1', '2'], 6, ['[1,2]']],
    ['rows of three bytes a character', ['"€"', '"€"'], 13, ['["€","€"]']],
    ['the same with a byte less', ['"€"', '"€"'], 12, ['["€"]', '["€"]']],
    ['no rows', [], 10, []],
  ])('takes %s', (_, given, limit, expected) => {
    expect(bodies(given, limit)).toEqual(expected);
  });

  test.each([
    ['"12345"', 8],
    ['"€"', 6],
    ['12345', 2],
  ])('refuses the row %s, which alone takes more than %d bytes, and says how large it is', (row, limit) => {
    expect(() => packed([row], limit)).toThrow(new RowTooLarge(bytesAlone(row), limit));
    expect(bytesAlone(row)).toBe(Buffer.byteLength(`[${row}]`));
  });

  test('accepts a row of exactly the limit, and rejects one byte more', () => {
    const full = JSON.stringify('a'.repeat(maxChunkBytes - 4));
    expect(packed([full, '1']).map((chunk) => chunk.body().length)).toEqual([1_000_000, 3]);
    expect(() => packed([full.replace('a', 'aa')])).toThrow('1000001');
  });
});
