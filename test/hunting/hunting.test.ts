import {
  type Planted as Attack,
  generateStream,
  plantedIn,
  type ScenarioName,
  type StreamOptions,
} from 'defender-samples';
import { markedRecord } from '../../cli/doctor/send/markedRecord';
import type { HuntingQuery } from '../../scripts/kql/huntingHeader';
import { type HuntingTable, huntingQueries, huntingTables, onTable } from '../../scripts/kql/huntingQueries';
import { readText } from '../../scripts/kql/queryFiles';
import { stream, workspaceTables } from '../../scripts/kql/tableSchemas';
import { isObject, type JsonObject } from '../../shared/json';
import { evaluateRows } from '../kql/evaluator/evaluate';
import { changed, now, readPlanted, rowsOf, rowsOfMessage } from './plantedRows';

jest.setTimeout(600_000);

type Rows = readonly Readonly<Record<string, unknown>>[];

const time = now.toISOString();
const transform = readText('infra/transforms/asimNetworkSessionLogs.kql');
const [source] = stream.tables;

/** A table with the columns and keys that the query names: the others only cost time. */
function tableFor(text: string, table: string, rows: Rows) {
  const described = workspaceTables().find(({ name }) => name === table);
  const words = new Set(text.match(/\w+/g));
  const named = (value: unknown): unknown =>
    isObject(value)
      ? Object.fromEntries(
          Object.entries(value).flatMap(([key, inner]) => (words.has(key) ? [[key, named(inner)]] : [])),
        )
      : value;
  const schema = Object.fromEntries(Object.entries(described?.columns ?? {}).filter(([column]) => words.has(column)));
  return {
    [table]: {
      schema,
      rows: rows.map((row) => Object.fromEntries(Object.keys(schema).map((column) => [column, named(row[column])]))),
    },
  };
}

/** What the service stores in the table. */
function stored(rows: Rows, table: HuntingTable): Rows {
  if (table === 'NetworkSessions_CL') return rows;
  return evaluateRows(transform, { tables: { source: { schema: source?.columns ?? {}, rows } }, now: time });
}

function found(
  query: Pick<HuntingQuery, 'body'>,
  rows: Rows,
  table: HuntingTable = 'NetworkSessions_CL',
  at = now,
): Rows {
  const text = onTable(query, table);
  return evaluateRows(text, { tables: tableFor(text, table, stored(rows, table)), now: at.toISOString() });
}

async function rowsOfStream(options: StreamOptions): Promise<JsonObject[]> {
  const rows: JsonObject[] = [];
  for (const { body } of generateStream(options)) rows.push(...(await rowsOfMessage(body)));
  return rows;
}

/** 20,000 ordinary events: half of them over ten days, half in the last hour. */
async function ordinaryRows(): Promise<JsonObject[]> {
  const options = { records: 10_000, seed: 1, end: now };
  return [
    ...(await rowsOfStream({ ...options, minutes: 14_400 })),
    ...(await rowsOfStream({ ...options, minutes: 60 })),
  ];
}

let ordinary: Promise<JsonObject[]> | undefined;

describe.each(huntingQueries.map((query) => ({ name: query.name, query })))('$name', ({ name, query }) => {
  const { finds, misses, without } = readPlanted(name);

  test('has two planted finds or more, and two near misses or more', () => {
    expect(finds.length).toBeGreaterThanOrEqual(2);
    expect(misses.length).toBeGreaterThanOrEqual(2);
  });

  test.each(huntingTables)('finds each find and no near miss in %s', async (table) => {
    const result = found(query, await rowsOf([...finds, ...misses]), table);
    for (const { row } of finds) expect(result).toContainEqual(expect.objectContaining(row ?? {}));
    expect(result).toHaveLength(finds.length);
  });

  test.each(without)('misses the finds if their rows have %j', async (change) => {
    const rows = await rowsOf(finds);
    expect(
      found(
        query,
        rows.map((row) => changed(row, change)),
      ),
    ).toEqual([]);
  });

  test('finds nothing a day later, when what it found is no news', async () => {
    expect(found(query, await rowsOf(finds), 'NetworkSessions_CL', new Date(now.getTime() + 86_400_000))).toEqual([]);
  });

  test('returns the same when every row is stored twice', async () => {
    const rows = await rowsOf([...finds, ...misses]);
    expect(found(query, [...rows, ...rows])).toEqual(found(query, rows));
  });

  test(`returns ${query.hits} rows for ordinary events, as its comment says`, async () => {
    const result = found(query, await (ordinary ??= ordinaryRows()));
    expect(result).toHaveLength(query.hits);
    expect(query.hits).toBeLessThanOrEqual(5);
    expect(query.hitsExplained === '').toBe(query.hits === 0);
  });
});

test.each(['beaconing', 'lolbin-new-name', 'rare-destination-of-program'])(
  'behind a proxy that addresses.kql names, %s finds what has a name',
  async (name) => {
    const query = huntingQueries.find((one) => one.name === name);
    if (!query) throw new Error(`There is no query ${name}.`);
    const rows = (await rowsOf(readPlanted(name).finds)).map((row) => changed(row, { DstIpAddr: '10.0.0.80' }));
    const tables = (text: string) => ({ tables: tableFor(text, 'NetworkSessions_CL', rows), now: time });
    const text = onTable(query, 'NetworkSessions_CL');
    expect(evaluateRows(text, tables(text))).toEqual([]);
    const behind = text.replace('let Proxies = dynamic([]);', 'let Proxies = dynamic(["10.0.0.80"]);');
    const result = evaluateRows(behind, tables(behind));
    const named = readPlanted(name).finds.filter(({ row }) => row?.['DstName'] ?? row?.['CommandLine']);
    expect(named.length).toBeGreaterThanOrEqual(1);
    for (const { row: { DstIpAddr: _, ...row } = {} } of named)
      expect(result).toContainEqual(expect.objectContaining({ ...row, DstIpAddr: '10.0.0.80' }));
  },
);

describe('an attack that is mixed into a stream is found', () => {
  // What the row of the attack says, by hand from what each scenario is about.
  const attacks: [ScenarioName, string, (attack: Attack) => object][] = [
    [
      'beaconing',
      'beaconing',
      ({ deviceName: Device }) => ({ Device, DstName: 'beacon.quietriver.example.org', Every: 60 }),
    ],
    ['lateralMovementSmb', 'smb-many-targets', ({ deviceName: Device, peers }) => ({ Device, Targets: peers.length })],
    ['lateralMovementRdp', 'rdp-many-targets', ({ deviceName: Device, peers }) => ({ Device, Targets: peers.length })],
    ['portScan', 'port-scan', ({ deviceName: Device }) => ({ Device, DstIpAddr: '10.0.0.40' })],
    ['rareDestination', 'rare-port', ({ deviceName: Device }) => ({ Device, DstPortNumber: 4444, Count: 3 })],
    ['clearTextLogin', 'clear-text-login', ({ deviceName: Device }) => ({ Device, DstIpAddr: '198.51.100.252' })],
    ['longSession', 'long-session', ({ deviceName: Device }) => ({ Device, DstIpAddr: '198.51.100.253', Seen: 11 })],
  ];

  test.each(attacks)('%s, by %s', async (scenario, name, row) => {
    const shares = { ConnectionSuccess: 9, 'ConnectionFailed to a server': 1 };
    const options = {
      records: 1000,
      seed: 3,
      end: now,
      minutes: 120,
      shares,
      scenarios: [{ name: scenario, at: 0.5 }],
    };
    const query = huntingQueries.find((one) => one.name === name);
    const [attack] = plantedIn(options);
    if (!query || !attack) throw new Error(`There is no query ${name}, or no scenario ${scenario}.`);
    expect(found(query, await rowsOfStream(options))).toContainEqual(expect.objectContaining(row(attack)));
  });
});

describe('the record of npm run doctor -- --send', () => {
  test.each(huntingTables)('is no session of the hunting queries and rules over %s', async (table) => {
    const { body } = await markedRecord(now);
    const rows = await rowsOfMessage(Buffer.from(body));
    expect(rows).toHaveLength(1);
    const sessions = { body: 'Sessions | project Device' };
    expect(found(sessions, rows, table)).toEqual([]);
    // Another device with the same session is one.
    const other = rows.map((row) => changed(row, { DvcHostname: 'ws1.corp.example' }));
    expect(found(sessions, other, table)).toEqual([{ Device: 'ws1.corp.example' }]);
  });
});
