import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventHubProducerClient } from '@azure/event-hubs';
import type { FunctionsHost } from 'azure-emulators/host';
import { type Envelope, metricsOf, sumOf, type TelemetryEndpoint } from 'azure-emulators/telemetry';
import { generateStream, type StreamMessage } from 'defender-samples';
import { type Services, startApp, startServices } from '../../cli/emulators/services';
import { inspections, rejectedColumn } from '../../cli/faults/faultMessages';
import { BatchObserver } from '../../cli/start/batchObserver';
import { compareWithBooks } from '../../cli/start/compareTelemetry';
import type { Tally } from '../../shared/books';
import { catalogue, type Metric } from '../../shared/telemetry/catalogue';
import { root } from './childCommand';
import {
  batchLines,
  costOfThrottling,
  type HeldPartition,
  heldPartitions,
  howLate,
  itemsOf,
  newInSchema,
  saved,
  whereRecordsWent,
  whyDeadLettered,
} from './questions';

const directory = mkdtempSync(join(tmpdir(), 'telemetry-test-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const producer = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** A record that becomes a row, with an action type and a column that the mapping does not know; and one that a rule drops. */
const newsMessage = Buffer.from(
  JSON.stringify({
    records: [
      {
        category: 'AdvancedHunting-DeviceNetworkEvents',
        tenantId: '11111111-2222-3333-4444-555555555555',
        properties: {
          Timestamp: new Date().toISOString(),
          DeviceId: 'a'.repeat(40),
          ReportId: 1,
          ActionType: 'QuantumConnectionInspected',
          BrandNewColumn: 'x',
          RemotePort: {},
        },
      },
      {
        category: 'AdvancedHunting-DeviceNetworkEvents',
        properties: {
          Timestamp: new Date().toISOString(),
          DeviceId: 'c'.repeat(40),
          ReportId: 1,
          ActionType: 'ConnectionSuccess',
          RemoteUrl: 'dropped.example.com',
        },
      },
    ],
  }),
);

/** Records so short that their rows, which say more, take several calls: the first may be accepted, the second not. */
const shortRecords = 4000;
const twoCalls = Buffer.from(
  JSON.stringify({
    records: Array.from({ length: shortRecords }, (_, ReportId) => ({
      category: 'AdvancedHunting-DeviceNetworkEvents',
      properties: { Timestamp: new Date().toISOString(), DeviceId: 'b', ReportId, ActionType: 'ConnectionSuccess' },
    })),
  }),
);

/** Publishes in this order. */
async function publishAll(services: Services, messages: readonly (Uint8Array | StreamMessage)[]): Promise<void> {
  const client = new EventHubProducerClient(services.eventHubs.connectionString(), services.hub);
  for (const message of messages) {
    const body = Buffer.from('expected' in message ? message.body : message);
    // As the Event Hubs SDKs note the span that sends, when there is one.
    await client.sendBatch([{ body, properties: message === twoCalls ? { 'Diagnostic-Id': producer } : {} }]);
  }
  await client.close();
}

const over = new AbortController();
afterAll(() => over.abort());

/** Something arrives with every export, the heartbeat at least. */
async function until(telemetry: TelemetryEndpoint, holds: (envelopes: readonly Envelope[]) => boolean): Promise<void> {
  while (!over.signal.aborted && !holds(telemetry.envelopes())) await telemetry.taken();
}

const isEqual = (telemetry: TelemetryEndpoint, tally: Tally): boolean =>
  compareWithBooks(telemetry, tally).every(({ books, metrics }) => books === metrics);

/** The largest that was reported. */
const backlog = (envelopes: readonly Envelope[]): number =>
  Math.max(...metricsOf(envelopes).flatMap(({ name, sum }) => (name === catalogue.backlog.name ? [sum] : [])), 0);

/** Records received, as the lines of settled batches tell it. */
const toldBy = (envelopes: readonly Envelope[]): number =>
  batchLines(envelopes, 'BatchSettled').reduce((sum, line) => sum + Number(line['received']), 0);

/** Calls to the service, by the status of the answer. */
const counted = (envelopes: readonly Envelope[], status: string): number =>
  sumOf(metricsOf(envelopes), catalogue.requests.name, { 'http.response.status_code': status });

function telemetryOf({ telemetry }: Services): TelemetryEndpoint {
  if (telemetry === undefined) throw new Error('The services were started without telemetry.');
  return telemetry;
}

describe('A run with planted faults: a missing role, throttling, a rejected row, dead letters, a killed worker', () => {
  const observer = new BatchObserver(() => undefined);
  const first = [...generateStream({ records: 6000, recordsPerMessage: [1, 600], seed: 6, end: new Date() })];
  const second = [...generateStream({ records: 500, seed: 5, end: new Date() })];
  const broken = Buffer.from('{"broken":');
  const total = (count: (expected: StreamMessage['expected']) => number): number =>
    [...first, ...second].reduce((sum, { expected }) => sum + count(expected), 0);
  const begin = Date.now();
  const pid = new Set<number>();
  let services: Services;
  let host: FunctionsHost;
  let taken: readonly Envelope[];
  let whileHeld: readonly HeldPartition[];
  let backlogWhileHeld = 0;

  beforeAll(async () => {
    services = await startServices({
      directory: join(directory, 'trouble'),
      partitions: 1,
      telemetry: true,
      wrongTypes: { [rejectedColumn]: 'int' },
      appSettings: {
        TELEMETRY_INTERVAL_SECONDS: '1',
        BACKLOG_INTERVAL_SECONDS: '1',
        // Calls one after the other: the faults below meet the calls that they are for.
        LOGS_INGESTION_CONCURRENCY: '1',
        OMIT_COLUMNS: 'EventMessage',
        DROP_RULES_FILE: 'test/e2e/telemetryRules.json',
      },
    });
    const telemetry = telemetryOf(services);
    const { faults } = services.ingestion;
    await publishAll(services, [
      twoCalls,
      newsMessage,
      broken,
      ...first,
      inspections(1, 'one', ['http://example.com/', undefined]).body,
    ]);

    // The first body is accepted, then the role is missing: held, with rows that must not be sent again.
    faults.inject({ kind: 'slowAnswer', milliseconds: 0 });
    faults.inject({ kind: 'status', status: 403, probability: 1 });
    host = await startApp(services, root, {
      log: observer.log,
      clockScale: 0.02,
      onEvent: (event) => {
        if (event.kind === 'handedOver') pid.add(event.invocation.workerProcessId);
      },
    });
    await until(
      telemetry,
      (all) =>
        heldPartitions(all).length > 0 &&
        backlog(all) > 0 &&
        batchLines(all, 'BatchHeld').length > 0 &&
        sumOf(metricsOf(all), catalogue.ledgerHits.name) > 0,
    );
    whileHeld = heldPartitions(telemetry.envelopes());
    backlogWhileHeld = backlog(telemetry.envelopes());

    // The role is there; the rule throttles a little, then everything goes through.
    faults.clear();
    faults.inject({ kind: 'status', status: 429, retryAfterSeconds: 1, times: 2 });
    await host.drained();
    // What has not been exported when the worker dies is lost, and exports may overtake each other.
    await until(
      telemetry,
      (all) =>
        isEqual(telemetry, observer.tally) &&
        toldBy(all) === observer.tally.received &&
        ['204', '400', '429'].every(
          (status) => counted(all, status) === services.ingestion.statistics().byStatus[status],
        ) &&
        costOfThrottling(all)['repeated'] === 2,
    );

    // Held again, and the worker dies: what it had settled has been exported, what it had not comes again.
    faults.inject({ kind: 'status', status: 403, probability: 1 });
    await publishAll(services, second);
    await until(telemetry, (all) => heldPartitions(all).length > 0);
    host.killWorkers();
    await until(telemetry, (all) => sumOf(metricsOf(all), catalogue.starts.name) === 2);
    faults.clear();
    await host.drained();
    await host.stop();
    taken = telemetry.envelopes();
  });

  afterAll(async () => {
    await host.stop();
    await services.stop();
  });

  test('two workers were needed', () => {
    expect(pid.size).toBe(2);
    expect(sumOf(metricsOf(taken), catalogue.starts.name)).toBe(2);
  });

  test('the sums of the metrics equal the books', () => {
    const figures = compareWithBooks(telemetryOf(services), observer.tally);
    expect(figures.map(({ what, metrics }) => `${what} ${metrics}`)).toEqual(
      figures.map(({ what, books }) => `${what} ${books}`),
    );
    expect(observer.tally.received).toBe(total(({ received }) => received) + shortRecords + 5);
  });

  /** All but one that only a fault of the app can raise, and one that takes a slow rule. */
  const notHere = new Set<string>([catalogue.booksOff.name, catalogue.rulesOff.name]);
  const expectedMetrics = Object.values<Metric>(catalogue).filter(({ name }) => !notHere.has(name));

  test('every metric of the catalogue arrives, with exactly its dimensions, and a distribution with its buckets', () => {
    const rows = metricsOf(taken);
    const arrived = expectedMetrics.flatMap(({ name, kind, dimensions }) => {
      const names = kind === 'distribution' ? [name, `${name}.bucket`] : [name];
      return names.map((one) => ({
        name: one,
        dimensions: [
          ...new Set(rows.filter((row) => row.name === one).map((row) => Object.keys(row.properties).join())),
        ],
        expected: [...(one === name ? dimensions : [...dimensions, 'le'])].toSorted((a, b) => (a < b ? -1 : 1)),
      }));
    });
    for (const { name, dimensions, expected } of arrived) {
      expect([name, ...dimensions.map((list) => list.split(',').filter(Boolean).toSorted())]).toEqual([name, expected]);
    }
    const known = new Set(arrived.map(({ name }) => name));
    expect(rows.filter(({ name }) => !known.has(name))).toEqual([]);
  });

  test('a distribution has sum, count, minimum and maximum, and each value in one bucket; counters and gauges have one value', () => {
    const rows = metricsOf(taken);
    for (const { name, kind } of expectedMetrics) {
      const own = rows.filter((row) => row.name === name);
      const hasRange = own.map(({ min, max }) => min !== undefined && max !== undefined);
      expect([name, ...new Set(hasRange)]).toEqual([name, kind === 'distribution']);
      if (kind !== 'distribution') continue;
      const values = own.reduce((sum, { count }) => sum + count, 0);
      expect([name, sumOf(rows, `${name}.bucket`)]).toEqual([name, values]);
    }
  });

  test('How many records came, and where did each go? What the stream was made of, with nothing missing', () => {
    const dead = total(({ dead: reasons }) => Object.values(reasons).reduce((sum, count) => sum + count, 0));
    // A state without records has no series.
    const copies = total(({ duplicates }) => duplicates);
    expect(whereRecordsWent(taken)).toEqual({
      received: total(({ received }) => received) + shortRecords + 5,
      sent: total(({ rows }) => rows) + shortRecords + 2,
      skipped: total(({ skipped }) => Object.values(skipped).reduce((sum, count) => sum + count, 0)),
      ...(copies > 0 ? { duplicates: copies } : {}),
      dropped: 1,
      deadLettered: dead + 2,
      'NOT ACCOUNTED FOR': 0,
    });
  });

  test('Why were these dead-lettered? The planted ones by reason and table', () => {
    const invalid = total(({ dead }) => dead['InvalidJson'] ?? 0);
    expect(whyDeadLettered(taken)).toMatchObject({ 'Refused DeviceNetworkEvents': 1, 'InvalidJson ': invalid + 1 });
  });

  test('Is a partition held, since when, why? While the role was missing, with what to do; no longer at the end', () => {
    expect(whileHeld).toMatchObject([{ partition: '0', code: 'Forbidden' }]);
    expect(whileHeld[0]?.at).toContain('role');
    expect(whileHeld[0]?.next).toContain('Monitoring Metrics Publisher');
    expect(whileHeld[0]?.since).toBeGreaterThan(begin);
    expect(heldPartitions(taken)).toEqual([]);
  });

  test('How late are rows? The 95th percentile is in the same bucket as that of the stored rows', async () => {
    const times: number[] = [];
    for await (const row of services.ingestion.rows(services.stream)) {
      times.push(Date.parse(/"TimeGenerated":"([^"]+)"/.exec(row)?.[1] ?? ''));
    }
    const end = Date.now();
    // Some time between the start of the run and its end each row was accepted.
    const oldest = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.05)] ?? Number.NaN;
    const { values, p50, p95, most } = howLate(taken, 'network_sessions.event.delay');
    expect(values).toBe(times.length);
    expect(p95).toBeGreaterThanOrEqual((begin - oldest) / 1000);
    expect(p50).toBeLessThanOrEqual(p95);
    expect(most).toBeLessThanOrEqual((end - Math.min(...times)) / 1000);
  });

  test('What changed in the schema? The planted action type, column and value', () => {
    expect(newInSchema(taken)).toMatchObject({
      'actionType QuantumConnectionInspected': 1,
      'column BrandNewColumn': 1,
      'unreadable RemotePort': 1,
    });
  });

  test('What do the settings that send less save? The row that a rule drops, and about the bytes of the omitted column', () => {
    const { sent, bytesSavedByLever } = observer.tally;
    expect(saved(taken, 'rows')).toEqual({ 'DROP_RULES_FILE/planted': 1 });
    const bytes = saved(taken, 'bytes');
    expect(bytes).toEqual(bytesSavedByLever);
    // By hand: the row has at least the columns that no setting takes out.
    expect(bytes['DROP_RULES_FILE/planted']).toBeGreaterThan(300);
    // By hand: "EventMessage":"ConnectionSuccess", and it is a sample of one row in 100.
    expect(bytes['OMIT_COLUMNS']).toBeGreaterThan(sent * 20);
    expect(bytes['OMIT_COLUMNS']).toBeLessThan(sent * 80);
  });

  test('What did throttling cost? The throttled calls, their retries, and the time that the service asked for', () => {
    expect(services.ingestion.statistics().byStatus['429']).toBe(2);
    const cost = costOfThrottling(taken);
    expect(cost).toMatchObject({ throttled: 2, repeated: 2 });
    // Twice one second.
    expect(cost['closedSeconds']).toBeCloseTo(2, 5);
  });

  test('each call to the service is counted by its status', () => {
    const { byStatus } = services.ingestion.statistics();
    expect(counted(taken, '204')).toBe(byStatus['204']);
    expect(counted(taken, '429')).toBe(byStatus['429']);
    expect(counted(taken, '400')).toBe(byStatus['400']);
  });

  test('while a batch was held, the backlog was everything published', () => {
    expect(backlogWhileHeld).toBe(first.length + 4);
  });

  test('a held batch has a span with code and error, child spans for its steps and calls, and a link to the span that sent a message', () => {
    const requests = itemsOf(taken, 'RequestData');
    const held = requests.find(({ fields }) => fields['success'] === false);
    expect(held?.properties).toMatchObject({ code: 'Forbidden', 'messaging.destination.partition.id': '0' });
    expect(JSON.parse(held?.properties['_MS.links'] ?? '')).toEqual([
      { operation_Id: '0af7651916cd43dd8448eb211c80319c', id: 'b7ad6b7169203331' },
    ]);
    const trace = held?.tags['ai.operation.id'];
    const below = itemsOf(taken, 'RemoteDependencyData').filter(({ tags }) => tags['ai.operation.id'] === trace);
    const steps = below.filter(({ tags }) => tags['ai.operation.parentId'] === held?.fields['id']);
    expect(steps.map(({ fields }) => fields['name'])).toEqual(['transform', 'delivery']);
    const calls = below.filter(({ tags }) => tags['ai.operation.parentId'] === steps[1]?.fields['id']);
    expect(calls.map(({ fields }) => fields['resultCode'])).toContain('403');
    const errors = itemsOf(taken, 'ExceptionData').filter(({ tags }) => tags['ai.operation.id'] === trace);
    expect(errors).toHaveLength(1);
  });

  test('a repeated error has one line, not one for each attempt; each settled batch has one', () => {
    expect(toldBy(taken)).toBe(observer.tally.received);
    const held = batchLines(taken, 'BatchHeld');
    // The first wave, the second, and the second again in the new worker.
    expect(held.length).toBeLessThanOrEqual(3);
    expect(sumOf(metricsOf(taken), catalogue.batchesHeld.name)).toBeGreaterThan(held.length);
    expect(held[0]).toMatchObject({ code: 'Forbidden', status: 403, runbook: 'docs/runbook.md#forbidden' });
  });

  test('the telemetry holds no content of a message', () => {
    const text = JSON.stringify(taken);
    for (const secret of ['inspected.example.com', 'a'.repeat(40), 'www.example.com'])
      expect(text).not.toContain(secret);
  });
});

/** Settles some messages, and returns what the host and the console of the worker said. */
async function runWith(
  name: string,
  prepare: (telemetry: TelemetryEndpoint) => void,
  appSettings: Readonly<Record<string, string>> = {},
): Promise<{
  readonly services: Services;
  readonly observer: BatchObserver;
  readonly troubles: string[];
  readonly host: FunctionsHost;
}> {
  const observer = new BatchObserver(() => undefined);
  const troubles: string[] = [];
  const services = await startServices({
    directory: join(directory, name),
    telemetry: true,
    appSettings: { TELEMETRY_INTERVAL_SECONDS: '1', BACKLOG_INTERVAL_SECONDS: '0', ...appSettings },
  });
  prepare(telemetryOf(services));
  const host = await startApp(services, root, {
    log: (entry) => {
      observer.log(entry);
      if (entry.message.includes('"TelemetryTrouble"')) troubles.push(entry.message);
    },
  });
  await publishAll(services, [...generateStream({ records: 1000, seed: 7, end: new Date() })]);
  await host.drained();
  return { services, observer, troubles, host };
}

describe('When telemetry fails', () => {
  test('while the endpoint rejects telemetry, all batches are settled; one line reports it, and all telemetry is sent afterwards', async () => {
    const { services, observer, troubles, host } = await runWith('refused', ({ faults }) =>
      faults.inject({ kind: 'status', status: 403, probability: 1 }),
    );
    const telemetry = telemetryOf(services);
    while (!over.signal.aborted && (telemetry.statistics()['403'] ?? 0) < 4)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(observer.tally.received).toBe(1000);
    expect(telemetry.envelopes()).toEqual([]);
    telemetry.faults.clear();
    await host.stop();
    expect(compareWithBooks(telemetry, observer.tally).filter(({ books, metrics }) => books !== metrics)).toEqual([]);
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).toContain('"code":"TelemetryNotSent"');
    expect(troubles[0]).toContain('403');
    await services.stop();
  });

  test('an endpoint that never answers delays no batch', async () => {
    const { services, observer, host } = await runWith('silent', ({ faults }) =>
      faults.inject({ kind: 'silence', probability: 1 }),
    );
    expect(observer.tally.received).toBe(1000);
    expect(telemetryOf(services).envelopes()).toEqual([]);
    expect(host.statistics().workerRestarts).toBe(0);
    await host.stop();
    await services.stop();
  });

  test.each([
    ['a connection string', { APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=secret' }],
    ['an authentication string', { APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=secret' }],
  ])('with %s that cannot be read the app works, and says so without showing it', async (name, settings) => {
    const { services, observer, troubles, host } = await runWith(name, () => undefined, settings);
    expect(observer.tally.received).toBe(1000);
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).toContain('"code":"InvalidTelemetrySettings"');
    expect(troubles[0]).toContain(Object.keys(settings)[0]);
    expect(troubles[0]).not.toContain('secret');
    await host.stop();
    await services.stop();
  });
});
