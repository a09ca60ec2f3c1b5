import { isFields } from '../fields';
import type { Envelope } from './envelope';

/** A metric as the table AppMetrics shows it. */
export interface MetricRow {
  readonly name: string;
  readonly sum: number;
  readonly count: number;
  /** As sent; undefined unless the metric is a distribution. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly properties: Readonly<Record<string, string>>;
  readonly instance: string;
}

export function metricsOf(envelopes: Iterable<Envelope>): MetricRow[] {
  const rows: MetricRow[] = [];
  for (const { data, tags } of envelopes) {
    if (data.baseType !== 'MetricData') continue;
    const metrics: unknown = data.baseData['metrics'];
    const metric: unknown = Array.isArray(metrics) ? metrics[0] : undefined;
    if (!isFields(metric)) continue;
    rows.push({
      name: String(metric['name']),
      sum: Number(metric['value']),
      count: Number(metric['count'] ?? 1),
      min: numberOf(metric['min']),
      max: numberOf(metric['max']),
      properties: propertiesOf(data.baseData),
      instance: tags['ai.cloud.roleInstance'] ?? '',
    });
  }
  return rows;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function propertiesOf(baseData: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const properties = baseData['properties'];
  return isFields(properties)
    ? Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, String(value)]))
    : {};
}

/** The sum of a metric, over all series or those with these properties. */
export function sumOf(
  rows: readonly MetricRow[],
  name: string,
  properties: Readonly<Record<string, string>> = {},
): number {
  return rows
    .filter(
      (row) => row.name === name && Object.entries(properties).every(([key, value]) => row.properties[key] === value),
    )
    .reduce((total, row) => total + row.sum, 0);
}
