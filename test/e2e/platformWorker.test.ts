import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readRegistrations } from 'azure-emulators/host/registrations';
import { type Services, startServices } from '../../cli/emulators/services';
import { describeWithWorker } from '../../packages/azure-emulators/test/worker/folders';
import { startLocalWorker } from '../../packages/azure-emulators/test/worker/localWorker';
import { startPlatformWorker } from '../../packages/azure-emulators/test/worker/platformWorker';
import { event, requestFor } from '../../packages/azure-emulators/test/worker/requests';
import type { Line, Worker } from '../../packages/azure-emulators/test/worker/worker';

const root = resolve(__dirname, '..', '..');

const message = {
  records: [
    {
      category: 'AdvancedHunting-DeviceNetworkEvents',
      tenantId: '11111111-2222-3333-4444-555555555555',
      properties: {
        ActionType: 'ConnectionSuccess',
        DeviceId: '0123456789abcdef0123456789abcdef01234567',
        DeviceName: 'fin-ws-0421',
        Timestamp: new Date().toISOString(),
        ReportId: 6213,
        LocalIP: '10.20.30.41',
        RemoteIP: '198.51.100.20',
        RemotePort: 443,
      },
    },
    { category: 'AdvancedHunting-DeviceInfo', properties: {} },
  ],
};

describeWithWorker("The built app in the platform's Node worker and in ours", (folders) => {
  const directory = mkdtempSync(join(tmpdir(), 'worker-test-'));
  let services: Services;
  let workers: Readonly<Record<'platform' | 'local', Worker>>;
  let registered: string;
  let settings: Readonly<Record<string, string>>;

  beforeAll(async () => {
    services = await startServices({ directory });
    settings = { ...services.appSettings, EVENT_HUB_NAMES: 'flows, Other-Flows' };
    const app = { directory: root, settings };
    const local = await startLocalWorker(app);
    registered = local.registered;
    workers = { platform: await startPlatformWorker(app, folders.worker, folders.proto), local };
  });

  afterAll(async () => {
    await Promise.all(Object.values(workers).map((worker) => worker.stop()));
    await services.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('registers one function for each hub, which gets bytes and retries without limit', () => {
    const { platform, local } = workers;
    const retry = { strategy: 'exponentialbackoff', maxRetryCount: -1, seconds: [5, 300] };
    const binding = { connection: 'EventHub', cardinality: 'many', dataType: 'binary', type: 'eventHubTrigger' };
    expect(platform.functions.map(({ bindings }) => Object.values(bindings))).toMatchObject([
      [{ ...binding, eventHubName: 'flows' }],
      [{ ...binding, eventHubName: 'Other-Flows' }],
    ]);
    expect(platform.functions).toMatchObject([{ retry }, { retry }]);
    expect(local.functions).toMatchObject(
      platform.functions.map(({ name, functionId }) => ({ name, functionId, retry })),
    );
    expect(local.capabilities).toEqual(platform.capabilities);
  });

  it('stores the same rows and logs the same books for the same batch', async () => {
    const [trigger] = readRegistrations(registered, settings).triggers;
    if (trigger === undefined) throw new Error('The app registered nothing.');
    const bodies = [JSON.stringify(message), '', '{"broken":'];
    const events = bodies.map((body, index) =>
      event({ body: Buffer.from(body), sequenceNumber: index, enqueuedTimeUtc: new Date() }),
    );
    const request = requestFor(trigger, events, { retryCount: 0, maxRetryCount: -1 });

    const platform = await workers.platform.invoke(request);
    const local = await workers.local.invoke(request);

    expect(platform.error).toBeUndefined();
    expect(bookOf(platform.lines)).toMatchObject({
      event: 'BatchSettled',
      hub: 'flows',
      partition: '3',
      messages: 3,
      received: 4,
      sent: 1,
      skipped: 1,
      deadLettered: 2,
    });
    expect(bookOf(local.lines)).toEqual(bookOf(platform.lines));
    const stored: string[] = [];
    for await (const row of services.ingestion.rows(services.stream)) stored.push(row);
    expect(stored).toHaveLength(2);
    expect(stored[0]).toContain('"DvcHostname":"fin-ws-0421"');
    expect(stored[1]).toBe(stored[0]);
  });
});

/** The line of the batch; how long its oldest event has waited depends on the clock. */
function bookOf(lines: readonly Line[]): object {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the app logs one JSON object for a batch.
  const { oldestWaitingSeconds: _, ...book } = JSON.parse(lines[0]?.message ?? '{}') as Record<string, unknown>;
  return book;
}
