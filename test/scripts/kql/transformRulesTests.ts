import { problemsOfTransform } from '../../../scripts/kql/queryChecks';

const table = { TimeGenerated: 'datetime', SrcIpAddr: 'string', DstPortNumber: 'int', Flag: 'bool' };
const messages = (text: string): string[] => problemsOfTransform(text, table).map(({ message }) => message);
const withCondition = (condition: string): string => `source\n| where ${condition}\n| project TimeGenerated, SrcIpAddr`;

test('a transform may use its own scalar functions, iif, case, extract', () => {
  const transform = `let isLoopback = (address: string) {
    address startswith_cs "127." or address == "::1"
};
source
| where SrcIpAddr matches regex "^[0-9.:]+$"
| extend A = parse_json(AdditionalFields)
| project
    TimeGenerated,
    SrcIpAddr = case(isLoopback(SrcIpAddr), "", isnotempty(A.Address), tostring(A["Address"]), extract("^(.*)$", 1, SrcIpAddr)),
    DstPortNumber = iif(DstPortNumber == 0, toint(-1), DstPortNumber),
    Flag = tobool(binary_and(1, 1))`;
  expect(messages(transform)).toEqual([]);
});

test.each([
  ['iff(isempty(SrcIpAddr), true, false)', 'a transform may not call iff()'],
  ['isnotempty(coalesce(SrcIpAddr, DstIpAddr))', 'a transform may not call coalesce()'],
  ['not(isempty(SrcIpAddr))', 'a transform may not call not()'],
  ['isnotempty(replace_string(SrcIpAddr, "a", "b"))', 'a transform may not call replace_string()'],
  ['ipv4_is_private(SrcIpAddr)', 'a transform may not call ipv4_is_private()'],
  ['isnotempty(bag_pack("a", 1))', 'a transform may not call bag_pack()'],
  ['SrcIpAddr in~ ("a")', 'a transform may not use InCsExpression: SrcIpAddr in~ ("a")'],
  ['SrcIpAddr has_any ("a")', 'a transform may not use HasAnyExpression: SrcIpAddr has_any ("a")'],
  ['isnotempty(dynamic([1]))', 'a transform may not use DynamicExpression: dynamic([1])'],
])('a function or operator that the list lacks is told: %s', (condition, message) => {
  expect(messages(withCondition(condition))).toContain(message);
});

test.each([
  'summarize count() by SrcIpAddr',
  'take 1',
  'mv-expand AdditionalFields',
  'sort by SrcIpAddr asc',
  'distinct SrcIpAddr',
])('an operator over more than one row is told: %s', (operator) => {
  expect(messages(`source\n| ${operator}`)).toContainEqual(expect.stringContaining('a transform may not use'));
});

test('a source other than the stream is a problem', () => {
  expect(messages('NetworkSessions_CL | project TimeGenerated')).not.toEqual([]);
});

test('a column that the table lacks is a problem', () => {
  expect(messages('source | project TimeGenerated, SourceAddress = SrcIpAddr')).toEqual([
    'the table has no column SourceAddress',
  ]);
});

test('a column of another type is a problem', () => {
  expect(messages('source | project TimeGenerated, DstPortNumber = tostring(DstPortNumber)')).toEqual([
    'DstPortNumber is string, in the table int',
  ]);
});

test('a column that the stream lacks is a problem', () => {
  expect(messages('source | project TimeGenerated, SrcIpAddr = SourceIp')).not.toEqual([]);
});

test('a column that the mapping fills and the transform loses is a problem that says where it belongs', () => {
  const transform = '// DstPortNumber\nsource\n| project TimeGenerated, SrcIpAddr';
  expect(problemsOfTransform(transform, table, ['SrcIpAddr', 'DstPortNumber', 'HttpVersion'])).toEqual([
    { line: 1, message: 'the mapping fills DstPortNumber, and the transform loses it: name it under project' },
    { line: 1, message: 'the mapping fills HttpVersion, and the transform loses it: pack it into AdditionalFields' },
  ]);
});

const ofLength = (length: number): string => {
  const start = 'source\n| where SrcIpAddr != "';
  const end = '"\n| project TimeGenerated';
  return start + 'x'.repeat(length - start.length - end.length) + end;
};

test('15,360 characters are allowed and no more; comments do not count, they are not deployed', () => {
  expect(messages(ofLength(15_360))).toEqual([]);
  expect(messages(ofLength(15_361))).toEqual(['1 characters more than a DCR takes']);
  expect(messages(`// ${'c'.repeat(200)}\n${ofLength(15_360)}`)).toEqual([]);
});
