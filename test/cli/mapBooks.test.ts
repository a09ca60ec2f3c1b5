import { booksText } from '../../cli/map/books';
import { Books } from '../../shared/books';

test('the summary of map says how many records were repaired, and nothing where none was', () => {
  const tally = { ...new Books().tally(), messages: 1, received: 2, sent: 2, recordsRepaired: 1 };
  expect(booksText(tally, 'full').split('\n')).toContain('repaired (control characters escaped): 1 record');
  expect(booksText({ ...tally, recordsRepaired: 0 }, 'full')).not.toContain('repaired');
});
