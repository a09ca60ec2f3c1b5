import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readRegistrations } from 'azure-emulators/host/registrations';
import { build } from '../../cli/bundle';
import { type Services, startServices } from '../../cli/emulators/services';
import { startLocalWorker } from '../../packages/azure-emulators/test/worker/localWorker';
import { event, requestFor } from '../../packages/azure-emulators/test/worker/requests';
import { message, recordOf } from '../shared/kit/batches';

jest.setTimeout(60_000);

const root = resolve(__dirname, '..', '..');
const directory = mkdtempSync(join(tmpdir(), 'terminate-test-'));
let services: Services;
let calls: ReturnType<typeof stored>;

/** Resolves with the first call that stored rows. */
function stored() {
  const told: { resolve?: () => void } = {};
  const first = new Promise<void>((resolveFirst) => Object.assign(told, { resolve: resolveFirst }));
  return { first, onStored: () => told.resolve?.() };
}

beforeAll(build);
beforeEach(async () => {
  calls = stored();
  services = await startServices({ directory, onStored: calls.onStored });
});
afterEach(() => services.stop());
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The built app in a worker process, with a batch of one record in flight. */
async function batchInFlight() {
  const worker = await startLocalWorker({ directory: root, settings: services.appSettings });
  const [trigger] = readRegistrations(worker.registered, services.appSettings).triggers;
  if (trigger === undefined) throw new Error('The app registered nothing.');
  const invoked = worker.invoke(requestFor(trigger, [event({ body: message(recordOf(1)) })]));
  return { worker, invoked };
}

test('when the app ends, a batch that waits for its DCR is held at once and logged', async () => {
  services.ingestion.faults.inject({ kind: 'status', status: 429, retryAfterSeconds: 60, probability: 1 });
  const { worker, invoked } = await batchInFlight();
  while (services.ingestion.statistics().requests === 0) await new Promise((done) => setTimeout(done, 5));
  await worker.stop();
  const { lines } = await invoked;
  expect(lines.map(({ message: text }): unknown => JSON.parse(text))).toMatchObject([
    { event: 'CallFailed', code: 'TooManyRequests', status: 429 },
    { event: 'BatchHeld', code: 'TooManyRequests', status: 429 },
  ]);
  expect(services.ingestion.statistics().requests).toBe(1);
});

test('when the app ends, a call in flight is completed, and its batch is counted', async () => {
  services.ingestion.faults.inject({ kind: 'slowAnswer', milliseconds: 1000 });
  const { worker, invoked } = await batchInFlight();
  await calls.first;
  await worker.stop();
  const { lines } = await invoked;
  expect(lines.map(({ message: text }): unknown => JSON.parse(text))).toMatchObject([
    { event: 'BatchSettled', received: 1, sent: 1 },
  ]);
});
