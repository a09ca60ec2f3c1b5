import { filtered, problemsOfRowFilter } from '../../../scripts/kql/rowFilter';

const messages = (condition: string): string[] => problemsOfRowFilter(condition).map(({ message }) => message);

test.each([
  'EventSubType != "ListeningConnectionCreated"',
  'DstPortNumber !in (53, 123) or SrcIpAddr startswith "10."',
  'AdditionalFields.InitiatingProcess.FileName != "svchost.exe"',
  'DstDomainHostname !endswith ".example|com" // a comment',
])('a condition that DCRs take has no problem: %s', (condition) => {
  expect(messages(condition)).toEqual([]);
});

test.each([
  ['', 'it is empty, so all rows are stored'],
  ['EventCount > 1\n| take 1', 'it must be one line'],
  ['EventCount > 1 | project EventUid', 'it must be one condition, without "where" and without operators that follow'],
  ['true; source', 'it must be one condition, without "where" and without operators that follow'],
  ['not(EventCount > 1)', 'a transform may not call not()'],
  ['ipv4_is_private(SrcIpAddr)', 'a transform may not call ipv4_is_private()'],
  ['SourceIP == "10.0.0.1"', "The name 'SourceIP' does not refer to any known column, table, variable or function."],
  ['EventCount', 'The expression must have the type bool.'],
  ['(EventCount > 1', 'Expected: )'],
])('what a DCR would reject, or store otherwise than meant, is told: %j', (condition, message) => {
  expect(messages(condition)).toContain(message);
});

test('what makes the longest transform too long is told', () => {
  const name = 'x'.repeat(15_000);
  expect(messages(`DvcHostname != "${name}"`)).toContainEqual(
    expect.stringMatching(/^\d+ characters more than a DCR takes$/),
  );
});

test('the filter stands before the rest of a transform', () => {
  expect(filtered('source', 'EventCount > 1')).toBe('source\n| where EventCount > 1');
  expect(filtered('let a = 1;\nsource\n| extend B = a', 'EventCount > 1')).toBe(
    'let a = 1;\nsource\n| where EventCount > 1\n| extend B = a',
  );
});
