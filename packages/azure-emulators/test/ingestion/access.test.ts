import { randomUUID } from 'node:crypto';
import { ManagedIdentityCredential } from '@azure/identity';
import { LogsIngestionClient } from '@azure/monitor-ingestion';
import { startIdentity } from '../../src/identity';
import type { IngestionEmulator } from '../../src/ingestion';
import { holds } from '../holds';
import { clientOf, post, rule, ruleId, start, storedRows, stream, upload } from './ingestionSetup';

let emulator: IngestionEmulator;

afterEach(() => emulator.stop());

const row = { Text: 'a' };

describe('The address of a call', () => {
  test(
    holds(
      'the SDK client, which writes the version as api%2Dversion, gets 204 and its row is stored',
      'ingestion.address',
      'ingestion-client.address',
    ),
    async () => {
      emulator = await start();
      await clientOf(emulator).upload(ruleId, stream, [row]);
      expect(await storedRows(emulator)).toEqual(['{"Text":"a"}']);
    },
  );

  // "Data collection rule with immutable Id ... not found" is what the service says.
  test(holds('an unknown rule is 404 NotFound', 'ingestion.unknown-rule'), async () => {
    emulator = await start();
    expect(await upload(emulator, [row], { rule: 'dcr-unknown' })).toBe('404 NotFound');
  });

  test(
    holds(
      'a stream that the rule does not declare is 400 InvalidStream, which is about configuration',
      'ingestion.unknown-stream',
    ),
    async () => {
      emulator = await start();
      expect(await upload(emulator, [row], { stream: 'Custom-Other' })).toBe('400 InvalidStream');
    },
  );

  test(holds('names of streams are case-sensitive', 'ingestion.unknown-stream'), async () => {
    emulator = await start();
    expect(await upload(emulator, [row], { stream: 'custom-test' })).toBe('400 InvalidStream');
  });

  test.each([
    ['another path', { path: '/dataCollectionRules' }, '404 NotFound'],
    [
      'a path that cannot be decoded',
      { path: '/dataCollectionRules/%zz/streams/a?api-version=2023-01-01' },
      '404 NotFound',
    ],
    ['a path that is no URL', { path: '//' }, '404 NotFound'],
    ['no version', { path: `/dataCollectionRules/${ruleId}/streams/${stream}` }, '400 EmulatorApiVersion'],
    ['another method', { method: 'PUT' }, '405 EmulatorMethod'],
    ['another content type', { headers: { 'content-type': 'text/plain' } }, '415 EmulatorContentType'],
    ['another encoding', { headers: { 'content-encoding': 'br' } }, '415 EmulatorContentEncoding'],
  ])(holds('%s is rejected', 'ingestion.address'), async (_, call, outcome) => {
    emulator = await start();
    expect((await post(emulator, '[{}]', call)).outcome).toBe(outcome);
  });

  test('every answer carries x-ms-request-id, a rejection also x-ms-error-code', async () => {
    emulator = await start();
    const accepted = await post(emulator, '[{}]');
    expect(accepted.headers['x-ms-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect((await post(emulator, '[1]')).headers['x-ms-error-code']).toBe('InvalidPayload');
  });
});

describe('The token', () => {
  test(holds('a token that is not accepted is 401', 'ingestion.bad-token'), async () => {
    emulator = await start();
    expect(await upload(emulator, [row], { token: 'bad' })).toBe('401 InvalidToken');
  });

  // The documentation of the API: a token for management.azure.com gives InvalidAudience.
  test(holds('a token for another audience is 401 InvalidAudience', 'ingestion.bad-token'), async () => {
    emulator = await start({ authorize: () => 'audience' });
    expect(await upload(emulator, [row])).toBe('401 InvalidAudience');
  });

  test('authorize gets the whole header, or undefined where there is none', async () => {
    const seen: (string | undefined)[] = [];
    emulator = await start({
      authorize: (authorization) => {
        seen.push(authorization);
        return authorization === undefined ? 'missing' : undefined;
      },
    });
    expect((await post(emulator, '[{}]', { headers: { authorization: 'Basic abc' } })).outcome).toBe('204');
    expect((await post(emulator, '[{}]', { headers: { authorization: undefined } })).outcome).toBe('401 InvalidToken');
    expect(seen).toEqual(['Basic abc', undefined]);
  });
});

describe('The role', () => {
  // The SDKs' troubleshooting guides: 403 OperationFailed without the role Monitoring Metrics Publisher.
  test(
    holds('only identities that hold the role may send, through managed identity end to end', 'ingestion.no-role'),
    async () => {
      const identity = await startIdentity({
        clientIds: ['11111111-0000-0000-0000-000000000001', '11111111-0000-0000-0000-000000000002'],
      });
      const audience = `https://${randomUUID()}.test`;
      emulator = await start({
        rules: [{ ...rule, allowedClientIds: ['11111111-0000-0000-0000-000000000001'] }],
        authorize: (authorization) => identity.verify(authorization, audience),
        clientIdOf: (authorization) => identity.clientIdOf(authorization),
      });
      const send = (clientId: string) =>
        withEnvironment(identity.environment, () =>
          new LogsIngestionClient(emulator.endpoint, new ManagedIdentityCredential({ clientId }), {
            tlsOptions: { ca: emulator.certificate },
            audience,
          }).upload(ruleId, stream, [row]),
        );
      await expect(send('11111111-0000-0000-0000-000000000002')).rejects.toThrow();
      await send('11111111-0000-0000-0000-000000000001');
      expect(emulator.statistics().byStatus).toEqual({ '403': 1, '204': 1 });
      await identity.stop();
    },
  );

  test('each rule has its own roles', async () => {
    emulator = await start({
      rules: [{ ...rule, immutableId: 'dcr-closed', allowedClientIds: [] }, rule],
      clientIdOf: () => 'me',
    });
    expect(await upload(emulator, [row], { rule: 'dcr-closed' })).toBe('403 OperationFailed');
    expect(await upload(emulator, [row])).toBe('204');
  });
});

async function withEnvironment(variables: Record<string, string>, work: () => Promise<void>): Promise<void> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    await work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
