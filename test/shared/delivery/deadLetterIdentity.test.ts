/** Dead letters as the app in Azure writes them: signed in by its managed identity, over TLS. */
import { makeCertificate } from 'azure-emulators/certificate';
import { type EventHubsEmulator, startEventHubs } from 'azure-emulators/eventhubs';
import { type IdentityEndpoint, startIdentity } from 'azure-emulators/identity';
import { closeAll, closeLater } from '../../../packages/azure-emulators/test/eventhubs/clients';
import { trust } from '../../../packages/azure-emulators/test/eventhubs/trust';
import { DeadLetterHub } from '../../../shared/delivery/deadLetterHub';

const clientId = '22222222-2222-4222-8222-222222222222';
const other = '33333333-3333-4333-8333-333333333333';
let identity: IdentityEndpoint;
let emulator: EventHubsEmulator;

beforeAll(async () => {
  const certificate = await makeCertificate();
  identity = await startIdentity({ clientIds: [clientId, other] });
  emulator = await startEventHubs({
    hubs: [{ name: 'dead', partitions: 1 }],
    tls: {
      certificate,
      identify: (token) => identity.inspect(token),
      claimsOf: (id) => (id === other ? ['Listen'] : ['Send']),
    },
  });
  trust(certificate.cert);
  Object.assign(process.env, identity.environment);
});

afterEach(closeAll);

afterAll(async () => {
  await emulator.stop();
  await identity.stop();
});

async function writeAs(id: string | undefined): Promise<void> {
  const fullyQualifiedNamespace = emulator.fullyQualifiedNamespace ?? '';
  const hub = closeLater(
    new DeadLetterHub({ eventHub: { fullyQualifiedNamespace, clientId: id }, deadLetterEventHub: 'dead' }),
  );
  const known = { reason: 'InvalidJson', step: 'envelope', error: 'Not valid JSON.', table: undefined } as const;
  await hub.write([{ id: 'a', body: Buffer.from('a'), scope: 'message', ...known }], {
    signal: new AbortController().signal,
    onAcknowledged: () => undefined,
  });
}

test.each([
  ['the system-assigned identity', undefined],
  ['the user-assigned identity that the settings name', clientId],
])('are stored by %s', async (_name, id) => {
  const { eventsStored } = emulator.statistics().counters;
  await writeAs(id);
  expect(emulator.statistics().counters.eventsStored).toBe(eventsStored + 1);
});

test('are not written by an identity that may not send, and the error says which claim is missing', async () => {
  await expect(writeAs(other)).rejects.toThrow(/to dead: .*'Send' claim\(s\) are required/s);
});
