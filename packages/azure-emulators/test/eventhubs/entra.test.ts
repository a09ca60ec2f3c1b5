/** Signing in by identity, with the SDK's own clients over TLS. */
import tls from 'node:tls';
import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs';
import { ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import { type Certificate, makeCertificate } from '../../src/certificate';
import type { Claim } from '../../src/eventhubs';
import { checkEntraToken } from '../../src/eventhubs/entra';
import { type IdentityEndpoint, startIdentity } from '../../src/identity';
import { holds } from '../holds';
import { type Bench, closeAll, closeLater, impatient, noRetry, read, receive, startBench, text } from './clients';
import { trust } from './trust';

const reader = '11111111-1111-4111-8111-111111111111';
let certificate: Certificate;
let identity: IdentityEndpoint;

beforeAll(async () => {
  certificate = await makeCertificate();
  identity = await startIdentity({ clientIds: [reader] });
  Object.assign(process.env, identity.environment);
});

beforeEach(() => trust(certificate.cert));

afterEach(async () => {
  jest.mocked(tls.connect).mockRestore();
  await closeAll();
});

afterAll(() => identity.stop());

function startTlsBench(options: { readonly claimsOf?: (clientId: string) => readonly Claim[] } = {}): Promise<Bench> {
  return startBench({ tls: { certificate, identify: (token) => identity.inspect(token), ...options } });
}

function namespaceOf({ emulator }: Bench): string {
  return emulator.fullyQualifiedNamespace ?? '';
}

function producerAs(bench: Bench, credential: TokenCredential, options = noRetry): EventHubProducerClient {
  return closeLater(new EventHubProducerClient(namespaceOf(bench), 'hub', credential, options));
}

test(
  holds(
    'a managed identity sends and receives over TLS the same events as clients with a key',
    'eventhubs.entra-token',
  ),
  async () => {
    const bench = await startTlsBench();
    const credential = new ManagedIdentityCredential();
    await producerAs(bench, credential).sendBatch([{ body: 'by identity' }], { partitionId: '0' });
    await bench.producer().sendBatch([{ body: 'by key' }], { partitionId: '0' });
    const consumer = new EventHubConsumerClient('$Default', namespaceOf(bench), 'hub', credential, impatient);
    const byIdentity = await read(closeLater(consumer), '0', 2);
    const byKey = await read(bench.consumer(), '0', 2);
    for (const events of [byIdentity, byKey]) {
      expect(events.map(({ body }) => String(body))).toStrictEqual(['by identity', 'by key']);
    }
  },
);

test(holds('an identity may do what its roles allow, by its client id', 'eventhubs.entra-token'), async () => {
  const bench = await startTlsBench({ claimsOf: (clientId) => (clientId === reader ? ['Listen'] : ['Send']) });
  const credential = new ManagedIdentityCredential({ clientId: reader });
  await producerAs(bench, new ManagedIdentityCredential()).sendBatch([{ body: 1 }], { partitionId: '0' });
  const consumer = new EventHubConsumerClient('$Default', namespaceOf(bench), 'hub', credential, noRetry);
  await receive(closeLater(consumer), '0').receiving;
  // Azure/azure-sdk-for-net#60290
  await expect(producerAs(bench, credential).sendBatch([{ body: 2 }])).rejects.toMatchObject({
    code: 'UnauthorizedError',
    message: text("'Send' claim(s) are required"),
  });
});

test(
  holds(
    'a token of an unknown issuer is rejected at $cbs with the condition that the SDK calls unauthorized',
    'eventhubs.entra-bad-token',
  ),
  async () => {
    const bench = await startTlsBench();
    const stranger: TokenCredential = {
      getToken: async () => ({ token: 'from elsewhere', expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    await expect(producerAs(bench, stranger).sendBatch([{ body: 1 }])).rejects.toMatchObject({
      code: 'UnauthorizedError',
      message: text('InvalidIssuer'),
    });
  },
);

test(
  holds('a client that does not trust the certificate gets no connection', 'eventhubs-client.certificate'),
  async () => {
    const bench = await startTlsBench();
    jest.mocked(tls.connect).mockRestore();
    const producer = producerAs(bench, new ManagedIdentityCredential());
    await expect(producer.sendBatch([{ body: 1 }])).rejects.toThrow(/self-signed certificate/);
    trust(certificate.cert);
  },
);

test('a connection over TLS that is reset is opened again', async () => {
  const bench = await startTlsBench();
  const fault = bench.emulator.faults.inject({ on: 'attach', kind: 'reset' });
  await producerAs(bench, new ManagedIdentityCredential(), impatient).sendBatch([{ body: 1 }]);
  expect(fault.fired).toBe(1);
  expect(bench.emulator.statistics().counters).toMatchObject({ connections: 2, eventsStored: 1 });
});

test('without TLS there is no namespace for identities', async () => {
  const bench = await startBench();
  expect(bench.emulator.fullyQualifiedNamespace).toBeUndefined();
});

describe('A token of Entra', () => {
  const now = Date.UTC(2026, 10, 23);
  const good = { clientId: reader, audience: 'https://eventhubs.azure.net', expiresAt: now + 1 };
  const check = (issued: typeof good | undefined, token: unknown = 't'): unknown =>
    checkEntraToken({ audience: 'sb://localhost:1/Hub', token }, { identify: () => issued }, now);

  test('allows sending and listening below its audience until it expires, unless roles allow less', () => {
    expect(check(good)).toStrictEqual({ path: 'hub', claims: ['Send', 'Listen'], expiresAt: now + 1 });
  });

  test.each([
    ['for another service', check({ ...good, audience: 'https://monitor.azure.com' }), /^InvalidAudience/],
    ['that has expired', check({ ...good, expiresAt: now }), /^ExpiredToken: .* '2026-11-23 00:00:00Z'/],
    ['that nobody here issued', check(undefined), /^InvalidIssuer/],
    ['that is no text', check(good, 7), /^MalformedToken/],
  ])(holds('%s is rejected', 'eventhubs.entra-bad-token'), (_name, failure, description) => {
    expect(failure).toMatchObject({ condition: 'amqp:unauthorized-access', description: text(description) });
  });
});
