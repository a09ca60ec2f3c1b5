import { createDefaultHttpClient, type HttpClient, type PipelineResponse } from '@azure/core-rest-pipeline';
import { makeCertificate } from 'azure-emulators/certificate';
import { type IngestionEmulator, startIngestion } from 'azure-emulators/ingestion';
import type { Batch } from '../../../shared/batch';
import type { Tally } from '../../../shared/books';
import { createSender } from '../../../shared/delivery/sender';
import { parseJson } from '../../../shared/json';
import type { Pipeline } from '../../../shared/pipeline';
import { columns } from '../../../shared/sessions/networkSessionsColumns';
import { writableColumns } from '../../../shared/sessions/row';
import { message, pipelineOf, recordOf } from '../kit/batches';
import { MemoryDeadLetters } from '../kit/doubles';

jest.setTimeout(120_000);

const stream = 'Custom-NetworkSessions';
const [rows, perMessage] = [2000, 125];
const ids = [...Array(rows).keys()];

/** What the emulator rejects, and its error codes: its own, or another instead. */
interface Trouble {
  readonly limits?: { readonly uncompressedBytes: number };
  /** The stream declares a column that only bad records fill, with a wrong type. */
  readonly bad: Readonly<Record<string, unknown>>;
  readonly code?: string;
}

const http = { direction: 'Out', host: 'www.example.com', uri: '/', referrer: 'http://example.com/' };
const wrongColumn = { ActionType: 'HttpConnectionInspected', AdditionalFields: JSON.stringify(http) };
const troubles: Readonly<Record<string, Trouble>> = {
  '400 with a code that nobody has listed': { bad: wrongColumn },
  '400 with a code for content': { bad: wrongColumn, code: 'InvalidPayload' },
  '413, for the size of the row': {
    bad: { InitiatingProcessCommandLine: 'x'.repeat(30_000) },
    limits: { uncompressedBytes: 25_000 },
  },
};

const placements: Readonly<Record<string, (id: number) => boolean>> = {
  'side by side': (id) => id >= 990 && id < 1010,
  'in front': (id) => id < 20,
  spread: (id) => id % 100 === 0,
};

let certificate: Awaited<ReturnType<typeof makeCertificate>>;
let ingestion: IngestionEmulator;
beforeAll(async () => {
  certificate = await makeCertificate();
});
afterEach(() => ingestion.stop());

async function start({ limits }: Trouble): Promise<void> {
  const declared = writableColumns.map((name) => ({
    name,
    type: name === 'HttpReferrerOriginal' ? 'int' : columns[name],
  }));
  ingestion = await startIngestion({
    rules: [{ immutableId: 'dcr-1', streams: { [stream]: declared } }],
    authorize: (authorization) => (authorization === 'Bearer good' ? undefined : 'unknown'),
    certificate,
    ...(limits === undefined ? {} : { limits }),
  });
}

/** The app's pipeline with the SDK's real client; the dead-letter hub is in memory. */
function newProcess({ code }: Trouble, deadLetters: MemoryDeadLetters): Pipeline {
  const client = createDefaultHttpClient();
  const httpClient: HttpClient = {
    async sendRequest(request): Promise<PipelineResponse> {
      const response = await client.sendRequest({ ...request, tlsSettings: { ca: ingestion.certificate } });
      if (code === undefined || response.status !== 400) return response;
      return { ...response, bodyAsText: JSON.stringify({ error: { code, message: 'Planted.' } }) };
    },
  };
  const credential = {
    getToken: () => Promise.resolve({ token: 'good', expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  const settings = { endpoint: ingestion.endpoint, stream, audience: 'https://monitor.azure.com', clientId: undefined };
  return pipelineOf(
    createSender({ ...settings, timeoutSeconds: 30 }, { credential, httpClient }),
    deadLetters,
    ['dcr-1'],
    90,
  );
}

/** The records in messages of 125, dealt out to the partitions. */
function batchesOf(partitions: number, isBad: (id: number) => boolean, bad: Trouble['bad']): Batch[] {
  const messages = Array.from({ length: rows / perMessage }, (_, i) => ({
    sequenceNumber: String(i),
    body: message(
      ...ids.slice(i * perMessage, (i + 1) * perMessage).map((id) => recordOf(id, isBad(id) ? bad : undefined)),
    ),
  }));
  const share = messages.length / partitions;
  return Array.from({ length: partitions }, (_, p) => ({
    hub: 'hub',
    partition: String(p),
    messages: messages.slice(p * share, (p + 1) * share),
  }));
}

async function settleAll(pipeline: Pipeline, batches: readonly Batch[]): Promise<number[]> {
  const tallies: Tally[] = await Promise.all(batches.map(async (batch) => pipeline.settle(batch)));
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);
  return [sum(({ received }) => received), sum(({ sent }) => sent), sum(({ deadLettered }) => deadLettered)];
}

async function storedIds(): Promise<number[]> {
  const found: number[] = [];
  for await (const row of ingestion.rows(stream)) {
    const parsed = parseJson(row);
    if (typeof parsed === 'object' && parsed !== null && 'EventOriginalUid' in parsed) {
      found.push(Number(parsed['EventOriginalUid']));
    }
  }
  return found.toSorted((a, b) => a - b);
}

const cases = Object.keys(troubles).flatMap((trouble, i) =>
  Object.keys(placements).map((placement, j) => [trouble, placement, 1 + ((i + j) % 2)] as const),
);

test.each(cases)(
  '20 of 2,000 rows that are rejected with %s, %s, in %i partitions at once become dead letters and the others are stored: at once, redelivered, and after a restart',
  async (trouble, placement, partitions) => {
    const what = troubles[trouble];
    const isBad = placements[placement];
    if (what === undefined || isBad === undefined) throw new Error('The test meant one of its own cases.');
    await start(what);
    const deadLetters = new MemoryDeadLetters();
    const letterIds = (): string[] => deadLetters.letters.map(({ id }) => id);
    const batches = batchesOf(partitions, isBad, what.bad);
    const good = ids.filter((id) => !isBad(id));

    const pipeline = newProcess(what, deadLetters);
    expect(await settleAll(pipeline, batches)).toEqual([2000, 1980, 20]);
    expect(await storedIds()).toEqual(good);
    expect(new Set(letterIds()).size).toBe(20);
    expect(new Set(deadLetters.letters.map(({ reason }) => reason))).toEqual(new Set(['Refused']));

    // The checkpoint was lost: the process knows what has become of each record.
    const { requests } = ingestion.statistics();
    expect(await settleAll(pipeline, batches)).toEqual([2000, 1980, 20]);
    expect([ingestion.statistics().requests, letterIds().length]).toEqual([requests, 20]);

    // Another process remembers nothing: each good row is stored again, and each letter is written again with the same id.
    expect(await settleAll(newProcess(what, deadLetters), batches)).toEqual([2000, 1980, 20]);
    expect(await storedIds()).toEqual(good.flatMap((id) => [id, id]));
    expect([letterIds().length, new Set(letterIds()).size]).toEqual([40, 20]);
  },
);

test('a DCR that rejects everything holds the batch at every attempt, with nothing stored and no dead letter', async () => {
  const what = { bad: wrongColumn };
  await start(what);
  const deadLetters = new MemoryDeadLetters();
  const batches = batchesOf(2, () => true, what.bad);
  const pipeline = newProcess(what, deadLetters);
  for (let attempt = 0; attempt < 2; attempt++) {
    const outcomes = await Promise.allSettled(batches.map(async (batch) => pipeline.settle(batch)));
    expect(outcomes).toMatchObject(batches.map(() => ({ status: 'rejected', reason: { status: 400 } })));
  }
  expect([await storedIds(), deadLetters.letters]).toEqual([[], []]);
  // For each batch and attempt: its chunks, of which there are two at the most, and 21 single rows.
  expect(ingestion.statistics().requests).toBeLessThanOrEqual(2 * 2 * (2 + 21));
});
