import { metricsOf, startTelemetry, sumOf, type TelemetryEndpoint } from 'azure-emulators/telemetry';
import { catalogue } from '../../../shared/telemetry/catalogue';
import { type Export, startExport } from '../../../shared/telemetry/exporter';
import { Trouble } from '../../../shared/telemetry/trouble';

let endpoint: TelemetryEndpoint;
let exported: Export;
let told: string[];

/** The real exporter, sending to the emulator over TLS. */
beforeEach(async () => {
  endpoint = await startTelemetry();
  told = [];
  exported = startExport(
    { connectionString: endpoint.connectionString, identity: undefined, intervalSeconds: 3600 },
    { WEBSITE_SITE_NAME: 'app-1', WEBSITE_INSTANCE_ID: 'instance-1' },
    new Trouble((line) => told.push(/"code":"(\w+)"/.exec(line)?.[1] ?? line)),
    { tlsOptions: { ca: endpoint.certificate } },
  );
});
afterEach(() => endpoint.stop());

/** Ten series of one row each. */
function tenSeries(): void {
  for (let i = 0; i < 10; i++) exported.signals.add('rowsSent', i + 1, { rule: `dcr-${i}` });
}
const sum = (): number => sumOf(metricsOf(endpoint.envelopes()), catalogue.rowsSent.name);

test('a distribution arrives as sum, count, least and most, and its buckets as a counter with the upper bound', async () => {
  exported.signals.measure('stepDuration', [0.01, 0.011, 2, 700_000], { step: 'delivery' });
  await exported.flush();
  const rows = metricsOf(endpoint.envelopes());
  expect(rows.filter(({ name }) => name === 'network_sessions.step.duration')).toMatchObject([
    { sum: 700_002.021, count: 4, min: 0.01, max: 700_000, properties: { step: 'delivery' } },
  ]);
  const buckets = rows.filter(({ name }) => name === 'network_sessions.step.duration.bucket');
  expect(buckets.map(({ properties, sum: values }) => `${properties['le']} ${values}`).toSorted()).toEqual([
    '+Inf 1',
    '0.01 1',
    '0.025 1',
    '2.5 1',
  ]);
});

test('each export tells what happened since the last one, under the names of app and instance', async () => {
  tenSeries();
  await exported.flush();
  exported.signals.add('rowsSent', 5, { rule: 'dcr-0' });
  await exported.flush();
  const sent = metricsOf(endpoint.envelopes()).filter(({ name }) => name === catalogue.rowsSent.name);
  expect(sent.map((row) => row.sum)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 5]);
  expect(endpoint.envelopes()[0]?.tags).toMatchObject({
    'ai.cloud.role': 'app-1',
    'ai.cloud.roleInstance': 'instance-1',
  });
});

test('of a request that is taken in part only the rest is sent again: each value arrives once', async () => {
  endpoint.faults.inject({ kind: 'partial', status: 500 });
  tenSeries();
  await exported.flush();
  expect(sum()).toBe(55);
  expect(told).toEqual([]);
});

test('items that are refused for what they hold are given up, and told', async () => {
  endpoint.faults.inject({ kind: 'partial', status: 400 });
  tenSeries();
  await exported.flush();
  expect(sum()).toBe(1 + 3 + 5 + 7 + 9);
  expect(told).toEqual(['TelemetryLost']);
});

test.each([
  { kind: 'reset' } as const,
  { kind: 'status', status: 403 } as const,
  { kind: 'status', status: 429, retryAfterSeconds: 1 } as const,
  { kind: 'status', status: 500 } as const,
])('after %j everything is sent with the next export, each value once', async (fault) => {
  endpoint.faults.inject({ ...fault, times: 2 });
  tenSeries();
  await exported.flush();
  exported.signals.add('rowsSent', 100, { rule: 'dcr-0' });
  await exported.flush();
  expect(sum()).toBe(155);
  expect(told).toEqual(['TelemetryNotSent']);
});

test('an instrumentation key that the service does not know is given up, and told', async () => {
  endpoint.faults.inject({ kind: 'status', status: 400 });
  tenSeries();
  await exported.flush();
  expect(told).toEqual(['TelemetryNotSent', 'TelemetryLost']);
});

test('nothing is sent to anybody else, and no resource as a metric', async () => {
  tenSeries();
  await exported.flush();
  expect(endpoint.envelopes()).toHaveLength(10);
  expect(endpoint.statistics()).toEqual({ '200': 1 });
});
