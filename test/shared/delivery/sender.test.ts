import { gunzipSync } from 'node:zlib';
import { createDefaultHttpClient, createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { type IdentityEndpoint, startIdentity } from 'azure-emulators/identity';
import { type IngestionEmulator, startIngestion } from 'azure-emulators/ingestion';
import declared from '../../../infra/networkSessions.columns.json';
import { createSender, readRetryAfter, type Sender } from '../../../shared/delivery/sender';
import { DeliveryError } from '../../../shared/errors/batchErrors';
import { codeOf } from '../../../shared/errors/classify';
import { failures } from '../../../shared/errors/failures';
import { type Chunk, packChunks } from '../../../shared/sessions/chunks';

const [dcrId, closedDcr, stream] = ['dcr-1', 'dcr-closed', 'Custom-NetworkSessions'];
const audience = 'https://monitor.azure.com';
const streams = {
  [stream]: declared.filter(({ name }) => !/^(TenantId|Type|SourceSystem|EventTimeIngested)$/.test(name)),
};
const row = (more = ''): string => `{"TimeGenerated":"${new Date().toISOString().replace('Z', '000Z')}"${more}}`;

const padded = (length: number): string => row(`,"EventMessage":"${'a'.repeat(length)}"`);

let identity: IdentityEndpoint;
let ingestion: IngestionEmulator;
const oldEnvironment = { ...process.env };

beforeAll(async () => {
  identity = await startIdentity();
  Object.assign(process.env, identity.environment);
  ingestion = await startIngestion({
    rules: [
      { immutableId: dcrId, streams },
      { immutableId: closedDcr, streams, allowedClientIds: [] },
    ],
    authorize: (authorization) => identity.verify(authorization, audience),
    clientIdOf: (authorization) => identity.clientIdOf(authorization),
  });
});

afterAll(async () => {
  process.env = oldEnvironment;
  await Promise.all([ingestion.stop(), identity.stop()]);
});

afterEach(() => {
  ingestion.faults.clear();
});

/** The SDK's own HTTP client, trusting the emulator; `wire` sees what it sends. */
function trusting(
  wire: (body: unknown, headers: Readonly<Record<string, string>>) => void = () => undefined,
): HttpClient {
  const client = createDefaultHttpClient();
  return {
    sendRequest: (request) => {
      wire(request.body, request.headers.toJSON());
      return client.sendRequest({ ...request, tlsSettings: { ca: ingestion.certificate } });
    },
  };
}

/** Something that answers every call in the same way. */
function answering(status: number, bodyAsText: string): HttpClient {
  return { sendRequest: (request) => Promise.resolve({ request, status, headers: createHttpHeaders(), bodyAsText }) };
}

interface Overrides {
  readonly endpoint?: string;
  readonly stream?: string;
  readonly audience?: string;
  readonly clientId?: string;
  readonly timeoutSeconds?: number;
}

function senderTo(settings: Overrides = {}, httpClient = trusting()): Sender {
  const defaults = { endpoint: ingestion.endpoint, stream, audience, clientId: undefined, timeoutSeconds: 20 };
  return createSender({ ...defaults, ...settings }, { httpClient });
}

/** What a new sender says of its calls for these invocations. */
async function requestIds(invocations: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  const sender = senderTo(
    {},
    trusting((_, headers) => ids.push(headers['x-ms-client-request-id'] ?? '')),
  );
  for (const id of invocations) await sender.send(chunkOf(row()), dcrId, id);
  return ids;
}

function chunkOf(...rows: string[]): Chunk {
  const [chunk] = packChunks(rows.map((text) => ({ text })));
  if (chunk === undefined) throw new Error('The test meant a chunk.');
  return chunk;
}

async function rejection(
  sender: Sender,
  { chunk = chunkOf(row()), dcr = dcrId }: { chunk?: Pick<Chunk, 'body'>; dcr?: string } = {},
): Promise<DeliveryError> {
  const result: unknown = await sender.send(chunk, dcr).catch((error: unknown) => error);
  if (result instanceof DeliveryError) return result;
  throw new Error(`The test meant a DeliveryError, not ${String(result)}.`);
}

/** What the log line of a held batch says about the error. */
function adviceOn(error: DeliveryError): string {
  const { at, next } = failures[codeOf(error)];
  return `${at} ${next}`;
}

async function stored(): Promise<string[]> {
  const rows: string[] = [];
  for await (const one of ingestion.rows(stream)) rows.push(one);
  return rows;
}

describe('a chunk that is accepted', () => {
  test('is stored exactly, long numbers included, and its compressed size is returned', async () => {
    const before = (await stored()).length;
    const rows = [
      row(',"SrcBytes":9223372036854775807,"SrcDvcHostname":"é€😀\\u0001"'),
      row(',"AdditionalFields":{"n":9007199254740993,"__proto__":1.50}'),
    ];
    const wire: { body: unknown; headers: Readonly<Record<string, string>> }[] = [];
    const chunk = chunkOf(...rows);
    const { bytesSent } = await senderTo(
      {},
      trusting((body, headers) => wire.push({ body, headers })),
    ).send(chunk, dcrId);
    expect((await stored()).slice(before)).toEqual(rows);
    const body = wire[0]?.body;
    if (!(body instanceof Uint8Array)) throw new Error('The body is bytes.');
    expect([wire.length, body.length, wire[0]?.headers['content-encoding']]).toEqual([1, bytesSent, 'gzip']);
    expect(gunzipSync(body)).toEqual(chunk.body());
  });

  test('may have exactly the size of the limit', async () => {
    const long = Array.from({ length: 16 }, () => padded(60_000));
    const missing = 1_000_000 - `[${long.join(',')},${padded(0)}]`.length;
    const chunk = chunkOf(...long, padded(missing));
    expect([chunk.body().length, chunk.rows.length]).toEqual([1_000_000, 17]);
    await expect(senderTo().send(chunk, dcrId)).resolves.toBeDefined();
  });

  test('is sent with the id of its invocation and a number of its own', async () => {
    const ids = await requestIds(['invocation-a', 'invocation-a', 'invocation-b']);
    const first = Number(ids[0]?.split('.')[1]);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(ids).toEqual([`invocation-a.${first}`, `invocation-a.${first + 1}`, `invocation-b.${first + 2}`]);
  });

  test('has an id that no call of another process has, even though the host keeps the id of an invocation for its retries', async () => {
    const one = await requestIds(['invocation-a', 'invocation-a']);
    const another = await requestIds(['invocation-a', 'invocation-a']);
    expect(new Set([...one, ...another]).size).toBe(4);
  });

  test('shares one token with the others', async () => {
    const sender = senderTo();
    await sender.send(chunkOf(row()), dcrId);
    const before = identity.statistics()['200'];
    await Promise.all(Array.from({ length: 12 }, () => sender.send(chunkOf(row()), dcrId)));
    expect(identity.statistics()['200']).toBe(before);
    expect(before).toBe(1);
  });
});

describe('a chunk that is rejected', () => {
  test.each([
    ['an unknown stream', { stream: 'Custom-Other' }, dcrId, 400, 'LOGS_INGESTION_STREAM'],
    ['a token for somebody else', { audience: 'https://other.example' }, dcrId, 401, 'LOGS_INGESTION_AUDIENCE'],
    ['a missing role', {}, closedDcr, 403, 'Monitoring Metrics Publisher'],
    ['an unknown rule', {}, 'dcr-unknown', 404, 'LOGS_INGESTION_RULE_IDS'],
  ])(
    'for %s has an error that says where and what, and a code that says what to check',
    async (_, settings, dcr, status, advice) => {
      const error = await rejection(senderTo(settings), { dcr });
      expect(error.status).toBe(status);
      expect(error.code).toMatch(/^[A-Z]\w+$/);
      for (const part of [dcr, ingestion.endpoint, String(status), error.code]) expect(error.message).toContain(part);
      expect(adviceOn(error)).toContain(advice);
    },
  );

  test('for its size has a code that says so', async () => {
    const large = padded(60_000);
    const body = Buffer.from(`[${Array.from({ length: 17 }, () => large).join(',')}]`);
    const error = await rejection(senderTo(), { chunk: { body: () => body } });
    expect([error.status, error.code]).toEqual([413, 'ContentLengthLimitExceeded']);
    expect(adviceOn(error)).toContain('1,000,000');
  });

  test('for its content has an error with the code of the service', async () => {
    const error = await rejection(senderTo(), { chunk: chunkOf(row(',"SrcPortNumber":"443"')) });
    expect(error.status).toBe(400);
    expect(error.message).toContain(error.code);
    expect(adviceOn(error)).toContain('LOGS_INGESTION_STREAM');
  });

  test.each([
    [429, 7, 7000],
    [503, 0, 0],
    [500, undefined, undefined],
    [408, undefined, undefined],
  ])(
    'with %d is sent once, and the error has the wait that the service asks for',
    async (status, seconds, milliseconds) => {
      ingestion.faults.inject({
        kind: 'status',
        status,
        ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
      });
      const { requests } = ingestion.statistics();
      const error = await rejection(senderTo());
      expect([error.status, error.retryAfterMs]).toEqual([status, milliseconds]);
      expect(ingestion.statistics().requests).toBe(requests + 1);
    },
  );

  test('by something other than the service has an error with the status, and without the body', async () => {
    const error = await rejection(senderTo({}, answering(502, '<html>SECRET</html>')));
    expect([error.status, error.code]).toEqual([502, 'Unknown']);
    expect(error.message).not.toContain('SECRET');
  });

  test.each([301, 302, 303, 307, 308])(
    'with %i to an address that answers 204 is not accepted: no redirect is followed',
    async (status) => {
      const methods: string[] = [];
      const redirecting: HttpClient = {
        sendRequest: (request) => {
          methods.push(request.method);
          const isFirst = methods.length === 1;
          const headers = createHttpHeaders(isFirst ? { location: `${ingestion.endpoint}/elsewhere` } : {});
          return Promise.resolve({ request, status: isFirst ? status : 204, headers });
        },
      };
      expect((await rejection(senderTo({}, redirecting))).status).toBe(status);
      expect(methods).toEqual(['POST']);
    },
  );

  test('with 200 is not accepted', async () => {
    expect((await rejection(senderTo({}, answering(200, '')))).status).toBe(200);
  });
});

describe('a chunk without a response', () => {
  test('fails after the timeout of one call', async () => {
    ingestion.faults.inject({ kind: 'silence' });
    const error = await rejection(senderTo({ timeoutSeconds: 0.2 }));
    expect([error.code, error.status]).toEqual(['Timeout', undefined]);
    expect(error.message).toContain('within 0.2 s');
    expect(adviceOn(error)).toContain('LOGS_INGESTION_TIMEOUT_SECONDS');
  });

  test.each([
    ['a connection that is cut', {}],
    ['an address where nobody listens', { endpoint: 'https://127.0.0.1:1' }],
  ])('because of %s has a code that says what to check', async (_, settings) => {
    ingestion.faults.inject({ kind: 'reset' });
    const error = await rejection(senderTo(settings));
    expect([error.code, error.status]).toEqual(['NoConnection', undefined]);
    expect(adviceOn(error)).toContain('LOGS_INGESTION_ENDPOINT');
  });

  test('because the identity gives no token has a code that says what to check', async () => {
    const clientId = '00000000-0000-0000-0000-00000000dead';
    const error = await rejection(senderTo({ clientId }));
    expect([error.code, error.status]).toEqual(['NoToken', undefined]);
    expect(adviceOn(error)).toContain('AZURE_CLIENT_ID');
  });
});

describe('readRetryAfter', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const read = (headers: Record<string, string>): number | undefined => readRetryAfter(createHttpHeaders(headers), now);

  test.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{ 'x-ms-retry-after-ms': '250' }, 250],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:05 GMT' }, 5000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 23:59:59 GMT' }, undefined],
    [{ 'retry-after': '-1' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '1'.repeat(30) }, undefined],
    [{}, undefined],
  ])('of %p is %p', (headers, expected) => {
    expect(read(headers)).toBe(expected);
  });
});
