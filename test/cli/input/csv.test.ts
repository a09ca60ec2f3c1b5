import { messagesOf } from '../../../cli/input/inputMessages';
import { inPieces, read, texts } from './kit';

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

test('a cell that is not as documented stays text: a word as a port, a number with leading zeros, words as a time', async () => {
  const csv = 'Timestamp,ReportId,RemotePort\nyesterday,007,https\n';
  expect(await texts(csv, { table })).toEqual([
    wrapped('{"Timestamp":"yesterday","ReportId":"007","RemotePort":"https"}'),
  ]);
});

test('a quoted cell may hold commas, quotes and line ends; each row has the number of its first line', async () => {
  const csv = `\ufeff${heading}\r\n\r\n2026-11-20T09:00:00Z,"a,""b""\r\nc",1,\r\n2026-11-20T09:00:01Z,d,2,x"y\r\n`;
  const messages = await read(csv, { table });
  expect(messages.map(({ sequenceNumber, body }) => [sequenceNumber, body.toString()])).toEqual([
    ['3', wrapped(String.raw`{"Timestamp":"2026-11-20T09:00:00Z","DeviceId":"a,\"b\"\r\nc","ReportId":1}`)],
    ['5', wrapped(String.raw`{"Timestamp":"2026-11-20T09:00:01Z","DeviceId":"d","ReportId":2,"RemoteUrl":"x\"y"}`)],
  ]);
});

test('a row with more or fewer cells than columns keeps its own bytes', async () => {
  const csv = `${heading}\n1,2\n2026-11-20T09:00:00Z,d,2,u\n1,2,3,4,5\n`;
  const messages = await read(csv, { table });
  expect(messages.map(({ sequenceNumber, body }) => [sequenceNumber, body.toString()])).toEqual([
    ['2', '1,2'],
    ['3', wrapped('{"Timestamp":"2026-11-20T09:00:00Z","DeviceId":"d","ReportId":2,"RemoteUrl":"u"}')],
    ['4', '1,2,3,4,5'],
  ]);
});

/** The rows before the error, and the error. */
async function failing(csv: string): Promise<{ readonly lines: readonly string[]; readonly message: string }> {
  const lines: string[] = [];
  try {
    for await (const { sequenceNumber } of messagesOf(inPieces(Buffer.from(csv), [7]), { table }))
      lines.push(sequenceNumber);
    return { lines, message: 'none' };
  } catch (error) {
    return { lines, message: String(error) };
  }
}

describe('a quote that is never closed', () => {
  test.each([
    ['in the first cell', '6,"open\n7,8,9,10\n', 4, 4],
    ['at the end of the file', '6,7,8,"', 4, 4],
    ['after a quoted cell of two lines', '"a\n""b""",7,"open\n7,8,9,10', 5, 4],
    ['after Windows line ends and a blank line', '\r\n6,7,8,"open\r\n7,8,9,10\r\n', 5, 5],
    ['at the beginning of a line', '"open,7\n\n', 4, 4],
  ])('%s is an error that names its line; all rows before it are read', async (_, rest, line, row) => {
    const { lines, message } = await failing(
      `${heading}\n1,d,1,u\n1,d,2,u\n${rest}`.replaceAll(/\r?\n/g, rest.includes('\r') ? '\r\n' : '\n'),
    );
    expect(lines).toEqual(['2', '3']);
    expect(message).toContain(
      `line ${line}: a quote opens here and is never closed. No row from line ${row} on was read`,
    );
  });
});

test.each([';', '\t'])('a file that a spreadsheet saved with %j between the cells is read', async (delimiter) => {
  const csv = `${heading}\n2026-11-20T09:00:00Z,d,2,u\n`.replaceAll(',', delimiter);
  expect(await texts(csv, { table })).toHaveLength(1);
});

test("a workspace's export names zone and table by itself", async () => {
  const csv = '"Timestamp [UTC]",Type,ReportId\n"11/20/2026, 9:00:00.123 AM",DeviceEvents,5\n';
  expect(await texts(csv)).toEqual([
    wrapped('{"Timestamp":"2026-11-20T09:00:00.123Z","Type":"DeviceEvents","ReportId":5}', 'DeviceEvents'),
  ]);
});

test('rows without a table are an error that says how to name it', async () => {
  await expect(texts(`${heading}\n2026-11-20T09:00:00Z,d,2,u\n`)).rejects.toThrow(
    'Name it: --table DeviceNetworkEvents',
  );
});

test('an ambiguous date is an error that names its line and the option; with the option it is read', async () => {
  const csv = `${heading}\n05/12/2026 18:41:25,d,2,u\n`;
  await expect(texts(csv, { table })).rejects.toThrow(
    'line 2, "05/12/2026 18:41:25": 05/12 is day and month, or month and day. Say which: --dates day-first or --dates month-first.',
  );
  expect((await texts(csv, { table, dates: 'day-first' }))[0]).toContain('"Timestamp":"2026-12-05T18:41:25Z"');
});

test('a note says once that times without a zone are read as UTC', async () => {
  const notes: string[] = [];
  const row = '"Nov 20, 2026 9:00:00 AM",d,2,u\n';
  await read(`${heading}\n${row.repeat(3)}`, { table, note: (line) => notes.push(line) });
  expect(notes).toEqual(['The times have no time zone and are read as UTC, the default of the portal.']);
});

test('a row that is too long is an error that names its line; it does not fill the memory', async () => {
  await expect(read(`${heading}\n1,"${'x'.repeat(5000)}`, { table, limit: 1000 })).rejects.toThrow(
    'the row that begins on line 2 is longer than 1000 bytes',
  );
});

test.each(['nonsense\n', 'a,b\n1,2\n', '{"Timestamp":1,\n', 'no JSON, and no columns\n'])(
  'text without the columns of an export is not read as CSV: %j',
  async (text) => {
    expect((await read(text, { table })).map(({ isRow }) => isRow)).not.toContain(true);
  },
);

test('a heading alone is no message', async () => {
  expect(await texts(`${heading}\n`, { table })).toEqual([]);
});
