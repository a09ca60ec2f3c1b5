import { slimRow } from '../../../shared/transform/slimRow';

const long = 'x'.repeat(1000);

test('a row is shortened by its longest text until it fits, and says so', () => {
  const slim = slimRow(JSON.stringify({ EventUid: 'uid', UrlOriginal: long, AdditionalFields: { Table: 'T' } }), 200);
  expect(Buffer.byteLength(slim)).toBeLessThanOrEqual(200);
  expect(JSON.parse(slim)).toEqual({
    EventUid: 'uid',
    UrlOriginal: expect.stringMatching(/^x{80,}$/) as unknown,
    AdditionalFields: { Table: 'T', Truncated: true },
  });
});

test.each([
  ['without AdditionalFields', { UrlOriginal: long }],
  ['whose AdditionalFields are no object', { UrlOriginal: long, AdditionalFields: 'x' }],
])('a row %s says so too', (_, row) => {
  expect(JSON.parse(slimRow(JSON.stringify(row), 200))).toMatchObject({ AdditionalFields: { Truncated: true } });
});

test('text that is no row comes back as it is', () => {
  expect(slimRow('[1]', 1)).toBe('[1]');
});
