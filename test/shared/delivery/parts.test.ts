import { halves, pack, sampleOf, timeRanges } from '../../../shared/delivery/filledChunks';

const row = (id: number, time = '08:00') => ({ text: `{"TimeGenerated":"2026-11-21T${time}:00Z","id":${id}}` });
const contentsOf = (chunks: readonly { readonly contents: readonly unknown[] }[]): unknown[] =>
  chunks.map(({ contents }) => contents);

test('a chunk holds the rows that its body is made of, the next one those that follow', () => {
  const large = [0, 1, 2].map((id) => ({ text: `{"id":${id},"x":"${'x'.repeat(400_000)}"}` }));
  const chunks = pack(large);
  expect(chunks.map(({ rows }) => rows)).toEqual([2, 1]);
  expect(contentsOf(chunks)).toEqual([large.slice(0, 2), large.slice(2)]);
});

test.each([
  [2, [1, 1]],
  [5, [2, 3]],
  [100, [50, 50]],
])('%i rows are halved into %j', (count, sizes) => {
  const rows = Array.from({ length: count }, (_, id) => row(id));
  const chunks = halves(rows);
  expect(chunks.map(({ contents }) => contents.length)).toEqual(sizes);
  expect(contentsOf(chunks).flat()).toEqual(rows);
});

test('rows that span more than half an hour are chunks by time; others are not sent the same way again', () => {
  const rows = [row(0, '08:00'), row(1, '09:00'), row(2, '08:30')];
  expect(contentsOf(timeRanges(rows))).toEqual([[rows[0], rows[2]], [rows[1]]]);
  expect(timeRanges([row(0), row(1)])).toEqual([]);
});

test('a sample holds as many rows as asked for, each once, chosen by chance; all where there are no more', () => {
  const rows = ['a', 'b', 'c', 'd'];
  expect(sampleOf(rows, 2, () => 0)).toEqual(['a', 'b']);
  expect(sampleOf(rows, 2, () => 0.999)).toEqual(['d', 'c']);
  expect(sampleOf(rows, 3, () => 0.5)).toEqual(['c', 'b', 'd']);
  expect(sampleOf(rows, 9, () => 0).toSorted()).toEqual(rows);
  expect(sampleOf(rows, 0, () => 0)).toEqual([]);
  expect(rows).toEqual(['a', 'b', 'c', 'd']);
});
