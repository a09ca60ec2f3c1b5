import { halves, sampleOf, timeRanges } from '../../../shared/delivery/smallerChunks';
import { packChunks } from '../../../shared/sessions/chunks';
import type { Row } from '../../../shared/sessions/row';
import { smallRow } from '../kit/smallRow';

const row = (id: number, minutes = 0, pad = ''): Row => ({
  ...smallRow(id),
  text: `{"id":${id}}${pad}`,
  time: minutes * 60_000,
});
const contentsOf = (chunks: readonly { readonly rows: readonly unknown[] }[]): unknown[] =>
  chunks.map(({ rows }) => rows);

test('each chunk knows its rows, in their order', () => {
  const large = [0, 1, 2].map((id) => row(id, 0, ' '.repeat(400_000)));
  expect(contentsOf([...packChunks(large)])).toEqual([large.slice(0, 2), large.slice(2)]);
});

test.each([
  [2, [1, 1]],
  [5, [2, 3]],
  [100, [50, 50]],
])('%i rows are halved into %j', (count, sizes) => {
  const rows = Array.from({ length: count }, (_, id) => row(id));
  const chunks = halves(rows);
  expect(chunks.map(({ rows: half }) => half.length)).toEqual(sizes);
  expect(contentsOf(chunks).flat()).toEqual(rows);
});

test('rows that span more than 30 minutes are packed by time; for others there is no other way to pack them', () => {
  const rows = [row(0, 0), row(1, 60), row(2, 30)];
  expect(contentsOf(timeRanges(rows))).toEqual([[rows[0], rows[2]], [rows[1]]]);
  expect(timeRanges([row(0), row(1)])).toEqual([]);
});

test('a sample has as many random rows as asked for, each one once, and all if there are no more', () => {
  const rows = ['a', 'b', 'c', 'd'];
  expect(sampleOf(rows, 2, () => 0)).toEqual(['a', 'b']);
  expect(sampleOf(rows, 2, () => 0.999)).toEqual(['d', 'c']);
  expect(sampleOf(rows, 3, () => 0.5)).toEqual(['c', 'b', 'd']);
  expect(sampleOf(rows, 9, () => 0).toSorted()).toEqual(rows);
  expect(sampleOf(rows, 0, () => 0)).toEqual([]);
  expect(rows).toEqual(['a', 'b', 'c', 'd']);
});
