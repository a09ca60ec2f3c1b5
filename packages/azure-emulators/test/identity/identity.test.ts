import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { ManagedIdentityCredential } from '@azure/identity';
import { type IdentityEndpoint, startIdentity } from '../../src/identity';
import { holds } from '../holds';

const userId = '22222222-0000-0000-0000-00000000000a';
const version = 'api-version=2019-08-01';

/** One for all tests: the credential's library keeps the first endpoint of a process for good, and its tokens too. */
let identity: IdentityEndpoint;

beforeAll(async () => {
  identity = await startIdentity({ clientIds: [userId] });
  Object.assign(process.env, identity.environment);
});

afterAll(async () => {
  for (const name of Object.keys(identity.environment)) delete process.env[name];
  await identity.stop();
});

/** Tokens are cached by resource, so each test asks for a resource of its own. */
function newAudience(): string {
  return `https://${randomUUID()}.test`;
}

function credential(clientId?: string): ManagedIdentityCredential {
  return new ManagedIdentityCredential({ ...(clientId && { clientId }), retryOptions: { maxRetries: 0 } });
}

function ask(
  query: string,
  headers: Record<string, string> = { 'x-identity-header': identity.header },
  path = '',
): Promise<Response> {
  return fetch(`${identity.endpoint}${path}?${query}`, { headers });
}

describe('ManagedIdentityCredential, reading IDENTITY_ENDPOINT and IDENTITY_HEADER', () => {
  test(
    holds('gets a token of the system-assigned identity, valid for its audience and for a day', 'identity.endpoint'),
    async () => {
      const audience = newAudience();
      const asked = Date.now();
      const { token, expiresOnTimestamp } = await credential().getToken(`${audience}/.default`);
      expect(identity.verify(`Bearer ${token}`, audience)).toBeUndefined();
      expect(identity.verify(`Bearer ${token}`, `${audience}/`)).toBeUndefined();
      expect(identity.clientIdOf(`Bearer ${token}`)).toBe(identity.clientId);
      expect(expiresOnTimestamp).toBeGreaterThan(asked + 86_390_000);
      expect(expiresOnTimestamp).toBeLessThanOrEqual(Date.now() + 86_400_000);
    },
  );

  test(
    holds('gets a token of a user-assigned identity by client id, in any case', 'identity.user-assigned'),
    async () => {
      const { token } = await credential(userId.toUpperCase()).getToken(`${newAudience()}/.default`);
      expect(identity.clientIdOf(`Bearer ${token}`)).toBe(userId);
    },
  );

  // The platform's answer, word for word, as the tests of Microsoft's own libraries expect it from a live Function.
  test(holds('fails for an identity that the app does not have', 'identity.user-assigned'), async () => {
    await expect(credential(randomUUID()).getToken(`${newAudience()}/.default`)).rejects.toThrow(
      /No User Assigned or Delegated Managed Identity found for specified ClientId\/ResourceId\/PrincipalId/,
    );
  });

  test(holds('asks again once a token is about to expire', 'identity.token-cached'), async () => {
    const scope = `${newAudience()}/.default`;
    identity.faults.inject({ kind: 'shortLife', seconds: 60 });
    const first = await credential().getToken(scope);
    const second = await credential().getToken(scope);
    const third = await credential().getToken(scope);
    expect(second.token).not.toBe(first.token);
    expect(third.token).toBe(second.token);
  });

  test.each([429, 500, 502, 503] as const)('fails on %d, and gets its token afterwards', async (status) => {
    identity.faults.inject({ kind: 'status', status });
    const scope = `${newAudience()}/.default`;
    await expect(credential().getToken(scope)).rejects.toThrow();
    await expect(credential().getToken(scope)).resolves.toBeDefined();
    expect(identity.faults.fired()[`status ${status}`]).toBe(1);
    expect(identity.statistics()[status]).toBe(1);
  });
});

describe('A request', () => {
  // App Service's REST reference: access_token, client_id, expires_on (seconds, as a string), resource, token_type.
  test(holds('is answered with the fields of the platform', 'identity.endpoint'), async () => {
    const response = await ask(`${version}&resource=https://vault.azure.net`);
    expect(response.status).toBe(200);
    const body = await response.text();
    expect(body).toMatch(
      /^\{"access_token":"[\w-]{43}","client_id":"[0-9a-f-]{36}","expires_on":"\d{10}","resource":"https:\/\/vault.azure.net","token_type":"Bearer"\}$/,
    );
  });

  test.each([
    ['without the secret header', `${version}&resource=a`, {}, 401],
    ['with another secret', `${version}&resource=a`, { 'x-identity-header': 'guess' }, 401],
    ['without a version', 'resource=a', undefined, 400],
    ['of another version', 'api-version=2017-09-01&resource=a', undefined, 400],
    ['without a resource', version, undefined, 400],
    ['by object id', `${version}&resource=a&object_id=b`, undefined, 400],
    ['by resource id', `${version}&resource=a&mi_res_id=b`, undefined, 400],
  ])(
    holds('%s is rejected with statusCode, message and correlationId', 'identity.bad-request'),
    async (_, query, headers, status) => {
      const response = await ask(query, headers);
      expect(response.status).toBe(status);
      expect(await response.text()).toMatch(
        new RegExp(`^\\{"statusCode":${status},"message":"[^"]+","correlationId":"[0-9a-f-]{36}"\\}$`),
      );
    },
  );

  test('to another path is 404, by another method 405', async () => {
    expect((await ask(`${version}&resource=a`, undefined, '/other')).status).toBe(404);
    const post = await fetch(`${identity.endpoint}?${version}`, { method: 'POST', body: 'x' });
    expect(post.status).toBe(405);
  });

  test('can be answered with Retry-After', async () => {
    identity.faults.inject({ kind: 'status', status: 429, retryAfterSeconds: 3 });
    const response = await ask(`${version}&resource=a`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '3']);
  });

  test('can stay without an answer until the endpoint stops', async () => {
    const silent = await startIdentity();
    silent.faults.inject({ kind: 'silence' });
    const unanswered = expect(fetch(silent.endpoint)).rejects.toThrow();
    while (silent.statistics()['silence'] !== 1) await turn();
    await silent.stop();
    await unanswered;
  });
});

async function tokenOf(endpoint: IdentityEndpoint): Promise<string> {
  const response = await fetch(`${endpoint.endpoint}?${version}&resource=https://a.test`, {
    headers: { 'x-identity-header': endpoint.header },
  });
  return `Bearer ${/"access_token":"([^"]+)"/.exec(await response.text())?.[1]}`;
}

describe('A token', () => {
  test(holds('is valid for its audience alone', 'identity.token-scope'), async () => {
    const authorization = await tokenOf(identity);
    expect(identity.verify(authorization, 'https://a.test')).toBeUndefined();
    expect(identity.verify(authorization, 'https://monitor.azure.com')).toBe('audience');
  });

  test(holds('is not valid after it expires', 'identity.token-scope'), async () => {
    const brief = await startIdentity({ lifetimeSeconds: 0 });
    expect(brief.verify(await tokenOf(brief), 'https://a.test')).toBe('expired');
    await brief.stop();
  });

  test('of another endpoint is unknown', async () => {
    const other = await startIdentity();
    expect(other.verify(await tokenOf(identity), 'https://a.test')).toBe('unknown');
    await other.stop();
  });

  test.each([
    [undefined, 'missing'],
    ['', 'missing'],
    ['Basic abc', 'missing'],
    ['Bearer', 'missing'],
    ['Bearer abc', 'unknown'],
  ])('header %j is %s', (authorization, problem) => {
    expect(identity.verify(authorization, 'a')).toBe(problem);
    expect(identity.clientIdOf(authorization)).toBeUndefined();
  });
});
