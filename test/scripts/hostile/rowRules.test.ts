import { brokenRulesOfText } from '../../../scripts/hostile/rowRules';

const good = {
  TimeGenerated: '2026-11-21T08:15:28.188350Z',
  EventStartTime: '2026-11-21T08:15:28.188350Z',
  EventEndTime: '2026-11-21T08:15:28.188350Z',
  EventUid: '0626b02a-6459-5e75-b5d0-36db9a6f8166',
  EventCount: 1,
  EventType: 'Traffic',
  EventProduct: 'M365 Defender for Endpoint',
};
const members = JSON.stringify(good).slice(1, -1);

test('a good row breaks no rule', () => {
  const more =
    '"SrcBytes":9223372036854775807,"NetworkDuration":5,"AdditionalFields":{"a":[1,"x"],"b":9007199254740993}';
  expect(brokenRulesOfText(`{${members}}`)).toEqual([]);
  expect(brokenRulesOfText(`{${members},${more}}`)).toEqual([]);
});

test('a row needs its time, its id and its kind', () => {
  expect(brokenRulesOfText('{}')).toEqual(Object.keys(good).map((column) => `${column} is missing`));
});

const large = 'x'.repeat(60_000);
test.each([
  ['a column of another table', '"Computer":"a"', 'Computer is not declared'],
  ['a column of the platform', '"TenantId":"a"', 'TenantId belongs to the platform'],
  ['a number as text', '"DvcHostname":5', 'DvcHostname is no text but a number'],
  ['empty text', '"DvcHostname":""', 'DvcHostname says nothing: ""'],
  ['a dash', '"DvcHostname":" - "', 'DvcHostname says nothing: " - "'],
  ['half a surrogate pair', '"DvcHostname":"a\\ud800"', 'DvcHostname holds a lone surrogate'],
  ['text past 64 KB', `"DvcHostname":"${'\u20ac'.repeat(22_000)}"`, 'DvcHostname takes 66000 bytes'],
  ['an int with a fraction', '"NetworkDuration":1.5', 'NetworkDuration is no int32'],
  ['an int past 32 bits', '"NetworkDuration":2147483648', 'NetworkDuration is no int32'],
  ['an int as text', '"SrcPortNumber":"443"', 'SrcPortNumber is no int32'],
  ['a long past 64 bits', '"SrcBytes":9223372036854775808', 'SrcBytes leaves int64'],
  ['a long with an exponent', '"SrcBytes":1e300', 'SrcBytes is no exact whole number'],
  ['a real as text', '"SrcGeoLatitude":"1.5"', 'SrcGeoLatitude is no real'],
  ['seven decimals', '"EventEndTime":"2026-11-21T08:15:28.1883500Z"', 'EventEndTime is no datetime with six decimals'],
  [
    'an impossible date',
    '"EventEndTime":"2026-13-21T08:15:28.188350Z"',
    'EventEndTime is no datetime with six decimals',
  ],
  ['an object as text', '"AdditionalFields":"{}"', 'AdditionalFields is no object'],
  ['a list for an object', '"AdditionalFields":[]', 'AdditionalFields is no object'],
  ['a null inside', '"AdditionalFields":{"a":[{"b":null}]}', 'AdditionalFields holds a null'],
  ['half a pair inside', '"AdditionalFields":{"a":{"\\ud800":1}}', 'AdditionalFields holds a lone surrogate'],
  [
    'deep nesting',
    `"AdditionalFields":${'{"a":'.repeat(41)}1${'}'.repeat(41)}`,
    'AdditionalFields is nested too deeply',
  ],
  ['a large object', `"AdditionalFields":{"a":"${large}"}`, 'AdditionalFields takes 60008 bytes'],
])('a row may not hold %s', (_, column, rule) => {
  const [name = ''] = column.split(':');
  const others = members.split(',').filter((member) => !member.startsWith(name));
  expect(brokenRulesOfText(`{${[...others, column].join(',')}}`)).toEqual([rule]);
});

test('a row may not be larger than a call', () => {
  const texts = ['DvcHostname', 'EventMessage', 'UrlOriginal'].map(
    (column) => `"${column}":"${'\\u0000'.repeat(60_000)}"`,
  );
  const row = `{${members},${texts.join(',')}}`;
  expect(brokenRulesOfText(row)).toEqual([`the row takes ${row.length} bytes`]);
});
