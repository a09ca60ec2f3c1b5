import { booksText } from '../../cli/map/dryRunBooks';
import { Books } from '../../shared/books';
import { readTransformSettings } from '../../shared/config';
import { defaultTransformSettings } from '../../shared/transform/transformSettings';

test('the summary of map counts repaired records, if there are any', () => {
  const tally = { ...new Books().tally(), messages: 1, received: 2, sent: 2, recordsRepaired: 1 };
  expect(booksText(tally, defaultTransformSettings).split('\n')).toContain(
    'repaired (control characters escaped): 1 record',
  );
  expect(booksText({ ...tally, recordsRepaired: 0 }, defaultTransformSettings)).not.toContain('repaired');
});

test.each([
  ['full', {}, "new in Defender's schema, kept in AdditionalFields:"],
  ['lean', {}, "new in Defender's schema, kept in AdditionalFields:"],
  ['process', {}, "new in Defender's schema, columns and fields not kept at ADDITIONAL_FIELDS=process:"],
  ['minimal', {}, "new in Defender's schema, columns and fields not kept at ADDITIONAL_FIELDS=minimal:"],
  [
    'full',
    { OMIT_ADDITIONAL_FIELDS: 'Unmapped' },
    "new in Defender's schema, columns and fields not kept by the settings:",
  ],
  [
    'lean',
    { OMIT_COLUMNS: 'AdditionalFields' },
    "new in Defender's schema, columns and fields not kept by the settings:",
  ],
])('what map says of new names is true at the level %s with %j', (level, others, title) => {
  const tally = { ...new Books().tally(), newInSchema: { 'column WarpFactor': 2 } };
  const settings = readTransformSettings({ ...others, ADDITIONAL_FIELDS: level });
  expect(booksText(tally, settings)).toContain(`${title}\n  2 column WarpFactor`);
});

test('map counts values that cannot be read by column', () => {
  const tally = { ...new Books().tally(), unreadableByColumn: { RemotePort: 3 } };
  expect(booksText(tally, defaultTransformSettings)).toContain(
    'values that cannot be read, by column:\n  3 RemotePort',
  );
});

test('map shows what each setting that sends less saves, the largest first', () => {
  const saved = {
    rowsSavedByLever: { 'DROP_RULES_FILE/loopback': 2, 'MERGE_FLOWS/message': 1 },
    bytesSavedByLever: { OMIT_COLUMNS: 1500, 'DROP_RULES_FILE/loopback': 4000, 'MERGE_FLOWS/message': 1900 },
  };
  expect(booksText({ ...new Books().tally(), ...saved }, defaultTransformSettings)).toContain(
    [
      'bytes of JSON text saved, by setting:',
      '  4000 DROP_RULES_FILE/loopback (2 rows)',
      '  1900 MERGE_FLOWS/message (1 row)',
      '  1500 OMIT_COLUMNS',
    ].join('\n'),
  );
});

test('the summary of map has no thousands separators, because scripts read it', () => {
  const tally = { ...new Books().tally(), messages: 1000, received: 1234, sent: 1 };
  expect(booksText(tally, defaultTransformSettings).split('\n')[0]).toBe(
    '1234 records in 1000 messages: 1 row, 0 skipped, 0 duplicates, 0 dead letters',
  );
});
