import type { StoredRow } from 'azure-emulators/ingestion';
import { type LogsTable, QueryError } from 'azure-emulators/workspace';
import * as fc from 'fast-check';
import { askingFor, firstEventQuery } from '../../cli/doctor/send/firstEventQuery';
import { firstEventAnswer } from '../../cli/emulators/firstEventAnswer';
import { readText } from '../../scripts/kql/queryFiles';
import { evaluate } from './evaluator/evaluate';
import { type TableRow, tablesWith } from './workspaceTables';

const [own, other] = ['11111111-2222-5333-8444-555555555555', '99999999-2222-5333-8444-555555555555'];
const text = readText(firstEventQuery);
const query = askingFor(text, own);

interface Given {
  readonly row: TableRow;
  readonly receivedAt: Date | undefined;
  readonly storedAt: Date | undefined;
}

/** What the emulator answers over these rows; times in milliseconds. */
async function answered(given: readonly Given[], asked?: Asked): Promise<unknown> {
  return answeredFor(
    given.map(({ row, ...times }) => ({ text: JSON.stringify(row), ...times })),
    asked,
  );
}

async function answeredFor(stored: readonly StoredRow[], { asked = query, from, to }: Asked = {}): Promise<unknown> {
  async function* rows(): AsyncGenerator<StoredRow> {
    yield* stored;
  }
  const answer = await firstEventAnswer(rows);
  return plain(await answer({ query: asked, from, to }));
}

interface Asked {
  readonly asked?: string;
  readonly from?: Date;
  readonly to?: Date;
}

function plain({ columns, rows }: LogsTable): unknown {
  return { columns, rows: rows.map((row) => row.map(inMilliseconds)) };
}

function inMilliseconds(value: unknown): unknown {
  return typeof value === 'string' && /T.*Z$/.test(value) ? Date.parse(value) : value;
}

/** What the evaluator of the tests says, of a table that has the column _TimeReceived as in Azure. */
function evaluated(given: readonly Given[]): unknown {
  const { NetworkSessions_CL: table, ...tables } = tablesWith({});
  const stored = new Map(
    given.map(
      ({ row, receivedAt, storedAt }) =>
        [Object.assign({}, row, { _TimeReceived: receivedAt?.toISOString() }), storedAt?.toISOString() ?? ''] as const,
    ),
  );
  const sessions = {
    schema: { ...table?.schema, _TimeReceived: 'datetime' },
    rows: [...stored.keys()],
    storedAt: (row: TableRow) => [...stored].find(([one]) => one === row)?.[1] ?? '',
  };
  return plain(evaluate(query, { tables: { ...tables, NetworkSessions_CL: sessions }, now: '2026-11-29T12:00:00Z' }));
}

const time = fc.integer({ min: 0, max: 100_000 }).map((ms) => new Date(Date.parse('2026-11-29T11:00:00Z') + ms));

test('the emulator answers as the query does, whatever rows are stored', async () => {
  const given = fc.uniqueArray(
    fc.record({
      row: fc.record(
        {
          TimeGenerated: time.map((at) => at.toISOString()),
          EventUid: fc.constantFrom(own, other, own.toUpperCase(), ` ${own}`, ''),
          DvcHostname: fc.constantFrom(own, 'network-sessions-check.example'),
        },
        { requiredKeys: ['TimeGenerated'] },
      ),
      receivedAt: time,
      storedAt: time,
    }),
    // Rows of the same moment have no order.
    { maxLength: 8, selector: ({ storedAt }) => storedAt.getTime() },
  );
  await fc.assert(
    fc.asyncProperty(given, async (rows) => {
      expect(await answered(rows)).toEqual(evaluated(rows));
    }),
    { numRuns: 50 },
  );
});

const [early, late] = [new Date('2026-11-29T11:00:00Z'), new Date('2026-11-29T11:30:00Z')];
const row = { TimeGenerated: early.toISOString(), EventUid: own };

test('the first row that was stored comes first, after rows of earlier runs, whose times are not known', async () => {
  const rows = [
    { row, receivedAt: late, storedAt: late },
    { row, receivedAt: early, storedAt: early },
    { row, receivedAt: undefined, storedAt: undefined },
    { row: { ...row, EventUid: other }, receivedAt: early, storedAt: early },
  ];
  expect(await answered(rows)).toMatchObject({
    rows: [
      ['NetworkSessions_CL', null, null],
      ['NetworkSessions_CL', early.getTime(), early.getTime()],
      ['NetworkSessions_CL', late.getTime(), late.getTime()],
    ],
  });
});

test('rows outside the timespan of the question are no rows', async () => {
  const rows = [{ row, receivedAt: late, storedAt: late }];
  expect(await answered(rows, { from: early, to: early })).toMatchObject({
    rows: [[expect.anything(), late.getTime(), late.getTime()]],
  });
  expect(await answered(rows, { from: late })).toMatchObject({ rows: [] });
  expect(await answered(rows, { to: new Date(early.getTime() - 1) })).toMatchObject({ rows: [] });
});

test('an EventUid is found however its row is written', async () => {
  const written = JSON.stringify(row).replace('11111111', String.raw`\u00311111111`);
  const stored = [{ text: written, receivedAt: early, storedAt: early }];
  expect(await answeredFor(stored)).toMatchObject({ rows: [['NetworkSessions_CL', early.getTime(), early.getTime()]] });
});

test.each([
  '',
  'NetworkSessions_CL',
  text.replace(/"0{8}.*"/, '"" or true or "" == ""'),
  text.replace(/"0{8}.*"/, '"x"'),
  `${query} `,
  query.replace('asc', 'desc'),
  query.slice(0, -1),
  `${query}| take 1`,
])('any other query is rejected, and the message names the one that it knows (case %#)', async (asked) => {
  const rejected = answered([], { asked });
  await expect(rejected).rejects.toThrow(QueryError);
  await expect(rejected).rejects.toThrow('infra/queries/doctor/first-event.kql');
});
