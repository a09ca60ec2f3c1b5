import { generateStream } from 'defender-samples';
import { type HuntingTable, huntingQueries, huntingTables, onTable } from '../../scripts/kql/huntingQueries';
import { readText } from '../../scripts/kql/queryFiles';
import { stream, workspaceTables } from '../../scripts/kql/tableSchemas';
import type { JsonObject } from '../../shared/json';
import { evaluateRows } from '../kql/evaluator/evaluate';
import { now, readPlanted, rowsOf, rowsOfMessage } from './plantedRows';

jest.setTimeout(600_000);

type Rows = readonly Readonly<Record<string, unknown>>[];

const time = now.toISOString();
const transform = readText('infra/transforms/asimNetworkSessionLogs.kql');
const [source] = stream.tables;

/** A table with the columns that the query names: the others only cost time. */
function tableFor(text: string, table: string, rows: Rows) {
  const described = workspaceTables().find(({ name }) => name === table);
  const words = new Set(text.match(/\w+/g));
  const columns = Object.entries(described?.columns ?? {}).filter(([column]) => words.has(column));
  const trimmed = rows.map((row) => Object.fromEntries(columns.map(([column]) => [column, row[column]])));
  return { [table]: { schema: Object.fromEntries(columns), rows: trimmed } };
}

/** What the service stores in the table. */
function stored(rows: Rows, table: HuntingTable): Rows {
  if (table === 'NetworkSessions_CL') return rows;
  return evaluateRows(transform, { tables: { source: { schema: source?.columns ?? {}, rows } }, now: time });
}

function found(query: (typeof huntingQueries)[number], rows: Rows, table: HuntingTable = 'NetworkSessions_CL'): Rows {
  const text = onTable(query, table);
  return evaluateRows(text, { tables: tableFor(text, table, stored(rows, table)), now: time });
}

/** 20,000 ordinary events: half of them over ten days, half in the last hour. */
async function ordinaryRows(): Promise<JsonObject[]> {
  const spans = [14_400, 60];
  const messages = spans.flatMap((minutes) => [...generateStream({ records: 10_000, seed: 1, end: now, minutes })]);
  const rows: JsonObject[] = [];
  for (const { body } of messages) rows.push(...(await rowsOfMessage(body)));
  return rows;
}

let ordinary: Promise<JsonObject[]> | undefined;

describe.each(huntingQueries.map((query) => ({ name: query.name, query })))('$name', ({ name, query }) => {
  const { finds, misses } = readPlanted(name);

  test('has two planted finds and two near misses', () => {
    expect([finds.length, misses.length]).toEqual([2, 2]);
  });

  test.each(huntingTables)('finds both finds and neither near miss in %s', async (table) => {
    const result = found(query, await rowsOf([...finds, ...misses]), table);
    for (const { row } of finds) expect(result).toContainEqual(expect.objectContaining(row ?? {}));
    expect(result).toHaveLength(finds.length);
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
