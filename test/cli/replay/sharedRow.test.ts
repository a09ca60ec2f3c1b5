import { createDefaultHttpClient } from '@azure/core-rest-pipeline';
import { type IngestionEmulator, startIngestion } from 'azure-emulators/ingestion';
import { readTransformSettings } from '../../../shared/config';
import { DeadLetterHub } from '../../../shared/delivery/deadLetterHub';
import { createSender } from '../../../shared/delivery/sender';
import type { Pipeline } from '../../../shared/pipeline';
import { columns } from '../../../shared/sessions/networkSessionsColumns';
import { writableColumns } from '../../../shared/sessions/row';
import { connection } from '../../shared/flows/kit';
import { batchOf, message, pipelineOf } from '../../shared/kit/batches';
import { type Bench, deadLetterHub, source, startBench } from './kit/replayBench';
import { accountOf, run } from './kit/replayCommand';

jest.setTimeout(120_000);

const stream = 'Custom-NetworkSessions';
const settings = readTransformSettings({ MERGE_FLOWS: 'message' });

/** The rows that each DCR stored. */
const stored = { broken: [] as string[], mended: [] as string[] };
let bench: Bench;
let ingestion: IngestionEmulator;
let deadLetters: DeadLetterHub;
beforeAll(async () => {
  bench = await startBench();
  deadLetters = new DeadLetterHub({
    eventHub: { connectionString: bench.environment.EventHub },
    deadLetterEventHub: deadLetterHub,
  });
  ingestion = await startIngestion({
    rules: [
      { immutableId: 'dcr-broken', streams: { [stream]: declared('HttpReferrerOriginal') } },
      { immutableId: 'dcr-mended', streams: { [stream]: declared() } },
    ],
    authorize: () => undefined,
    onStored: ({ ruleId, rows }) => stored[ruleId === 'dcr-broken' ? 'broken' : 'mended'].push(...rows),
  });
});
afterAll(async () => {
  await deadLetters.close();
  await Promise.all([ingestion.stop(), bench.stop()]);
});

/** The columns of a stream, one of them with a wrong type. */
function declared(wrong?: string): { readonly name: string; readonly type: string }[] {
  return writableColumns.map((name) => ({ name, type: name === wrong ? 'int' : columns[name] }));
}

/** The app on another instance, with the SDKs' own clients. */
function instance(ruleId: string): Pipeline {
  const client = createDefaultHttpClient();
  const { endpoint, certificate: ca } = ingestion;
  const sender = createSender(
    { endpoint, stream, audience: 'https://monitor.azure.com', clientId: undefined, timeoutSeconds: 30 },
    {
      credential: { getToken: () => Promise.resolve({ token: 'any', expiresOnTimestamp: Date.now() + 3_600_000 }) },
      httpClient: { sendRequest: (call) => client.sendRequest({ ...call, tlsSettings: { ca } }) },
    },
  );
  return pipelineOf(sender, deadLetters, [ruleId], 60, settings);
}

function visit(ReportId: number, referrer?: string): object {
  return connection({
    Timestamp: new Date(Date.now() + ReportId).toISOString(),
    ActionType: 'HttpConnectionInspected',
    ReportId,
    LocalPort: 50_000 + ReportId,
    RemotePort: 80,
    AdditionalFields: JSON.stringify({ direction: 'Out', host: 'www.example.com', uri: '/', referrer }),
  });
}

test('a rejected row of several records comes out of its dead letter as the same row, with the same EventUid', async () => {
  const referrer = 'https://www.example.com/';
  const flow = [visit(1, referrer), visit(3, referrer), visit(4, referrer)];
  const [first = {}, ...others] = flow;
  const rejecting = { ...batchOf([message(first, visit(2), ...others)]), hub: source };
  const tally = await instance('dcr-broken').settle(rejecting);
  expect(tally).toMatchObject({
    received: 4,
    sent: 1,
    merged: 0,
    deadLettered: 3,
    deadLetteredByReason: { Refused: 3 },
  });
  expect(stored.broken).toHaveLength(1);

  // Another instance, which never saw it rejected: the row to be reached.
  await instance('dcr-mended').settle({ ...batchOf([message(...flow)]), partition: '7' });
  const [wanted] = stored.mended.splice(0);

  const sending = await run('replay', ['send', '--reason', 'Refused', '--json'], bench.folder, bench.environment);
  expect(accountOf(sending)).toMatchObject({ read: 1, sent: 1 });
  const [replayed] = await bench.published();
  expect(replayed?.body).toBe(JSON.stringify({ records: flow }));
  const again = await instance('dcr-mended').settle({ ...batchOf([Buffer.from(replayed?.body ?? '')]), hub: source });
  expect(again).toMatchObject({ received: 3, sent: 1, merged: 2, duplicates: 0, deadLettered: 0 });
  expect(stored.mended).toEqual([wanted]);
  expect(JSON.parse(wanted ?? '')).toMatchObject({ EventCount: 3, HttpReferrerOriginal: referrer });
});
