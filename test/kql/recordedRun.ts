import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventHubProducerClient } from '@azure/event-hubs';
import { type Envelope, metricsOf, sumOf, type TelemetryEndpoint } from 'azure-emulators/telemetry';
import { type Services, startApp, startServices } from '../../cli/emulators/services';
import { catalogue } from '../../shared/telemetry/catalogue';
import { root } from '../e2e/childCommand';

/** Everything that the app exported up to the end of each phase of a run on the emulators. */
export interface RecordedRun {
  /** Two records became rows. */
  readonly healthy: readonly Envelope[];
  /** One message is broken, and the role is missing for the next, which is waiting. */
  readonly held: readonly Envelope[];
  /** The role was there again, and the rule throttled one call: three rows, one dead letter. */
  readonly end: readonly Envelope[];
  readonly ruleId: string;
}

const record = (ReportId: number, more: object = {}): object => ({
  category: 'AdvancedHunting-DeviceNetworkEvents',
  tenantId: '11111111-2222-3333-4444-555555555555',
  properties: {
    Timestamp: new Date().toISOString(),
    DeviceId: 'a'.repeat(40),
    ReportId,
    ActionType: 'ConnectionSuccess',
    ...more,
  },
});

async function publish({ eventHubs, hub }: Services, body: string): Promise<void> {
  const client = new EventHubProducerClient(eventHubs.connectionString(), hub);
  await client.sendBatch([{ body: Buffer.from(body) }]);
  await client.close();
}

/** Something arrives with every export, the heartbeat at least. */
async function until(telemetry: TelemetryEndpoint, holds: (all: readonly Envelope[]) => boolean): Promise<void> {
  while (!holds(telemetry.envelopes())) await telemetry.taken();
}

const hasAll = (all: readonly Envelope[], ...names: string[]): boolean =>
  names.every((name) => metricsOf(all).some((row) => row.name === name));
const isAbove0 = (all: readonly Envelope[], metric: string): boolean =>
  metricsOf(all).some(({ name, sum }) => name === metric && sum > 0);

/** Spans and lines have exporters of their own. */
function hasSpansAndLine(all: readonly Envelope[]): boolean {
  const has = (baseType: string, key: string, value: string): boolean =>
    all.some(({ data }) => data.baseType === baseType && String(data.baseData[key]).startsWith(value));
  return (
    has('RequestData', 'success', 'false') &&
    has('RemoteDependencyData', 'resultCode', '403') &&
    has('RemoteDependencyData', 'name', 'delivery') &&
    has('MessageData', 'message', '{"event":"BatchHeld"')
  );
}

export async function recordRun(): Promise<RecordedRun> {
  const directory = mkdtempSync(join(tmpdir(), 'recorded-run-'));
  const services = await startServices({
    directory,
    partitions: 1,
    telemetry: true,
    appSettings: { TELEMETRY_INTERVAL_SECONDS: '1', BACKLOG_INTERVAL_SECONDS: '1' },
  });
  try {
    return await phases(services);
  } finally {
    await services.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function phases(services: Services): Promise<RecordedRun> {
  const { telemetry, ruleId } = services;
  if (telemetry === undefined) throw new Error('The services were started without telemetry.');
  const { faults } = services.ingestion;
  const host = await startApp(services, root, { log: () => undefined, clockScale: 0.02 });
  try {
    await publish(services, JSON.stringify({ records: [record(1), record(2)] }));
    await until(
      telemetry,
      (all) =>
        sumOf(metricsOf(all), catalogue.recordsSettled.name) === 2 &&
        hasAll(all, catalogue.heartbeat.name, catalogue.oldestAge.name),
    );
    const healthy = [...telemetry.envelopes()];

    faults.inject({ kind: 'status', status: 403, probability: 1 });
    await publish(services, '{"broken":');
    const news = record(3, { ActionType: 'NewAction', NewColumn: 1, RemotePort: {} });
    await publish(services, JSON.stringify({ records: [news] }));
    await until(
      telemetry,
      (all) =>
        [catalogue.oldestAge.name, catalogue.held.name].every((name) => isAbove0(all, name)) &&
        hasAll(all, catalogue.batchesHeld.name) &&
        hasSpansAndLine(all) &&
        sumOf(metricsOf(all), catalogue.recordsSettled.name) === 3,
    );
    const held = [...telemetry.envelopes()];

    faults.clear();
    faults.inject({ kind: 'status', status: 429, retryAfterSeconds: 1, times: 1 });
    await host.drained();
    await until(
      telemetry,
      (all) =>
        sumOf(metricsOf(all), catalogue.recordsSettled.name) === 4 &&
        hasAll(all, catalogue.schemaNews.name, catalogue.deadLetters.name, catalogue.unreadable.name) &&
        sumOf(metricsOf(all), catalogue.retries.name) === 1,
    );
    return { healthy, held, end: [...telemetry.envelopes()], ruleId };
  } finally {
    await host.stop();
  }
}
