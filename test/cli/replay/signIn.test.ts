import { ChainedTokenCredential } from '@azure/identity';
import { startIdentity } from 'azure-emulators/identity';
import { signIn } from '../../../cli/azure/signIn';

test('where Azure offers a managed identity, it signs in: the named one, or that of the system', async () => {
  const clientId = '11111111-2222-3333-4444-555555555555';
  const identity = await startIdentity({ clientIds: [clientId] });
  const before = { ...process.env };
  Object.assign(process.env, identity.environment);
  try {
    const system = await (await signIn(process.env, undefined)).getToken('https://eventhubs.azure.net/.default');
    const named = await (await signIn(process.env, clientId)).getToken('https://eventhubs.azure.net/.default');
    expect(identity.clientIdOf(`Bearer ${system?.token}`)).toBe(identity.clientId);
    expect(identity.clientIdOf(`Bearer ${named?.token}`)).toBe(clientId);
  } finally {
    process.env = before;
    await identity.stop();
  }
});

test('elsewhere the person who runs the command signs in', async () => {
  expect(await signIn({}, undefined)).toBeInstanceOf(ChainedTokenCredential);
});
