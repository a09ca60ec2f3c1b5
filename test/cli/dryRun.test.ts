import { messagesOf } from '../../cli/input/inputMessages';
import { dryRun } from '../../cli/map/dryRun';
import { booksText } from '../../cli/map/dryRunBooks';
import type { Drawing } from '../../cli/map/explanation';
import tableColumns from '../../infra/networkSessions.columns.json';
import { readCases } from '../../scripts/cases/caseFiles';
import { Books, balances, type Tally } from '../../shared/books';
import { readTransformSettings } from '../../shared/config';
import { isObject, type Json, parseJson } from '../../shared/json';
import { actionsByTable } from '../../shared/transform/actions';

interface Result {
  readonly text: string;
  readonly rows: readonly Json[];
  readonly tally: Tally;
  readonly dead: readonly string[];
}

interface Options {
  readonly table?: string | undefined;
  readonly environment?: Readonly<Record<string, string>>;
  readonly explain?: Drawing;
}

async function map(text: string, { table, environment = {}, explain }: Options = {}): Promise<Result> {
  const books = new Books();
  const dead: string[] = [];
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  const run = dryRun(
    messagesOf(bytes(), { table }),
    {
      file: 'file.json',
      settings: readTransformSettings(environment),
      table,
      explain,
      onDeadLetter: ({ id, reason }) => dead.push(`${id} ${reason}`),
    },
    books,
  );
  let output = '';
  for await (const lines of run) output += lines;
  const rows = explain
    ? []
    : output
        .split('\n')
        .filter((line) => line !== '')
        .map(parseJson);
  return { text: output, rows, tally: books.tally(), dead };
}

const record = {
  time: '2026-11-20T09:16:02.1184730Z',
  tenantId: '3b1d5a6c-9f0e-4c55-8a77-2f4d6e8091ab',
  category: 'AdvancedHunting-DeviceNetworkEvents',
  properties: {
    Timestamp: '2026-11-20T09:14:33.4821907Z',
    DeviceName: 'ws1.example.com',
    DeviceId: 'd1',
    ReportId: 1,
    ActionType: 'ConnectionSuccess',
    LocalIP: '10.0.0.1',
    LocalPort: 50000,
    RemoteIP: '203.0.113.1',
    RemotePort: 443,
  },
};

function eventUid(row: Json): Json | undefined {
  return isObject(row) ? row['EventUid'] : undefined;
}

describe('a dry run', () => {
  test('gives the rows of every case, once each, and books that add up', async () => {
    // The app does not guess a table, a dry run does (below).
    const cases = readCases().filter(({ name }) => name !== 'envelope/hunting-row-without-table');
    for (const one of cases) {
      const { rows, tally } = await map(one.message, { table: one.table, environment: one.settings });
      const uids = one.rows.map(eventUid);
      const unique = one.rows.filter((row, i) => uids.indexOf(eventUid(row)) === i);
      expect({ name: one.name, rows }).toEqual({ name: one.name, rows: unique });
      expect({ name: one.name, balances: balances(tally) }).toEqual({ name: one.name, balances: true });
      expect(tally.deadLettered).toBe(one.dead.length);
      expect(tally.skipped).toBe(one.skipped.length);
    }
  });

  test('a record, an envelope, an array and lines of these give the same row', async () => {
    const forms = [
      JSON.stringify(record),
      JSON.stringify(record, null, 2),
      JSON.stringify({ records: [record] }),
      JSON.stringify([record], null, 2),
      `${JSON.stringify(record)}\n${JSON.stringify({ records: [] })}\n`,
    ];
    const results = await Promise.all(forms.map((form) => map(form)));
    const [first] = results;
    expect(first?.rows).toEqual([expect.objectContaining({ SrcIpAddr: '10.0.0.1', DstPortNumber: 443 })]);
    for (const { rows } of results) expect(rows).toEqual(first?.rows);
  });

  test('bare rows are taken for the only table that has their action type, whatever else they hold', async () => {
    const row = { ...record.properties, Type: 'a column' };
    for (const form of [JSON.stringify(row), JSON.stringify([row]), `${JSON.stringify(row)}\n`])
      expect((await map(form)).rows).toEqual([expect.objectContaining({ SrcIpAddr: '10.0.0.1' })]);
    const { rows } = await map(
      JSON.stringify({ ...record.properties, ActionType: 'FirewallOutboundConnectionBlocked' }),
    );
    expect(rows).toMatchObject([{ DvcAction: 'Deny', AdditionalFields: { Table: 'DeviceEvents' } }]);
  });

  test('no action type is listed for both tables, so it tells the table of a bare row', () => {
    const [network, device] = [actionsByTable.DeviceNetworkEvents, actionsByTable.DeviceEvents].map((actions) =>
      Object.keys(actions),
    );
    expect(network?.filter((name) => device?.includes(name))).toEqual([]);
  });

  test('other bare rows need the name of their table', async () => {
    const bare = JSON.stringify([{ ...record.properties, ActionType: 'SomethingNew' }]);
    expect((await map(bare)).tally.deadLetteredByReason).toEqual({ NoCategory: 1 });
    expect((await map(bare, { table: 'DeviceNetworkEvents' })).rows).toEqual([
      expect.objectContaining({ SrcIpAddr: '10.0.0.1' }),
    ]);
  });

  test('settings change the row', async () => {
    const { rows } = await map(JSON.stringify(record), { environment: { ADDITIONAL_FIELDS: 'minimal' } });
    expect(rows).toEqual([
      expect.objectContaining({
        AdditionalFields: {
          Table: 'DeviceNetworkEvents',
          DeviceId: 'd1',
          AadTenantId: '3b1d5a6c-9f0e-4c55-8a77-2f4d6e8091ab',
          DirectionBasis: 'action',
        },
      }),
    ]);
  });

  test('a dead letter is named by file, line and record', async () => {
    const bad = { ...record, properties: { ...record.properties, Timestamp: 'yesterday' } };
    const { dead, tally } = await map(`${JSON.stringify(record)}\n${JSON.stringify({ records: [record, bad] })}`);
    expect(dead).toEqual(['file.json/line/2/1 BadTimestamp']);
    expect(tally).toMatchObject({ received: 3, sent: 1, duplicates: 1, deadLettered: 1 });
  });
});

describe('what is new in the schema', () => {
  test('an unknown column and an unknown action type are kept and counted by name', async () => {
    const properties = { ...record.properties, ActionType: 'ConnectionTeleported', WarpFactor: 9 };
    const { rows, tally } = await map(JSON.stringify({ ...record, properties }));
    expect(tally.newInSchema).toEqual({ 'column WarpFactor': 1, 'action type ConnectionTeleported': 1 });
    expect(rows).toEqual([
      expect.objectContaining({
        EventSubType: 'ConnectionTeleported',
        AdditionalFields: expect.objectContaining({ Unmapped: { WarpFactor: 9 } }) as unknown,
      }),
    ]);
  });

  test('names from records are limited in number and length', async () => {
    const columns = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`Column${i}`, i]));
    const long = 'x'.repeat(1000);
    const properties = { ...record.properties, [long]: 1, ...columns };
    const { tally } = await map(JSON.stringify({ ...record, properties }));
    const names = Object.keys(tally.newInSchema);
    expect(names).toHaveLength(101);
    expect(tally.newInSchema['(other)']).toBe(51);
    expect(Math.max(...names.map((name) => name.length))).toBe(128);
  });
});

const lines: Drawing = { kind: 'lines' };

describe('an explanation', () => {
  test('names the values that decided which end is which', async () => {
    const attempt = {
      ...record.properties,
      ActionType: 'ConnectionAttempt',
      LocalPort: 443,
      RemotePort: 39_917,
      AdditionalFields: '{"direction":"In"}',
    };
    const { text } = await map(JSON.stringify({ ...record, properties: attempt }), { explain: lines });
    expect(text).toContain(
      'Src is Remote, Dst is Local, the device is Dst; direction Inbound; decided by: additionalFields (ActionType=ConnectionAttempt, AdditionalFields.direction=In, LocalPort=443, RemotePort=39917)',
    );
  });

  test('says for each column where its value came from, and why others are absent', async () => {
    const { text } = await map(JSON.stringify(record), { explain: { kind: 'tables', width: 160 } });
    expect(text).toContain('Line 1, record 0: DeviceNetworkEvents / ConnectionSuccess');
    expect(text).toContain('Src is Local, Dst is Remote, the device is Src; direction Outbound; decided by: action');
    expect(text).toMatch(
      /│ DstPortNumber +│ 443 +│ orientation=Local to Remote \(action\) +│ port of the destination end/,
    );
    expect(text).toMatch(/│ The source is empty +│ NetworkProtocol +│ Protocol/);
    expect(text).toMatch(/DstDvcFqdn, UrlOriginal/);
    expect(text).toMatch(/SrcZone, DstZone +│ IP types and machine groups are not network zones/);
  });

  test.each([80, 120])('in tables fits a terminal of %i columns', async (width) => {
    const { text } = await map(JSON.stringify(record), { explain: { kind: 'tables', width } });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
  });

  test('in lines has one line for each column, however long', async () => {
    const { text } = await map(JSON.stringify(record), { explain: lines });
    const found = text.split('\n');
    expect(found.find((line) => line.startsWith('DstPortNumber '))).toMatch(
      /^DstPortNumber = 443 {2}<- orientation=Local to Remote \(action\), RemotePort=443 \(port of the destination end/,
    );
    expect(found.find((line) => line.startsWith('NetworkProtocol '))).toMatch(
      /^NetworkProtocol absent {2}<- The source is empty \(Protocol\b/,
    );
    expect(found).toContain(
      'SrcZone absent  <- Defender has no source (IP types and machine groups are not network zones)',
    );
    const named = found.flatMap((line) => /^(\w+) (?:=|absent )/.exec(line)?.[1] ?? []);
    expect(named.toSorted()).toEqual(tableColumns.map(({ name }) => name).toSorted());
  });

  test('in lines is plain ASCII, whatever a record holds', async () => {
    const properties = { ...record.properties, DeviceName: 'a\u001b[31mb\u202ec\nd' };
    const { text } = await map(JSON.stringify({ ...record, properties }), { explain: lines });
    expect(text).toContain('a\\u001b[31mb\\u202ec\\u000ad');
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test('says why there is no row', async () => {
    const other = { ...record, category: 'AdvancedHunting-DeviceInfo' };
    const bad = { ...record, properties: { Timestamp: 5 } };
    const { text, tally } = await map(JSON.stringify([other, bad, 'x']), { explain: lines });
    expect(text).toContain('Line 1, record 0: DeviceInfo: skipped as DeviceInfo: inventory of the device.');
    expect(text).toContain('Line 1, record 1: DeviceNetworkEvents: dead letter, BadTimestamp.');
    expect(text).toContain('Line 1, record 2: dead letter, NotARecord. Expected an object, found a string.');
    expect(tally).toMatchObject({ received: 3, skipped: 1, deadLettered: 2 });
  });
});

describe('with MERGE_FLOWS=message', () => {
  const environment = { MERGE_FLOWS: 'message' };
  const { properties } = record;
  const second = { ...record, properties: { ...properties, ReportId: 2 } };
  const another = { ...record, properties: { ...properties, ReportId: 3 } };
  const other = { ...record, properties: { ...properties, ReportId: 4, RemotePort: 80 } };
  const line = JSON.stringify({ records: [record, other, second, another] });

  test('map prints one row for identical connections of a line, and counts the others as merged', async () => {
    const { rows, tally } = await map(`${line}\n`, { environment });
    expect(rows).toMatchObject([{ EventCount: 3 }, { EventCount: 1 }]);
    expect(tally).toMatchObject({ received: 4, sent: 2, merged: 2, duplicates: 0 });
    expect(balances(tally)).toBe(true);
    expect(booksText(tally, readTransformSettings(environment)).split('\n')[0]).toBe(
      '4 records in 1 message: 2 rows, 0 skipped, 2 merged into another row, 0 duplicates, 0 dead letters',
    );
  });

  test('--explain says which records share a row', async () => {
    const { text } = await map(line, { environment, explain: { kind: 'lines' } });
    const notes = text.split('\n').filter((one) => one.includes('MERGE_FLOWS'));
    expect(notes).toEqual([
      'Shares its row with records 2, 3 (MERGE_FLOWS): EventCount 3. What follows is the row that it would have alone.',
      'Is part of the row of record 0 (MERGE_FLOWS). What follows is the row that it would have alone.',
      'Is part of the row of record 0 (MERGE_FLOWS). What follows is the row that it would have alone.',
    ]);
  });
});
