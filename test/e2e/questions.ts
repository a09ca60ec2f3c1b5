import { type Envelope, type MetricRow, metricsOf, propertiesOf, sumOf } from 'azure-emulators/telemetry';

/**
 * The questions of docs/telemetry.md, answered from what Application Insights took, by the steps of the query of the same
 * name in infra/queries/telemetry.
 */

/** records.kql: by state, and what is not accounted for. */
export function whereRecordsWent(envelopes: readonly Envelope[]): Record<string, number> {
  const rows = metricsOf(envelopes);
  const byState = sumsBy(rows, 'network_sessions.records.settled', ({ state }) => state ?? '');
  const received = sumOf(rows, 'network_sessions.records.received');
  const gap = received - sumOf(rows, 'network_sessions.records.settled');
  return { ...byState, received, 'NOT ACCOUNTED FOR': gap };
}

/** dead-letters.kql: letters by reason and table. */
export function whyDeadLettered(envelopes: readonly Envelope[]): Record<string, number> {
  return sumsBy(
    metricsOf(envelopes),
    'network_sessions.dead_letters.written',
    ({ reason, table }) => `${reason} ${table}`,
  );
}

export interface HeldPartition {
  readonly partition: string | undefined;
  readonly code: string | undefined;
  readonly since: number;
  readonly at: unknown;
  readonly next: unknown;
}

/** held.kql: the last reading of each series, where it is above 0, with the line that explains it. */
export function heldPartitions(envelopes: readonly Envelope[]): HeldPartition[] {
  const last = new Map<string, { readonly time: number; readonly row: MetricRow }>();
  for (const envelope of envelopes) {
    for (const row of metricsOf([envelope])) {
      if (row.name === 'network_sessions.partition.held') {
        last.set(JSON.stringify(row.properties), { time: Date.parse(envelope.time), row });
      }
    }
  }
  const lines = batchLines(envelopes, 'BatchHeld');
  return [...last.values()].flatMap(({ time, row }) => {
    if (row.sum === 0) return [];
    const partition = row.properties['messaging.destination.partition.id'];
    const code = row.properties['error.type'];
    const line = lines.findLast((one) => one['partition'] === partition && one['code'] === code);
    return [{ partition, code, since: time - row.sum * 1000, at: line?.['at'], next: line?.['next'] }];
  });
}

export interface Delay {
  readonly values: number;
  readonly p50: number;
  readonly p95: number;
  readonly most: number;
}

/** delay.kql: upper bounds of percentiles, in seconds, from the counters of the buckets. */
export function howLate(envelopes: readonly Envelope[], metric: string): Delay {
  const rows = metricsOf(envelopes);
  const buckets = Object.entries(sumsBy(rows, `${metric}.bucket`, ({ le }) => le ?? ''))
    .map(([le, values]) => ({ bound: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le), values }))
    .toSorted((a, b) => a.bound - b.bound);
  const total = buckets.reduce((sum, { values }) => sum + values, 0);
  const percentile = (share: number): number => {
    let upTo = 0;
    return buckets.find(({ values }) => (upTo += values) >= share * total)?.bound ?? Number.NaN;
  };
  const most = Math.max(...rows.filter(({ name }) => name === metric).map(({ max }) => max ?? Number.NaN));
  return { values: total, p50: percentile(0.5), p95: percentile(0.95), most };
}

/** schema.kql: records by kind and name. */
export function newInSchema(envelopes: readonly Envelope[]): Record<string, number> {
  const rows = metricsOf(envelopes);
  return {
    ...sumsBy(rows, 'network_sessions.schema.new', ({ kind, name }) => `${kind} ${name}`),
    ...sumsBy(rows, 'network_sessions.values.unreadable', ({ name }) => `unreadable ${name}`),
  };
}

/** saved.kql: by lever and name. */
export function saved(envelopes: readonly Envelope[], what: 'rows' | 'bytes'): Record<string, number> {
  return sumsBy(metricsOf(envelopes), `network_sessions.${what}.saved`, ({ lever, name }) =>
    name === '' ? `${lever}` : `${lever}/${name}`,
  );
}

/** throttling.kql */
export function costOfThrottling(envelopes: readonly Envelope[]): Record<string, number> {
  const rows = metricsOf(envelopes);
  const code = { 'error.type': 'TooManyRequests' };
  return {
    throttled: sumOf(rows, 'network_sessions.ingestion.requests', code),
    repeated: sumOf(rows, 'network_sessions.ingestion.retries', code),
    closedSeconds: sumOf(rows, 'network_sessions.ingestion.throttled'),
  };
}

/** The app's lines of one kind. */
export function batchLines(envelopes: readonly Envelope[], event: string): Readonly<Record<string, unknown>>[] {
  return envelopes.flatMap(({ data }) => {
    const message = data.baseType === 'MessageData' ? String(data.baseData['message']) : '';
    if (!message.startsWith(`{"event":"${event}"`)) return [];
    const line: unknown = JSON.parse(message);
    return typeof line === 'object' && line !== null ? [{ ...line }] : [];
  });
}

/** Items of a table by their name, with their properties. */
export function itemsOf(envelopes: readonly Envelope[], baseType: string) {
  return envelopes
    .filter(({ data }) => data.baseType === baseType)
    .map(({ data, tags }) => ({ tags, fields: data.baseData, properties: propertiesOf(data.baseData) }));
}

function sumsBy(
  rows: readonly MetricRow[],
  name: string,
  keyOf: (properties: MetricRow['properties']) => string,
): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const row of rows.filter((one) => one.name === name)) {
    const key = keyOf(row.properties);
    sums[key] = (sums[key] ?? 0) + row.sum;
  }
  return sums;
}
