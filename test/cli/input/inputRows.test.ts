import { read, texts } from './kit';

const table = 'DeviceNetworkEvents';
const row = '{"Timestamp":"2026-02-03T04:05:06.1234567Z","ReportId":12345678901234567890,"Cost":1.50,"RemotePort":443}';
const record = `{"category":"AdvancedHunting-DeviceNetworkEvents","properties":${row}}`;

test.each([
  ['of the hunting API', `{"Stats":{"ExecutionTime":0.1},"Schema":[{"Name":"Timestamp"}],"Results":[${row}]}`],
  ['of Graph', `{"@odata.context":"x","schema":[{"name":"Timestamp"}],"results":[${row}]}`],
  ['of Graph, with types', `{"schema":[],"results":[${row.replace('{', '{"ReportId@odata.type":"#Int64",')}]}`],
  [
    "of Graph's PowerShell module",
    `{"Schema":[],"Results":[{"AdditionalProperties":${row}}],"AdditionalProperties":{}}`,
  ],
  ['in a batch of Graph', `{"responses":[{"id":"1","status":200,"body":{"schema":[],"results":[${row}]}}]}`],
  ['without a schema', `{"Results":[${row}]}`],
])('an answer %s becomes records of the named table, numbers as spelt', async (_, answer) => {
  expect(await texts(answer, { table })).toEqual([`{"records":[${record}]}`]);
});

test.each([
  [row, record],
  [`[${row},${row}]`, `[${record},${record}]`],
  [`{"records":[${row}]}`, `{"records":[${record}]}`],
  ['{"properties":{"a":1.0}}', '{"properties":{"a":1.0},"category":"AdvancedHunting-DeviceNetworkEvents"}'],
  [
    '{"category":"","ReportId":5}',
    '{"category":"AdvancedHunting-DeviceNetworkEvents","properties":{"category":"","ReportId":5}}',
  ],
  [
    '{"category":"Social networking","ReportId":5}',
    '{"category":"AdvancedHunting-DeviceNetworkEvents","properties":{"category":"Social networking","ReportId":5}}',
  ],
])('where a table is named, a bare row gets it: %s', async (given, expected) => {
  expect(await texts(given, { table })).toEqual([expected]);
});

test.each([
  record,
  `{ "records" : [ ${record} ] }`,
  '{"category":"DeviceEvents","ReportId":5}',
  '{"category":"AdvancedHunting-DeviceInfo","ReportId":5}',
  '{"body":{"x":1}}',
  '42',
  '"x"',
  '{"cut',
])('a message that names its table, or holds no row, keeps its bytes: %s', async (given) => {
  expect(await texts(given, { table })).toEqual([`${given}${given.startsWith('{"cut') ? '\n' : ''}`]);
});

test.each([`{"Schema":[],"Results":[${row}]}`, `{"schema":[],"results":[${row}]}`])(
  'an answer that names no table is an error that says what to do: %s',
  async (answer) => {
    await expect(read(answer)).rejects.toThrow('without the name of their table. Name it: --table DeviceNetworkEvents');
  },
);

test('rows of several tables name their own', async () => {
  const answer = '{"results":[{"$table":"DeviceEvents","a":1},{"Type":"DeviceFileEvents","a":2},{"a":3}]}';
  expect(await texts(answer, { table })).toEqual([
    '{"records":[' +
      '{"category":"AdvancedHunting-DeviceEvents","properties":{"$table":"DeviceEvents","a":1}},' +
      '{"category":"AdvancedHunting-DeviceFileEvents","properties":{"Type":"DeviceFileEvents","a":2}},' +
      '{"category":"AdvancedHunting-DeviceNetworkEvents","properties":{"a":3}}]}',
  ]);
});

test('an answer without rows is a message without records', async () => {
  expect(await texts('{"Schema":[],"Results":[]}', { table })).toEqual(['{"records":[]}']);
});

test('nested deep, a row keeps its bytes inside the record', async () => {
  const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
  expect(await texts(deep, { table })).toEqual([`{"category":"AdvancedHunting-${table}","properties":${deep}}`]);
});
