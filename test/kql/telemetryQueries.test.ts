import { basename } from 'node:path';
import { queryFiles } from '../../scripts/kql/queryFiles';
import { evaluateRows } from './evaluator/evaluate';
import { type RecordedRun, recordRun } from './recordedRun';
import { lastTime, tablesWith, telemetryRows } from './workspaceTables';

/** The questions of docs/telemetry.md, on what the app exported. */

let run: RecordedRun;
beforeAll(async () => {
  run = await recordRun();
});

const texts = new Map(
  queryFiles().flatMap(({ file, text }) =>
    file.startsWith('infra/queries/telemetry/') ? [[basename(file, '.kql'), text]] : [],
  ),
);

function found(name: string, phase: 'healthy' | 'held' | 'end'): Record<string, unknown>[] {
  const rows = telemetryRows(run[phase]);
  const now = new Date(lastTime(rows)).toISOString();
  return evaluateRows(texts.get(name) ?? '', { tables: tablesWith(rows), now });
}

const here = { Hub: 'insights-logs-advancedhunting-devicenetworkevents', Partition: '0' };

const sum = (Name: string, Sum: number, Properties: Readonly<Record<string, string>>) => ({
  TimeGenerated: '2026-11-29T11:00:00Z',
  Name: `network_sessions.${Name}`,
  Sum,
  Properties,
});

const answers: Readonly<Record<string, () => void>> = {
  backlog: () => {
    const [row, ...others] = found('backlog', 'held');
    expect(row).toMatchObject(here);
    expect(Number(row?.['OldestAgeSeconds'])).toBeGreaterThan(0);
    expect(others).toEqual([]);
  },
  batch: () => {
    const steps = found('batch', 'held');
    expect(steps).toContainEqual(expect.objectContaining({ ...here, Code: 'Forbidden', Step: 'delivery' }));
    expect(steps.map(({ Status }) => Status)).toContain('403');
    expect(found('batch', 'healthy')).toEqual([]);
  },
  'dead-letters': () => {
    expect(found('dead-letters', 'end')).toMatchObject([
      { Hub: here.Hub, Reason: 'InvalidJson', Table: '', Letters: 1 },
    ]);
    expect(found('dead-letters', 'healthy')).toEqual([]);
  },
  delay: () => {
    const rows = found('delay', 'end');
    // Three rows in two batches.
    expect(rows.map(({ Metric, Values }) => [Metric, Values])).toEqual(
      expect.arrayContaining([
        ['network_sessions.event.delay', 3],
        ['network_sessions.hub.delay', 3],
      ]),
    );
    for (const { P50, P95, P99, Most, Mean } of rows) {
      expect(Number(P50)).toBeLessThanOrEqual(Number(P95));
      expect(Number(P95)).toBeLessThanOrEqual(Number(P99));
      expect(Number(Mean)).toBeLessThanOrEqual(Number(Most));
      expect(Number(Most)).toBeLessThanOrEqual(Number(P99));
    }
  },
  held: () => {
    const rows = found('held', 'held');
    expect(rows).toMatchObject([{ ...here, Code: 'Forbidden' }]);
    expect(rows[0]?.['At']).toContain('role');
    expect(rows[0]?.['Next']).toContain('Monitoring Metrics Publisher');
    expect(found('held', 'end')).toEqual([]);
  },
  records: () => {
    expect(found('records', 'end')).toEqual([
      { Hub: here.Hub, State: 'sent', Table: 'DeviceNetworkEvents', Reason: '', Records: 3 },
      { Hub: here.Hub, State: 'deadLettered', Table: '', Reason: 'InvalidJson', Records: 1 },
    ]);
  },
  saved: () => {
    const AppMetrics = [
      sum('bytes.sent', 600, { encoding: 'identity' }),
      sum('bytes.sent', 90, { encoding: 'gzip' }),
      sum('rows.saved', 3, { lever: 'drop', name: 'rule' }),
      sum('bytes.saved', 300, { lever: 'drop', name: 'rule' }),
      sum('bytes.saved', 100, { lever: 'columns', name: '' }),
    ];
    const tables = tablesWith({ AppMetrics });
    expect(evaluateRows(texts.get('saved') ?? '', { tables, now: '2026-11-29T12:00:00Z' })).toEqual([
      { Lever: 'drop', Rule: 'rule', Rows: 3, Bytes: 300, Share: 30 },
      { Lever: 'columns', Rule: '', Rows: 0, Bytes: 100, Share: 10 },
    ]);
    expect(found('saved', 'end')).toEqual([]);
  },
  schema: () => {
    expect(found('schema', 'end')).toHaveLength(3);
    expect(found('schema', 'end')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Kind: 'actionType', Name: 'NewAction', Records: 1 }),
        expect.objectContaining({ Kind: 'column', Name: 'NewColumn', Records: 1 }),
        expect.objectContaining({ Kind: 'unreadable', Name: 'RemotePort', Records: 1 }),
      ]),
    );
  },
  throttling: () => {
    const [row] = found('throttling', 'end');
    expect(row).toMatchObject({ Rule: run.ruleId, Throttled: 1, Repeated: 1, BatchesHeld: 0 });
    expect(Number(row?.['ClosedSeconds'])).toBeCloseTo(1, 5);
  },
};

test('each query about telemetry has an answer here', () => {
  expect(Object.keys(answers)).toEqual([...texts.keys()]);
});

test.each([...texts.keys()])('%s answers its question', (name) => {
  answers[name]?.();
});
