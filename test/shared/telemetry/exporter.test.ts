import { metricsOf, startTelemetry, sumOf, type TelemetryEndpoint } from 'azure-emulators/telemetry';
import { catalogue } from '../../../shared/telemetry/catalogue';
import { type Export, startExport } from '../../../shared/telemetry/exporter';
import { TelemetryErrors } from '../../../shared/telemetry/telemetryErrors';

let endpoint: TelemetryEndpoint;
let exported: Export;
let logged: string[];

/** The real exporter, sending to the emulator over TLS. */
beforeEach(async () => {
  endpoint = await startTelemetry();
  logged = [];
  exported = await startExport(
    { connectionString: endpoint.connectionString, identity: undefined, intervalSeconds: 3600 },
    { WEBSITE_SITE_NAME: 'app-1', WEBSITE_INSTANCE_ID: 'instance-1' },
    new TelemetryErrors((line) => logged.push(/"code":"(\w+)"/.exec(line)?.[1] ?? line)),
    { tlsOptions: { ca: endpoint.certificate } },
  );
});
afterEach(() => endpoint.stop());

/** Ten series of one row each. */
function tenSeries(): void {
  for (let i = 0; i < 10; i++) exported.signals.add('rowsSent', i + 1, { rule: `dcr-${i}` });
}
const sum = (): number => sumOf(metricsOf(endpoint.envelopes()), catalogue.rowsSent.name);

test('a distribution is sent as sum, count, minimum and maximum, and its buckets as a counter with the upper bound', async () => {
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

test('each export has what happened since the last one, under the names of app and instance', async () => {
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

test('of a request that is accepted in part only the rest is sent again: each value arrives once', async () => {
  endpoint.faults.inject({ kind: 'partial', status: 500 });
  tenSeries();
  await exported.flush();
  expect(sum()).toBe(55);
  expect(logged).toEqual([]);
});

test('items that are rejected for their content are dropped and logged', async () => {
  endpoint.faults.inject({ kind: 'partial', status: 400 });
  tenSeries();
  await exported.flush();
  expect(sum()).toBe(1 + 3 + 5 + 7 + 9);
  expect(logged).toEqual(['TelemetryLost']);
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
  expect(logged).toEqual(['TelemetryNotSent']);
});

test('an export with an unknown instrumentation key is dropped and logged', async () => {
  endpoint.faults.inject({ kind: 'status', status: 400 });
  tenSeries();
  await exported.flush();
  expect(logged).toEqual(['TelemetryNotSent', 'TelemetryLost']);
});

test('no statistics and no resource metric are sent', async () => {
  tenSeries();
  await exported.flush();
  expect(endpoint.envelopes()).toHaveLength(10);
  expect(endpoint.statistics()).toEqual({ '200': 1 });
});
