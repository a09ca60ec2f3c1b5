import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startTelemetry, type TelemetryEndpoint, type TelemetryOptions } from '../../src/telemetry';

let endpoint: TelemetryEndpoint;
afterEach(() => endpoint.stop());

async function start(options?: TelemetryOptions): Promise<void> {
  endpoint = await startTelemetry(options);
}

const metric = (value: number, more: object = {}) => ({
  name: 'Microsoft.ApplicationInsights.Metric',
  time: '2026-11-21T08:00:00Z',
  iKey: '00000000-0000-0000-0000-000000000001',
  data: { baseType: 'MetricData', baseData: { metrics: [{ name: 'm', value, count: 1 }], properties: {} } },
  ...more,
});

function post(body: string | Buffer, headers: Record<string, string> = {}, path = '/v2.1/track'): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', ca: endpoint.certificate, headers, agent: false as const };
    const call = request(`${endpoint.endpoint}${path}`, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(`${response.statusCode} ${text}`));
    });
    call.on('error', reject);
    call.end(body);
  });
}

test.each([
  ['a JSON array', JSON.stringify([metric(1), metric(2)]), {}],
  ['a line for each item', `${JSON.stringify(metric(1))}\n${JSON.stringify(metric(2))}\n`, {}],
  ['gzip', gzipSync(JSON.stringify([metric(1), metric(2)])), { 'content-encoding': 'gzip' }],
])('takes %s', async (_, body, headers) => {
  await start();
  expect(await post(body, headers)).toBe('200 {"itemsReceived":2,"itemsAccepted":2,"errors":[]}');
  expect(endpoint.envelopes()).toHaveLength(2);
});

test('rejects single items by index and accepts the others (206); 400 if none is left', async () => {
  await start();
  const foreign = metric(2, { iKey: 'another' });
  expect(await post(JSON.stringify([metric(1), foreign]))).toBe(
    '206 {"itemsReceived":2,"itemsAccepted":1,"errors":[{"index":1,"statusCode":400,"message":"Invalid instrumentation key"}]}',
  );
  expect(await post(JSON.stringify([foreign]))).toMatch(/^400 /);
  expect(endpoint.envelopes()).toHaveLength(1);
});

test.each([
  ['no JSON', '{"a'],
  ['no object', '[5]'],
  ['no time', JSON.stringify(metric(1, { time: 'now' }))],
  ['an unknown type', JSON.stringify(metric(1, { data: { baseType: 'X', baseData: {} } }))],
  [
    'two metrics in one item',
    JSON.stringify(metric(1, { data: { baseType: 'MetricData', baseData: { metrics: [1, 2] } } })),
  ],
])('rejects %s with 400', async (_, body) => {
  await start();
  expect(await post(body)).toMatch(/^400 /);
  expect(endpoint.envelopes()).toEqual([]);
});

test('a token that is not accepted is 401, and another address 404', async () => {
  await start({ authorize: (header) => (header === 'Bearer good' ? undefined : 'unknown') });
  expect(await post('[]')).toMatch(/^401 .*unknown/);
  expect(await post('[]', { authorization: 'Bearer good' })).toMatch(/^200 /);
  expect(await post('[]', { authorization: 'Bearer good' }, '/v2/track')).toMatch(/^404 /);
});

test('accepted items are in telemetry.ndjson, one per line', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'telemetry-file-'));
  await start({ directory });
  await post(JSON.stringify([metric(1), metric(2)]));
  await endpoint.stop();
  const lines = readFileSync(join(directory, 'telemetry.ndjson'), 'utf8').trimEnd().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([metric(1), metric(2)]);
  rmSync(directory, { recursive: true });
});
