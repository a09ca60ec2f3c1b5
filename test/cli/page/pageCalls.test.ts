import { gzipSync } from 'node:zlib';
import type { PageCounts } from '../../../cli/page/pageState';
import type { PastedResult } from '../../../cli/page/pastedRecords';
import type { RecordView } from '../../../cli/page/recordView';
import { Books } from '../../../shared/books';
import { bytes, emptyState, read, servePage } from './kit/servedPage';

const longNumber = '9223372036854775807';
const markup = '<img src=x onerror=alert(1)><script>alert(1)</script>';
const override = '\u202e';

/** A record whose ReportId no double can hold. */
function record(over: object = {}, reportId = longNumber): string {
  const properties = JSON.stringify({
    Timestamp: '2026-11-20T09:14:33.4821907Z',
    DeviceId: 'd',
    DeviceName: 'ws1.example.com',
    ActionType: 'ConnectionSuccess',
    Protocol: 'Tcp',
    LocalIP: '10.20.30.41',
    RemoteIP: '203.0.113.80',
    RemotePort: 443,
    ...over,
  });
  return `{"category":"AdvancedHunting-DeviceNetworkEvents","properties":{"ReportId":${reportId},${properties.slice(1)}}`;
}

interface Mapped {
  readonly status: number;
  readonly result: PastedResult & { readonly error: string };
  /** Each listed record, opened. */
  readonly views: readonly RecordView[];
}

async function mapped(body: string | Buffer, query = '', environment = {}): Promise<Mapped> {
  const page = await servePage(emptyState(environment));
  try {
    const { status, text } = await page.call(`/api/map${query}`, { method: 'POST', headers: bytes, body });
    const result = read<Mapped['result']>(text);
    const views: RecordView[] = [];
    for (const { position } of status === 200 ? result.records : []) {
      const { text: view } = await page.call(`/api/pasted?position=${encodeURIComponent(position)}`);
      views.push(read<{ record: RecordView }>(view).record);
    }
    return { status, result, views };
  } finally {
    await page.close();
  }
}

test('a pasted record becomes its row, with source and rule behind every column', async () => {
  const { status, result, views } = await mapped(record());
  expect(status).toBe(200);
  expect(result.tally).toMatchObject({ received: 1, sent: 1 });
  expect(result.records).toEqual([
    {
      position: 'pasted-1/line/1/0',
      table: 'DeviceNetworkEvents',
      outcome: 'row',
      why: '',
      summary: {
        time: '2026-11-20T09:14:33.482190Z',
        actionType: 'ConnectionSuccess',
        direction: 'Outbound',
        result: 'Success',
        device: 'ws1.example.com',
        source: '10.20.30.41 (ws1.example.com)',
        destination: '203.0.113.80:443',
        user: '',
      },
    },
  ]);
  const columns = new Map((views[0]?.columns ?? []).map((one) => [one.column, one]));
  const port = columns.get('DstPortNumber');
  expect(port).toMatchObject({ column: 'DstPortNumber', value: '443' });
  expect(port?.from).toContainEqual({ name: 'RemotePort', value: '443' });
  expect(port?.rule).toContain('port of the destination end');
  expect(views[0]?.ends).toContain('Src is Local, Dst is Remote');
  expect(views[0]?.fields).toContainEqual({ name: 'RemotePort', value: '443' });
  const unavailable = views[0]?.absent.find((one) => one.columns.includes('EventReportUrl'));
  expect(unavailable).toMatchObject({ cause: 'Defender has no source', detail: 'Defender reports no link' });
});

test('a number that no double can hold stays exact in the record, its fields, the row and the reasons', async () => {
  const { views } = await mapped(record());
  expect(views[0]?.fields).toContainEqual({ name: 'ReportId', value: longNumber });
  expect(views[0]?.recordText).toContain(`"ReportId": ${longNumber}`);
  expect(views[0]?.rowText).toContain(`"EventOriginalUid": "${longNumber}"`);
  const uid = views[0]?.columns.find((one) => one.column === 'EventOriginalUid');
  expect(uid).toMatchObject({ value: longNumber, from: [{ name: 'ReportId', value: longNumber }] });
});

test('markup and characters that turn text around come as they are, in JSON that no browser takes for a page', async () => {
  const page = await servePage(emptyState());
  const body = record({ DeviceName: markup, RemoteUrl: override });
  const { headers, text } = await page.call('/api/map', { method: 'POST', headers: bytes, body });
  await page.close();
  expect(headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
  expect(read<PastedResult>(text).records[0]?.summary?.device).toBe(markup.slice(0, 200));
});

test('every outcome says why: duplicate, skipped, dead letter, a part that cannot be read', async () => {
  const lines = [
    record(),
    record(),
    '{"category":"AdvancedHunting-DeviceInfo","properties":{}}',
    record({ Timestamp: 'yesterday' }, '8'),
    '{"broken":',
  ];
  const { result, views } = await mapped(lines.join('\n'));
  expect(result.records.map((one) => one.outcome)).toEqual([
    'row',
    'duplicate',
    'skipped',
    'dead letter',
    'dead letter',
  ]);
  expect(result.records.map((one) => one.why)).toEqual([
    '',
    expect.stringContaining('the same event came before'),
    'DeviceInfo: inventory of the device',
    expect.stringContaining('BadTimestamp: '),
    expect.stringContaining('InvalidJson: '),
  ]);
  expect(views[4]).toMatchObject({ fields: [], columns: [], recordText: '{"broken":' });
});

test('records that share a row say so', async () => {
  const [one, two] = [record({}, '1'), record({}, '2')];
  const { result, views } = await mapped(`{"records":[${one},${two}]}`, '', { MERGE_FLOWS: 'message' });
  expect(result.records.map((line) => line.outcome)).toEqual(['row', 'merged']);
  expect(views[0]?.notes[0]).toContain('Shares its row with record 1 (MERGE_FLOWS): EventCount 2.');
  expect(views[1]?.notes[0]).toContain('Is part of the row of record 0 (MERGE_FLOWS).');
});

const bareRow = (actionType: string): string =>
  `[{"Timestamp":"2026-11-20T09:14:33Z","DeviceId":"d","ReportId":1,"ActionType":"${actionType}","LocalIP":"10.0.0.1","RemoteIP":"203.0.113.9"}]`;

test('rows of a query get the table that was chosen, and without one the error says what to choose', async () => {
  const without = await mapped(bareRow('SomethingNew'));
  expect(JSON.stringify(without.result)).toContain('--table DeviceNetworkEvents');
  const { result } = await mapped(bareRow('SomethingNew'), '?table=DeviceNetworkEvents');
  expect(result.tally).toMatchObject({ received: 1, sent: 1 });
});

test('a pasted row without a table is taken for the one that has its action type, and the page says so', async () => {
  const { result } = await mapped(bareRow('ConnectionFailed'));
  expect(result.tally).toMatchObject({ received: 1, sent: 1 });
  expect(result.notes).toEqual([
    'Records that name no table are taken for DeviceNetworkEvents, which alone has their action type.',
  ]);
});

test.each([
  [
    'an unknown table',
    record(),
    '?table=DeviceNetworkEvent',
    /--table DeviceNetworkEvent: .* Did you mean DeviceNetworkEvents\?/,
  ],
  [
    'an unknown order of dates',
    record(),
    '?dates=german',
    /--dates: expected day-first or month-first; found "german"/,
  ],
  ['gzip that is damaged', Buffer.from([0x1f, 0x8b, 8, 0]), '', /this is gzip, and it cannot be unpacked/],
  ['gzip in gzip', gzipSync(gzipSync(record())), '', /packed with gzip twice/],
  [
    'gzip that unpacks to more than 16 MB',
    gzipSync(Buffer.alloc(17 * 1024 * 1024, 0x20)),
    '',
    /unpacks to more than 16777216 bytes/,
  ],
  ['a document above the size of an event', `[${'1,'.repeat(600_000)}1]`, '', /longer than 1048576 bytes/],
])('%s is refused with what is wrong and what to do', async (_, body, query, error) => {
  const { status, result } = await mapped(body, query);
  expect(status).toBe(422);
  expect(result.error).toMatch(error);
});

test('gzip is unpacked', async () => {
  expect((await mapped(gzipSync(record()))).result.tally).toMatchObject({ received: 1, sent: 1 });
});

test('at most 200 records are listed; the tally counts all', async () => {
  const lines = Array.from({ length: 250 }, (_, i) => record({}, String(i)));
  const { result } = await mapped(lines.join('\n'));
  expect(result.records).toHaveLength(200);
  expect(result.tally.received).toBe(250);
}, 300_000);

test('long values are cut, and say how long they are', async () => {
  const { views } = await mapped(record({ RemoteUrl: 'a'.repeat(10_000) }));
  const field = views[0]?.fields.find((one) => one.name === 'RemoteUrl');
  expect(field?.value).toBe(`${'a'.repeat(4000)}\u2026 (10000 characters in all)`);
});

test('a record that is nested too deeply is shown, not an error', async () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const body = record().replace('"DeviceId"', `"Deep":${deep},"DeviceId"`);
  const { status, views } = await mapped(body);
  expect(status).toBe(200);
  expect(views[0]?.recordText).toContain('"Deep"');
});

test('only the last paste can be opened', async () => {
  const page = await servePage(emptyState());
  const paste = (): Promise<unknown> => page.call('/api/map', { method: 'POST', headers: bytes, body: record() });
  await paste();
  await paste();
  const [first, second] = [
    await page.call('/api/pasted?position=pasted-1/line/1/0'),
    await page.call('/api/pasted?position=pasted-2/line/1/0'),
  ];
  await page.close();
  expect([first.status, second.status]).toEqual([404, 200]);
});

test('a row that is not kept any more says where all rows are; one whose message is gone is shown alone', async () => {
  const state = emptyState();
  const page = await servePage(state);
  state.onStored({
    ruleId: 'r',
    rows: ['{"EventUid":"u","ReportId":9223372036854775807}'],
    at: 1,
    clientRequestId: 'i.1',
    answer: { lostAt: 1 },
  });
  const [missing, alone] = [await page.call('/api/row?id=2'), await page.call('/api/row?id=1')];
  await page.close();
  expect(missing.status).toBe(404);
  expect(missing.text).toContain('The file of the run holds all.');
  expect(JSON.parse(alone.text)).toEqual({ rowText: '{"EventUid":"u","ReportId":9223372036854775807}', record: null });
});

test('the counts are those of the run, with what rules and settings saved', async () => {
  const state = emptyState({ OMIT_COLUMNS: 'EventMessage' });
  const tally = {
    ...new Books().tally(),
    received: 5,
    sent: 3,
    dropped: 2,
    droppedByRule: { loopback: 2 },
    rowsSavedByLever: { 'DROP_RULES_FILE/loopback': 2 },
    bytesSavedByLever: { 'DROP_RULES_FILE/loopback': 700 },
  };
  state.enter('streaming');
  state.services = () => ({ messagesInHub: 7 });
  state.onSettled({ received: 5, oldestEnqueued: new Date().toISOString() }, tally);
  state.onProblem('error: {"event":"BatchHeld"}');
  const page = await servePage(state);
  const counts = read<PageCounts>((await page.call('/api/counts')).text);
  await page.close();
  expect(counts).toMatchObject({
    phase: 'streaming',
    messagesInHub: 7,
    rowsStored: 0,
    tally,
    rowSettings: { OMIT_COLUMNS: 'EventMessage' },
    problems: ['error: {"event":"BatchHeld"}'],
  });
  expect(counts.timeline.records.reduce((sum, one) => sum + one, 0)).toBe(5);
});
