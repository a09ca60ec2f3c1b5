/**
 * Every metric that the app sends. `docs/telemetry.md` is generated from it, and alerts, workbook and saved queries may name
 * only these metrics.
 *
 * A `distribution` is sent as two metrics, because Application Insights keeps only sum, count, minimum and maximum of a
 * histogram: the histogram itself, and a counter `<name>.bucket` with the dimension `le`, the upper bound of the bucket of
 * each value (see `bucketBounds`; `+Inf` past the last). Percentiles come from the buckets.
 */
export interface Metric {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'distribution';
  /** UCUM, as OpenTelemetry writes it. */
  readonly unit: string;
  readonly dimensions: readonly Dimension[];
  /** What is counted, and when. */
  readonly description: string;
}

/** Each has few values: hubs, partitions, DCRs and codes of this deployment, or at most 100 names. */
export const dimensions = {
  'messaging.system': 'always `eventhubs`',
  'messaging.operation.name': 'always `process`',
  'messaging.destination.name': 'the event hub',
  'messaging.destination.partition.id': 'the partition',
  'messaging.consumer.group.name': 'the consumer group',
  state: '`sent`, `skipped`, `dropped`, `merged`, `duplicates` or `deadLettered`',
  reason:
    'why it is not a row: `DeviceEvents/ActionType` of a skipped record, the rule that dropped it, the reason of a dead letter; else empty',
  table: 'the Defender table; `(other)` past 100 names; empty where it could not be read',
  rule: 'immutable id of the Data Collection Rule',
  encoding: '`identity` (what is billed) or `gzip` (what went over the wire)',
  'http.response.status_code': 'the status; empty when no response came',
  'error.type': 'a stable code of the runbook; empty without an error',
  step: '`transform`, `delivery` or `deadLetters`',
  what: '`row` or `deadLetter`: settled by an earlier attempt, so not sent again',
  kind: '`actionType`, `column` or `envelopeField`',
  name: 'the name that the mapping does not know, the column whose value cannot be read, or the drop rule; `(other)` past 100 names',
  le: 'upper bound of the bucket, in the unit of the metric; `+Inf` past the last',
} as const;
export type Dimension = keyof typeof dimensions;

/** Upper bounds of the buckets of every distribution, in seconds: from a fast step to the longest retention. */
export const bucketBounds = [
  0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 21_600, 86_400, 604_800,
] as const;

const hub = 'messaging.destination.name';
const partition = 'messaging.destination.partition.id';

export const catalogue = {
  messages: {
    name: 'messaging.client.consumed.messages',
    kind: 'counter',
    unit: '{message}',
    dimensions: ['messaging.system', 'messaging.operation.name', hub, partition, 'messaging.consumer.group.name'],
    description: 'Messages of batches that were settled.',
  },
  batchDuration: {
    name: 'messaging.process.duration',
    kind: 'distribution',
    unit: 's',
    dimensions: ['messaging.system', 'messaging.operation.name', hub, 'messaging.consumer.group.name', 'error.type'],
    description: 'From the call of the handler to its end, for every invocation, settled or held.',
  },
  bytesReceived: {
    name: 'network_sessions.bytes.received',
    kind: 'counter',
    unit: 'By',
    dimensions: [hub],
    description: 'Bytes of the bodies of these messages.',
  },
  recordsReceived: {
    name: 'network_sessions.records.received',
    kind: 'counter',
    unit: '{record}',
    dimensions: [hub],
    description:
      'Records of settled batches; an unreadable message counts as one, and so does each damaged part of a message.',
  },
  recordsSettled: {
    name: 'network_sessions.records.settled',
    kind: 'counter',
    unit: '{record}',
    dimensions: [hub, 'state', 'reason', 'table'],
    description:
      'Records of settled batches by final state. Over all states the sum is that of `network_sessions.records.received`.',
  },
  rowsSent: {
    name: 'network_sessions.rows.sent',
    kind: 'counter',
    unit: '{row}',
    dimensions: ['rule'],
    description: 'Rows in calls that the service accepted (204), when the response arrives.',
  },
  bytesSent: {
    name: 'network_sessions.bytes.sent',
    kind: 'counter',
    unit: 'By',
    dimensions: ['rule', 'encoding'],
    description: 'Bytes of the bodies of accepted calls, before and after compression.',
  },
  requests: {
    name: 'network_sessions.ingestion.requests',
    kind: 'counter',
    unit: '{request}',
    dimensions: ['rule', 'http.response.status_code', 'error.type'],
    description: 'Calls to the Logs Ingestion API, when they end; each retry is a call.',
  },
  retries: {
    name: 'network_sessions.ingestion.retries',
    kind: 'counter',
    unit: '{request}',
    dimensions: ['rule', 'error.type'],
    description: 'Calls that retry one that failed with a transient error, by the code of that error.',
  },
  throttled: {
    name: 'network_sessions.ingestion.throttled',
    kind: 'counter',
    unit: 's',
    dimensions: ['rule'],
    description:
      'Time for which all partitions of an instance wait for a DCR after throttling or repeated errors, when the wait begins.',
  },
  stepDuration: {
    name: 'network_sessions.step.duration',
    kind: 'distribution',
    unit: 's',
    dimensions: ['step'],
    description: 'Time that a batch spent in each step, when the step ends or fails.',
  },
  eventDelay: {
    name: 'network_sessions.event.delay',
    kind: 'distribution',
    unit: 's',
    dimensions: [hub],
    description: 'For each row: from the time of the event on its device (Timestamp) until its batch was settled.',
  },
  hubDelay: {
    name: 'network_sessions.hub.delay',
    kind: 'distribution',
    unit: 's',
    dimensions: [hub],
    description: 'For each message: from the time it reached the hub (enqueued) until its batch was settled.',
  },
  oldestAge: {
    name: 'network_sessions.partition.oldest_age',
    kind: 'gauge',
    unit: 's',
    dimensions: [hub, partition],
    description:
      'Age of the oldest unsettled event of the partition; 0 when there is none. Exact while a batch is in flight or held; otherwise estimated from the last answer of the hub, and at most one interval too high.',
  },
  backlog: {
    name: 'network_sessions.partition.backlog',
    kind: 'gauge',
    unit: '{event}',
    dimensions: [hub, partition],
    description:
      'Events between the last settled one and the end of the partition, by the last answer of the hub (BACKLOG_INTERVAL_SECONDS).',
  },
  held: {
    name: 'network_sessions.partition.held',
    kind: 'gauge',
    unit: 's',
    dimensions: [hub, partition, 'error.type'],
    description:
      'For how long this instance has held the batch of the partition. A single 0 is sent when the batch is settled, or held with another code.',
  },
  batchesHeld: {
    name: 'network_sessions.batches.held',
    kind: 'counter',
    unit: '{batch}',
    dimensions: [hub, partition, 'error.type'],
    description: 'Invocations that ended without settling their batch.',
  },
  booksOff: {
    name: 'network_sessions.books.unbalanced',
    kind: 'counter',
    unit: '{batch}',
    dimensions: [hub, partition],
    description:
      'Settled batches whose books do not balance: a record was lost or counted twice. It stays 0 unless the app has a bug.',
  },
  deadLetters: {
    name: 'network_sessions.dead_letters.written',
    kind: 'counter',
    unit: '{letter}',
    dimensions: [hub, 'reason', 'table'],
    description: 'Dead letters that the dead-letter hub acknowledged, at the time of the acknowledgement.',
  },
  ledgerHits: {
    name: 'network_sessions.ledger.hits',
    kind: 'counter',
    unit: '{record}',
    dimensions: ['what'],
    description: 'Rows and dead letters of a redelivered batch that an earlier attempt has settled.',
  },
  schemaNews: {
    name: 'network_sessions.schema.new',
    kind: 'counter',
    unit: '{record}',
    dimensions: ['kind', 'name'],
    description:
      'Records of settled batches with an action type, a column or an envelope field that the mapping does not know.',
  },
  unreadable: {
    name: 'network_sessions.values.unreadable',
    kind: 'counter',
    unit: '{record}',
    dimensions: ['name'],
    description:
      'Records of settled batches with a value that cannot be read, by column; their rows were sent without it. It grows when a format changes.',
  },
  rulesCounted: {
    name: 'network_sessions.rules.counted',
    kind: 'counter',
    unit: '{record}',
    dimensions: ['name'],
    description: 'Records of settled batches that a rule with the action `count` matches, by rule: a dry run.',
  },
  ruleErrors: {
    name: 'network_sessions.rules.errors',
    kind: 'counter',
    unit: '{record}',
    dimensions: ['name'],
    description: 'Records of settled batches for which a drop rule threw, by rule; the rule did not drop them.',
  },
  rulesOff: {
    name: 'network_sessions.rules.switched_off',
    kind: 'counter',
    unit: '{rule}',
    dimensions: ['name'],
    description: 'Drop rules that a process has switched off because they take too long, by rule, when that happens.',
  },
  starts: {
    name: 'network_sessions.starts',
    kind: 'counter',
    unit: '{start}',
    dimensions: [],
    description: 'Starts of the worker process (cold starts and restarts).',
  },
  heartbeat: {
    name: 'network_sessions.heartbeat',
    kind: 'counter',
    unit: '{beat}',
    dimensions: [],
    description: 'Counts 1 with every export while the process runs, even when nothing arrives.',
  },
} as const satisfies Record<string, Metric>;
export type MetricKey = keyof typeof catalogue;

type KeyOf<Kind> = { [K in MetricKey]: (typeof catalogue)[K]['kind'] extends Kind ? K : never }[MetricKey];
export type CounterKey = Exclude<KeyOf<'counter'>, 'heartbeat'>;
export type DistributionKey = KeyOf<'distribution'>;
export type GaugeKey = KeyOf<'gauge'>;

/** A value for each dimension of a metric, and for no other. */
export type AttributesOf<K extends MetricKey> = Readonly<Record<(typeof catalogue)[K]['dimensions'][number], string>>;
