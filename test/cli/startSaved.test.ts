import { savedLines } from '../../cli/start/startSummary';
import { Books } from '../../shared/books';

test('npm start shows what each setting that sends less saved, the largest first', () => {
  const tally = {
    ...new Books().tally(),
    rowsSavedByLever: { 'DROP_RULES_FILE/loopback': 1200, 'MERGE_FLOWS/message': 1 },
    bytesSavedByLever: {
      'ADDITIONAL_FIELDS/lean': 1,
      'DROP_RULES_FILE/loopback': 2_400_000,
      'MERGE_FLOWS/message': 900,
    },
  };
  expect(savedLines(tally)).toEqual([
    [
      'Saved, in bytes of JSON text (columns and keys: an estimate from one row in 100):',
      '  DROP_RULES_FILE/loopback: 2,400,000 bytes (1,200 rows)',
      '  MERGE_FLOWS/message: 900 bytes (1 row)',
      '  ADDITIONAL_FIELDS/lean: 1 byte',
    ].join('\n'),
  ]);
});

test('npm start shows nothing of it where nothing was saved', () => {
  expect(savedLines(new Books().tally())).toEqual([]);
});
