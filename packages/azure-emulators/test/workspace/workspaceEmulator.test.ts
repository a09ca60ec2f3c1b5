import { request } from 'node:https';
import { LogsQueryClient } from '@azure/monitor-query-logs';
import { startIdentity } from '../../src/identity';
import {
  type LogsQuestion,
  QueryError,
  startWorkspace,
  type WorkspaceEmulator,
  type WorkspaceOptions,
} from '../../src/workspace';
import { holds } from '../holds';

let workspace: WorkspaceEmulator;
let asked: LogsQuestion[];
afterEach(() => workspace.stop());

const now = Date.parse('2026-11-29T12:00:00Z');
/** Every other token is valid. */
const problems = new Map([
  ['', 'missing'],
  ['Bearer bad', 'unknown'],
  ['Bearer other', 'audience'],
]);

async function start(options: Partial<WorkspaceOptions> = {}): Promise<void> {
  asked = [];
  workspace = await startWorkspace({
    tables: { Flows_CL: 'Analytics', Archive_CL: 'Auxiliary' },
    answer: (question) => {
      asked.push(question);
      if (!question.query.startsWith('Flows_CL')) throw new QueryError('SEM0100', 'No such table.');
      const columns = [
        ['Name', 'string'],
        ['At', 'datetime'],
        ['Count', 'long'],
      ] as const;
      return {
        columns,
        rows: [
          ['a', '2026-11-29T11:00:00Z', 3],
          ['b', null, null],
        ],
      };
    },
    authorize: (authorization = '') => problems.get(authorization),
    now: () => now,
    ...options,
  });
}

function clientOf(endpoint = `${workspace.endpoint}/v1`): LogsQueryClient {
  const credential = { getToken: async () => ({ token: 'good', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  return new LogsQueryClient(credential, {
    endpoint,
    credentials: { scopes: [`${workspace.endpoint}/.default`] },
    tlsOptions: { ca: workspace.certificate },
    retryOptions: { maxRetries: 0 },
  });
}

interface Sent {
  readonly method?: string;
  readonly token?: string;
  readonly body?: string;
}

/** Status and body of a call; a body that is JSON is read. */
function call(
  path: string,
  { method = 'GET', token = 'Bearer good', body = '' }: Sent = {},
): Promise<[number, unknown]> {
  return new Promise((resolve, reject) => {
    const headers = token === '' ? {} : { authorization: token };
    const options = { method, ca: workspace.certificate, headers, agent: false as const };
    const sent = request(`${workspace.endpoint}${path}`, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () =>
        resolve([
          response.statusCode ?? 0,
          response.headers['content-type']?.startsWith('application/json') === true ? JSON.parse(text) : text,
        ]),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const post = (query: unknown, more: object = {}, token = 'Bearer good'): Promise<[number, unknown]> =>
  call(`/v1/workspaces/${workspace.customerId}/query`, {
    method: 'POST',
    token,
    body: JSON.stringify({ query, ...more }),
  });

const anyText: unknown = expect.any(String);
const holding = (part: string): unknown => expect.stringContaining(part);
const failing = (code: string): unknown => {
  const error: unknown = expect.objectContaining({ code, message: anyText });
  return { error };
};

describe('The client of Microsoft', () => {
  test(
    holds('gets the columns and rows of the answer, times as dates', 'workspace.query', 'workspace-client.dates'),
    async () => {
      await start();
      const result = await clientOf().queryWorkspace(workspace.customerId, 'Flows_CL', { duration: 'PT1H' });
      expect(result).toMatchObject({
        status: 'Success',
        tables: [
          {
            name: 'PrimaryResult',
            columnDescriptors: [
              { name: 'Name', type: 'string' },
              { name: 'At', type: 'datetime' },
              { name: 'Count', type: 'long' },
            ],
            rows: [
              ['a', new Date('2026-11-29T11:00:00Z'), 3],
              ['b', null, null],
            ],
          },
        ],
      });
      expect(workspace.statistics()).toEqual({ 200: 1 });
    },
  );

  test(holds('has to be given the version of the API with the endpoint', 'workspace-client.endpoint'), async () => {
    await start();
    const wrong = clientOf(workspace.endpoint);
    await expect(wrong.queryWorkspace(workspace.customerId, 'Flows_CL', { duration: 'PT1H' })).rejects.toThrow();
    expect(workspace.statistics()).toEqual({ 400: 1 });
    expect(asked).toEqual([]);
  });

  test(holds('sends each kind of timespan, and the answer is told its limits', 'workspace.timespan'), async () => {
    await start();
    const [startTime, endTime] = [new Date('2026-11-20T00:00:00Z'), new Date('2026-11-21T06:30:00.250Z')];
    const client = clientOf();
    for (const timespan of [
      { duration: 'P2D' },
      { duration: 'P1DT2H3M4.5S' },
      { startTime, endTime },
      { startTime, duration: 'PT36H' },
      { duration: 'P1W', endTime },
    ]) {
      await client.queryWorkspace(workspace.customerId, 'Flows_CL', timespan);
    }
    expect(asked.map(({ from, to }) => [from?.toISOString(), to?.toISOString()])).toEqual([
      ['2026-11-27T12:00:00.000Z', '2026-11-29T12:00:00.000Z'],
      ['2026-11-28T09:56:55.500Z', '2026-11-29T12:00:00.000Z'],
      ['2026-11-20T00:00:00.000Z', '2026-11-21T06:30:00.250Z'],
      ['2026-11-20T00:00:00.000Z', '2026-11-21T12:00:00.000Z'],
      ['2026-11-14T06:30:00.250Z', '2026-11-21T06:30:00.250Z'],
    ]);
  });
});

test('without a timespan the answer has no limits', async () => {
  await start();
  expect(await post('Flows_CL')).toMatchObject([200, {}]);
  expect(asked).toEqual([{ query: 'Flows_CL', from: undefined, to: undefined }]);
});

test.each(['', 'P', 'PT', '2 days', 'P2D/P1D', 'P2D/', '2026-11-20', '2026-11-20T00:00:00Z', 'P1D/P1D/P1D', 7])(
  'the timespan %j is rejected, and the message quotes it',
  async (timespan) => {
    await start();
    expect(await post('Flows_CL', { timespan })).toMatchObject([
      400,
      {
        error: { innererror: { message: holding(typeof timespan === 'string' ? `found "${timespan}"` : 'found "7"') } },
      },
    ]);
    expect(asked).toEqual([]);
  },
);

test(holds('a query that is wrong gets 400, and the inner error says why', 'workspace.bad-query'), async () => {
  await start();
  expect(await post('Nothing')).toEqual([
    400,
    {
      error: {
        message: 'The request had some invalid properties',
        code: 'BadArgumentError',
        correlationId: anyText,
        innererror: { code: 'SEM0100', message: 'No such table.' },
      },
    },
  ]);
});

test.each(['', '[]', '"Flows_CL"', '{"query":5}', '{"query":" "}', '{"a', '{"query":"Flows_CL"}'.padEnd(2_000_000)])(
  'a body without a query, or too long for one, gets 400 (case %#)',
  async (body) => {
    await start();
    const path = `/v1/workspaces/${workspace.customerId}/query`;
    expect(await call(path, { method: 'POST', body })).toEqual([400, failing('BadArgumentError')]);
    expect(asked).toEqual([]);
  },
);

test('an answer that fails is 500, and the next query is answered', async () => {
  let isBroken = true;
  await start({
    answer: () => {
      if (isBroken) throw new TypeError('broken');
      return { columns: [], rows: [] };
    },
  });
  expect(await post('Flows_CL')).toEqual([500, failing('InternalServerError')]);
  isBroken = false;
  expect(await post('Flows_CL')).toMatchObject([200, {}]);
});

test(holds('no other path is there', 'workspace.unknown-path'), async () => {
  await start();
  const body = JSON.stringify({ query: 'Flows_CL' });
  const paths = ['/v1/workspaces/11111111-2222-3333-4444-555555555555/query', '/v1/workspaces/%/query', '/v1/'];
  for (const path of paths) {
    expect(await call(path, { method: 'POST', body })).toEqual([404, failing('PathNotFoundError')]);
  }
  expect(await call(`/v1/workspaces/${workspace.customerId}/query`)).toEqual([404, failing('PathNotFoundError')]);
});

describe('Tokens', () => {
  test.each([
    ['', 401, 401, 'AuthenticationFailed'],
    ['Bearer bad', 403, 401, 'InvalidAuthenticationToken'],
    ['Bearer other', 403, 401, 'InvalidAuthenticationTokenAudience'],
  ])(
    holds('%j is rejected by both endpoints', 'workspace.query-token', 'workspace.management-token'),
    async (token, ofQuery, ofManagement, code) => {
      await start();
      expect(await post('Flows_CL', {}, token)).toEqual([ofQuery, failing(code)]);
      const path = `${workspace.resourceId}?api-version=2025-07-01`;
      expect(await call(path, { token })).toEqual([ofManagement, failing(code)]);
      expect(asked).toEqual([]);
    },
  );

  test('of the emulated identity are valid for the endpoint alone', async () => {
    const identity = await startIdentity();
    await start({ authorize: (authorization, audience) => identity.verify(authorization, audience) });
    const tokenFor = async (audience: string): Promise<string> => {
      const url = `${identity.endpoint}?api-version=2019-08-01&resource=${encodeURIComponent(audience)}`;
      const answer = await fetch(url, { headers: { 'x-identity-header': identity.header } });
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the emulator's own answer.
      return `Bearer ${((await answer.json()) as { access_token: string }).access_token}`;
    };
    expect(await post('Flows_CL', {}, await tokenFor(workspace.endpoint))).toMatchObject([200, {}]);
    const other = await tokenFor('https://monitor.azure.com');
    expect(await post('Flows_CL', {}, other)).toEqual([403, failing('InvalidAuthenticationTokenAudience')]);
    await identity.stop();
  });
});

test(
  holds('the management endpoint tells the workspace id and the plan of a table', 'workspace.management'),
  async () => {
    await start();
    const { resourceId, customerId } = workspace;
    const version = '?api-version=2025-07-01';
    expect(await call(`${resourceId.toUpperCase()}${version}`)).toMatchObject([
      200,
      { id: resourceId, properties: { customerId } },
    ]);
    expect(await call(`${resourceId}/tables/archive_cl${version}`)).toMatchObject([
      200,
      { name: 'Archive_CL', properties: { plan: 'Auxiliary' } },
    ]);
    for (const path of [`${resourceId}/tables/Other_CL`, `${resourceId}x`, `${resourceId}/savedSearches`, '/', '']) {
      expect(await call(`${path}${version}`)).toEqual([404, failing('ResourceNotFound')]);
    }
    expect(await call(`${resourceId}${version}`, { method: 'PUT', body: '{}' })).toEqual([
      404,
      failing('ResourceNotFound'),
    ]);
    expect(await call(resourceId)).toEqual([400, failing('MissingApiVersionParameter')]);
  },
);

test('a fault concerns the endpoint that it names', async () => {
  await start();
  const path = `${workspace.resourceId}?api-version=2025-07-01`;
  workspace.faults.inject({ on: 'query', kind: 'status', status: 429, code: 'Throttled', retryAfterSeconds: 3 });
  expect(await call(path)).toMatchObject([200, {}]);
  expect(await post('Flows_CL')).toEqual([429, failing('Throttled')]);
  workspace.faults.inject({ on: 'management', kind: 'page', status: 502 });
  expect(await post('Flows_CL')).toMatchObject([200, {}]);
  expect(await call(path)).toEqual([502, '<h1>Fault asked for.</h1>']);
  workspace.faults.inject({ kind: 'reset' });
  await expect(call(path)).rejects.toThrow();
  expect(workspace.faults.fired()).toEqual({
    'query status 429 with Retry-After': 1,
    'management page 502': 1,
    reset: 1,
  });
});
