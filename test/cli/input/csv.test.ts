import { read, texts } from './kit';

const table = 'DeviceNetworkEvents';
const heading = 'Timestamp,DeviceId,ReportId,RemoteUrl';

function wrapped(properties: string, name = table): string {
  return `{"category":"AdvancedHunting-${name}","properties":${properties}}`;
}

test('each row is a record of its table: numbers, booleans and times as JSON has them, empty cells left out', async () => {
  const csv = [
    'Timestamp,ReportId,RemotePort,LocalPort,RemoteUrl,IsInitiatingProcessRemoteSession,InitiatingProcessUniqueId,AdditionalFields',
    '"Nov 20, 2026 9:00:00 AM",77,443,,a.example,False,81064793292668929,"{""direction"":""Out"",""answers"":""[\\""192.0.2.1\\""]""}"',
  ].join('\r\n');
  expect(await texts(csv, { table })).toEqual([
    wrapped(
      String.raw`{"Timestamp":"2026-11-20T09:00:00Z","ReportId":77,"RemotePort":443,"RemoteUrl":"a.example","IsInitiatingProcessRemoteSession":false,"InitiatingProcessUniqueId":81064793292668929,"AdditionalFields":"{\"direction\":\"Out\",\"answers\":\"[\\\"192.0.2.1\\\"]\"}"}`,
    ),
  ]);
});

test('what is not as documented stays text: a word for a port, a number with zeros before it, words for a time', async () => {
  const csv = 'Timestamp,ReportId,RemotePort\nyesterday,007,https\n';
  expect(await texts(csv, { table })).toEqual([
    wrapped('{"Timestamp":"yesterday","ReportId":"007","RemotePort":"https"}'),
  ]);
});

test('commas, quotes and line ends may stand inside a cell; each row has the number of its first line', async () => {
  const csv = `\ufeff${heading}\r\n\r\n2026-11-20T09:00:00Z,"a,""b""\r\nc",1,\r\n2026-11-20T09:00:01Z,d,2,x"y\r\n`;
  const messages = await read(csv, { table });
  expect(messages.map(({ sequenceNumber, body }) => [sequenceNumber, body.toString()])).toEqual([
    ['3', wrapped(String.raw`{"Timestamp":"2026-11-20T09:00:00Z","DeviceId":"a,\"b\"\r\nc","ReportId":1}`)],
    ['5', wrapped(String.raw`{"Timestamp":"2026-11-20T09:00:01Z","DeviceId":"d","ReportId":2,"RemoteUrl":"x\"y"}`)],
  ]);
});

test('a row with more or fewer cells than columns keeps its own bytes, and so does what follows an open quote', async () => {
  const csv = `${heading}\n1,2\n2026-11-20T09:00:00Z,d,2,u\n1,2,3,4,5\n6,"open\n7,8,9,10\n`;
  const messages = await read(csv, { table });
  expect(messages.map(({ sequenceNumber, body }) => [sequenceNumber, body.toString()])).toEqual([
    ['2', '1,2'],
    ['3', wrapped('{"Timestamp":"2026-11-20T09:00:00Z","DeviceId":"d","ReportId":2,"RemoteUrl":"u"}')],
    ['4', '1,2,3,4,5'],
    ['5', '6,"open\n7,8,9,10'],
  ]);
});

test.each([';', '\t'])('a spreadsheet may have saved it with %j between the cells', async (delimiter) => {
  const csv = `${heading}\n2026-11-20T09:00:00Z,d,2,u\n`.replaceAll(',', delimiter);
  expect(await texts(csv, { table })).toHaveLength(1);
});

test("a workspace's export names zone and table by itself", async () => {
  const csv = '"Timestamp [UTC]",Type,ReportId\n"11/20/2026, 9:00:00.123 AM",DeviceEvents,5\n';
  expect(await texts(csv)).toEqual([
    wrapped('{"Timestamp":"2026-11-20T09:00:00.123Z","Type":"DeviceEvents","ReportId":5}', 'DeviceEvents'),
  ]);
});

test('without a table it says how to name one', async () => {
  await expect(texts(`${heading}\n2026-11-20T09:00:00Z,d,2,u\n`)).rejects.toThrow(
    'Name it: --table DeviceNetworkEvents',
  );
});

test('a date that could be two is refused with its line and the option, and read with it', async () => {
  const csv = `${heading}\n05/12/2026 18:41:25,d,2,u\n`;
  await expect(texts(csv, { table })).rejects.toThrow(
    'line 2, "05/12/2026 18:41:25": 05/12 is day and month, or month and day. Say which: --dates day-first or --dates month-first.',
  );
  expect((await texts(csv, { table, dates: 'day-first' }))[0]).toContain('"Timestamp":"2026-12-05T18:41:25Z"');
});

test('that times without a zone are read as UTC is said once', async () => {
  const notes: string[] = [];
  const row = '"Nov 20, 2026 9:00:00 AM",d,2,u\n';
  await read(`${heading}\n${row.repeat(3)}`, { table, note: (line) => notes.push(line) });
  expect(notes).toEqual(['The times name no zone and are read as UTC, which the portal shows unless told otherwise.']);
});

test('a row that is too long is refused instead of filling the memory', async () => {
  await expect(read(`${heading}\n1,"${'x'.repeat(5000)}`, { table, limit: 1000 })).rejects.toThrow(
    'longer than 1000 bytes',
  );
});

test.each(['nonsense\n', 'a,b\n1,2\n', '{"Timestamp":1,\n', 'no JSON, and no columns\n'])(
  'text without the columns of an export is no CSV: %j',
  async (text) => {
    expect((await read(text, { table })).map(({ isRow }) => isRow)).not.toContain(true);
  },
);

test('a heading alone is no message', async () => {
  expect(await texts(`${heading}\n`, { table })).toEqual([]);
});
