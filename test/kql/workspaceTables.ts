import { type Envelope, metricsOf, propertiesOf } from 'azure-emulators/telemetry';
import { workspaceTables } from '../../scripts/kql/tableSchemas';
import type { InputTable, Workspace } from './evaluator/evaluate';

export type TableRow = Readonly<Record<string, unknown>>;

/** What the deployment puts in the place of the names in braces, and the workbook in the place of its parameters. */
export const resources = {
  ApplicationInsights: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/components/app',
  EventHubsNamespace: '/subscriptions/s/resourceGroups/g/providers/Microsoft.EventHub/namespaces/hubs',
  DataCollectionRules:
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/dataCollectionRules/one,/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/dataCollectionRules/two',
} as const;

export function filledIn(text: string): string {
  return Object.entries(resources).reduce((filled, [name, value]) => filled.replaceAll(`{${name}}`, value), text);
}

/** Every table of the workspace; empty where no rows are given. */
export function tablesWith(rows: Readonly<Record<string, readonly TableRow[]>>): Workspace['tables'] {
  const tables = workspaceTables().map(({ name, columns }): [string, InputTable] => [
    name,
    { schema: columns, rows: rows[name] ?? [], storedAt: (row) => String(row['TimeGenerated']) },
  ]);
  return Object.fromEntries(tables);
}

/** What Application Insights took, as rows of the workspace: https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete */
export function telemetryRows(envelopes: readonly Envelope[]): Record<string, TableRow[]> {
  const rows: Record<string, TableRow[]> = {};
  for (const envelope of envelopes) {
    const [table, columns] = rowOf(envelope);
    (rows[table] ??= []).push({ ...common(envelope), ...columns });
  }
  return rows;
}

/** The rows with other values in some columns. */
export const changed = (rows: readonly TableRow[], change: TableRow): TableRow[] =>
  rows.map((row) => Object.assign({}, row, change));

/** In milliseconds since 1970. */
export const lastTime = (rows: Readonly<Record<string, readonly TableRow[]>>): number =>
  Math.max(...Object.values(rows).flatMap((all) => all.map((row) => Date.parse(String(row['TimeGenerated'])))));

function common({ time, tags, data }: Envelope): TableRow {
  return {
    TimeGenerated: time,
    AppRoleName: tags['ai.cloud.role'],
    AppRoleInstance: tags['ai.cloud.roleInstance'],
    OperationId: tags['ai.operation.id'],
    ParentId: tags['ai.operation.parentId'],
    Properties: propertiesOf(data.baseData),
    _ResourceId: resources.ApplicationInsights.toLowerCase(),
  };
}

function rowOf(envelope: Envelope): [table: string, columns: TableRow] {
  const { baseType, baseData } = envelope.data;
  switch (baseType) {
    case 'MetricData': {
      const [metric] = metricsOf([envelope]);
      return [
        'AppMetrics',
        { Name: metric?.name, Sum: metric?.sum, ItemCount: metric?.count, Min: metric?.min, Max: metric?.max },
      ];
    }
    case 'MessageData':
      return ['AppTraces', { Message: baseData['message'] }];
    case 'RequestData':
      return ['AppRequests', span(baseData)];
    case 'RemoteDependencyData':
      return ['AppDependencies', span(baseData)];
    case 'ExceptionData':
      return ['AppExceptions', {}];
    default:
      throw new Error(`The workspace has no table for ${baseType}.`);
  }
}

function span(baseData: Envelope['data']['baseData']): TableRow {
  return {
    Id: baseData['id'],
    Name: baseData['name'],
    ResultCode: baseData['responseCode'] ?? baseData['resultCode'],
    Success: baseData['success'],
    DurationMs: milliseconds(String(baseData['duration'])),
  };
}

/** Of `1.02:03:04.5` */
function milliseconds(duration: string): number {
  const [seconds = '0', minutes = '0', hours = '0', days = '0'] = duration.split(/:|\.(?=\d+:)/).toReversed();
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
