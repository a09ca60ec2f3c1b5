import { basename } from 'node:path';
import { type Envelope } from 'azure-emulators/telemetry';
import { queryFiles } from '../../scripts/kql/queryFiles';
import { headerOf } from '../../scripts/kql/queryHeader';
import { catalogue } from '../../shared/telemetry/catalogue';
import { evaluateRows } from './evaluator/evaluate';
import { type RecordedRun, recordRun } from './recordedRun';
import { changed, filledIn, lastTime, resources, type TableRow, tablesWith, telemetryRows } from './workspaceTables';

/** The queries of the alerts on what the app exported. What Azure itself writes (AzureMetrics, DCRLogErrors) is made here. */

let run: RecordedRun;
beforeAll(async () => {
  run = await recordRun();
});

type Rows = Record<string, readonly TableRow[]>;
const texts = new Map(
  queryFiles().flatMap(({ file, text }) =>
    file.startsWith('infra/queries/alerts/') ? [[basename(file, '.kql'), text]] : [],
  ),
);

/** The rows of a query; `now` is the time of the last item, or `later` seconds after it. */
function found(name: string, rows: Rows, later = 0): Record<string, unknown>[] {
  const now = new Date(lastTime(rows) + later * 1000).toISOString();
  return evaluateRows(filledIn(texts.get(name) ?? ''), { tables: tablesWith(rows), now });
}

/** What raises the alert: rows whose value is above the threshold that the query's header names first. */
function raised(name: string, rows: Rows, later = 0): Record<string, unknown>[] {
  const threshold = Number(/Value > (\d+)/.exec(headerOf(texts.get(name) ?? '').alertWhen ?? '')?.[1] ?? 0);
  return found(name, rows, later).filter(({ Value }) => Number(Value) > threshold);
}

const metric = (name: string, all: readonly Envelope[]): readonly TableRow[] =>
  (telemetryRows(all)['AppMetrics'] ?? []).filter((row) => row['Name'] === name);
const messages = (MetricName: string, Total: number): TableRow => ({
  TimeGenerated: new Date().toISOString(),
  MetricName,
  Total,
  _ResourceId: resources.EventHubsNamespace.toLowerCase(),
});
const withMetric = (all: readonly Envelope[], name: string, change: TableRow, copies = 1): Rows => {
  const rows = telemetryRows(all);
  const [one = {}] = metric(name, all).slice(-1);
  const more = Array.from({ length: copies }, () => ({ ...one, ...change }));
  return { ...rows, AppMetrics: [...(rows['AppMetrics'] ?? []), ...more] };
};
const partition = { Hub: 'insights-logs-advancedhunting-devicenetworkevents', Partition: '0' };

/** For each alert a situation that raises it, with what it must say. */
const planted: Readonly<Record<string, () => [found: Record<string, unknown>[], says: Record<string, unknown>]>> = {
  'books-unbalanced': () => {
    // Only a fault of the app sends it.
    const books = withMetric(run.healthy, catalogue.oldestAge.name, { Name: catalogue.booksOff.name, Sum: 1 });
    return [raised('books-unbalanced', books), { ...partition, Value: 1 }];
  },
  'dcr-log-errors': () => {
    const [rule = ''] = resources.DataCollectionRules.split(',');
    const error = {
      InputStreamId: 'Custom-NetworkSessions',
      OperationName: 'Transformation',
      _ResourceId: rule.toLowerCase(),
    };
    const rows = [error, error, { ...error, _ResourceId: `${rule}-of-another` }];
    const DCRLogErrors = changed(rows, { TimeGenerated: new Date().toISOString() });
    return [
      raised('dcr-log-errors', { DCRLogErrors }),
      { Stream: 'Custom-NetworkSessions', Operation: 'Transformation', Value: 2 },
    ];
  },
  'dead-letters': () => [
    raised('dead-letters', telemetryRows(run.end)),
    { Hub: partition.Hub, Reason: 'InvalidJson', Table: '', Value: 1 },
  ],
  'held-partition': () => {
    // As recorded, but after three attempts.
    const longer = withMetric(run.held, catalogue.held.name, { Sum: 1000 });
    return [raised('held-partition', longer), { ...partition, Code: 'Forbidden', Value: 1000 }];
  },
  'ingestion-errors': () => {
    const call = metric(catalogue.requests.name, run.held).find(({ Properties }) =>
      JSON.stringify(Properties).includes('403'),
    );
    const AppMetrics = Array.from({ length: 51 }, () => call ?? {});
    return [
      raised('ingestion-errors', { AppMetrics }),
      { Rule: run.ruleId, Status: '403', Code: 'Forbidden', Value: 51 * Number(call?.['Sum']) },
    ];
  },
  'no-heartbeat': () => [raised('no-heartbeat', { AzureMetrics: [messages('IncomingMessages', 7)] }), { Value: 7 }],
  'nothing-stored': () => {
    const since = (telemetryRows(run.held)['AppMetrics'] ?? []).slice(telemetryRows(run.healthy)['AppMetrics']?.length);
    const batches = since.filter(({ Name }) => Name === catalogue.batchesHeld.name);
    return [
      raised('nothing-stored', { AppMetrics: since }),
      // And the broken message, which became a dead letter.
      { Value: batches.reduce((sum, { Sum }) => sum + Number(Sum), 1) },
    ];
  },
  'oldest-event': () => {
    const rows = telemetryRows(run.held);
    const last = metric(catalogue.oldestAge.name, run.held).at(-1);
    // Rounded: the age of the report counts too.
    const all = found('oldest-event', rows, 200_000).flatMap((row) =>
      changed([row], { Value: Math.floor(Number(row['Value']) / 1000) }),
    );
    expect(Number(last?.['Sum'])).toBeGreaterThan(0);
    return [all.filter(({ Value }) => Number(Value) > 151), { ...partition, Value: 200 }];
  },
  'schema-news': () => [
    raised('schema-news', telemetryRows(run.end)).filter(({ Kind }) => Kind === 'column'),
    { Kind: 'column', Name: 'NewColumn', Value: 1 },
  ],
  'unread-messages': () => {
    const AzureMetrics = [messages('IncomingMessages', 10_000), messages('OutgoingMessages', 9700)];
    return [raised('unread-messages', { AzureMetrics }), { Value: 3 }];
  },
  'worker-starts': () => [
    raised('worker-starts', withMetric(run.healthy, catalogue.starts.name, { Sum: 1 }, 4)),
    { Value: 4 },
  ],
};

const alerts = [...texts.keys()];

test('each alert has a situation that raises it', () => {
  expect(Object.keys(planted)).toEqual(alerts);
});

describe('an alert', () => {
  test.each(alerts)('%s says what is wrong, and where', (name) => {
    const [rows, says] = planted[name]?.() ?? [[], {}];
    expect(rows).toEqual([says]);
  });

  test.each(alerts)('%s is silent while all is well', (name) => {
    const AzureMetrics = [messages('IncomingMessages', 10_000), messages('OutgoingMessages', 9950)];
    expect(raised(name, { ...telemetryRows(run.healthy), AzureMetrics })).toEqual([]);
  });

  test.each(alerts)('%s is silent on the telemetry of another app and another namespace', (name) => {
    const others = Object.entries(telemetryRows(run.end)).map(([table, rows]): [string, TableRow[]] => [
      table,
      changed(rows, { _ResourceId: `${resources.ApplicationInsights}2` }),
    ]);
    const AzureMetrics = [{ ...messages('IncomingMessages', 10_000), _ResourceId: `${resources.EventHubsNamespace}2` }];
    expect(raised(name, { ...Object.fromEntries(others), AzureMetrics })).toEqual([]);
  });
});

/** Recorded reports, as if a second were 1,000. */
const longer = (rows: readonly TableRow[]): TableRow[] =>
  rows.flatMap((row) => changed([row], { Sum: Number(row['Sum']) * 1000 }));

describe('held-partition', () => {
  test('is silent once the batch is settled, even in the minute of the last report', () => {
    const reports = metric(catalogue.held.name, run.end);
    expect(reports.some(({ Sum }) => Number(Sum) > 0.9)).toBe(true);
    expect(raised('held-partition', { AppMetrics: longer(reports) })).toEqual([]);
  });

  test('tells the current code where one report has an earlier one too, with 0', () => {
    const [report = {}] = metric(catalogue.held.name, run.held);
    const Properties = { 'messaging.destination.name': 'hub', 'messaging.destination.partition.id': '0' };
    const both = [
      { ...report, Sum: 0, Properties: { ...Properties, 'error.type': 'Earlier' } },
      { ...report, Sum: 901, Properties: { ...Properties, 'error.type': 'Current' } },
    ];
    for (const AppMetrics of [both, both.toReversed()]) {
      expect(raised('held-partition', { AppMetrics })).toEqual([
        { Hub: 'hub', Partition: '0', Code: 'Current', Value: 901 },
      ]);
    }
  });
});
