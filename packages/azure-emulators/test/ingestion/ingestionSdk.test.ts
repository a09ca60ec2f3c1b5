/** What `LogsIngestionClient.upload()` of @azure/monitor-ingestion 1.2.0 does, which the app has to work around. */
import { execFile } from 'node:child_process';
import { isAggregateLogsUploadError, LogsIngestionClient } from '@azure/monitor-ingestion';
import type { IngestionEmulator } from '../../src/ingestion';
import { holds } from '../holds';
import { ruleId, start, storedRows, stream, until } from './ingestionSetup';

let emulator: IngestionEmulator;

beforeEach(async () => {
  emulator = await start();
});

afterEach(() => emulator.stop());

const row = { Small: 1 };

/** 57 rows of 50,011 bytes: the SDK puts 19 into a body of at most 1,000,000 bytes, so that there are three. */
const threeBodies = Array.from({ length: 57 }, () => ({ Text: 'x'.repeat(50_000) }));

/** The SDK's client with its own number of tries, a millisecond apart. */
function client(): LogsIngestionClient {
  const credential = { getToken: async () => ({ token: 'good', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  return new LogsIngestionClient(emulator.endpoint, credential, {
    tlsOptions: { ca: emulator.certificate },
    retryOptions: { retryDelayInMs: 1, maxRetryDelayInMs: 1 },
  });
}

async function errorOf(uploading: Promise<void>): Promise<Error> {
  const error: unknown = await uploading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error(`Expected an error, got ${String(error)}`);
  return error;
}

/** What the SDK says of each body that it could not send. */
async function failuresOf(uploading: Promise<void>): Promise<{ cause: Error; failedLogs: unknown[] }[]> {
  const error = await errorOf(uploading);
  if (!isAggregateLogsUploadError(error)) throw error;
  return error.errors;
}

// concurrentPoolHelper.ts: the loop over the bodies returns when it finds the signal aborted, and nothing throws.
test(
  holds(
    'an abort between two bodies: upload() resolves although only the first body was sent',
    'ingestion-client.abort-between',
  ),
  async () => {
    const abort = new AbortController();
    const given = client();
    given.pipeline.addPolicy({
      name: 'abortOnceAnswered',
      sendRequest: async (request, next) => {
        const response = await next(request);
        abort.abort();
        return response;
      },
    });
    await given.upload(ruleId, stream, threeBodies, { abortSignal: abort.signal, maxConcurrency: 1 });
    expect(emulator.statistics().byStatus).toEqual({ 204: 1 });
    expect(await storedRows(emulator)).toHaveLength(19);
  },
);

// The same loop: bodies that were never begun are in no list of failed rows.
test(
  holds(
    'an abort during a body: the error names the rows of that body only, not those of bodies that were never sent',
    'ingestion-client.abort-during',
  ),
  async () => {
    emulator.faults.inject({ kind: 'silence' });
    const abort = new AbortController();
    const failures = failuresOf(
      client().upload(ruleId, stream, threeBodies, { abortSignal: abort.signal, maxConcurrency: 1 }),
    );
    await until(() => emulator.statistics().byStatus['silence'] === 1);
    abort.abort();
    expect((await failures).map(({ failedLogs }) => failedLogs.length)).toEqual([19]);
    expect(await storedRows(emulator)).toEqual([]);
  },
);

// splitDataToChunksHelper.ts: rows are measured one by one, without the commas and brackets around them.
test(holds('its bodies may exceed 1,000,000 bytes', 'ingestion-client.chunk-size'), async () => {
  // 90,000 rows of 11 bytes are 990,000 bytes by its count, and 1,080,001 with the commas and brackets.
  const rows = Array.from({ length: 90_000 }, () => ({ Big: 123 }));
  const [failure] = await failuresOf(client().upload(ruleId, stream, rows));
  expect(failure?.cause).toMatchObject({ statusCode: 413, code: 'ContentLengthLimitExceeded' });
});

// models.ts makes the message of its second parameter, which upload() does not pass.
test(
  holds(
    'the message of its error does not say what happened: status and code are in errors[].cause',
    'ingestion-client.error-causes',
  ),
  async () => {
    emulator.faults.inject({ kind: 'status', status: 403, code: 'OperationFailed' });
    const error = await errorOf(client().upload(ruleId, stream, [row]));
    expect(error.message).not.toMatch(/403|OperationFailed/);
    expect(error).not.toHaveProperty('statusCode');
    expect(error).not.toHaveProperty('code');
    expect(error).toMatchObject({
      errors: [{ cause: { statusCode: 403, code: 'OperationFailed' }, failedLogs: [row] }],
    });
  },
);

// concurrentPoolHelper.ts: the promise of `finally` is dropped, so its rejection is nobody's.
test(
  holds(
    'an onError that throws ends the process, even where the rejection of upload() is caught',
    'ingestion-client.onerror-throws',
  ),
  async () => {
    emulator.faults.inject({ kind: 'status', status: 400 });
    const script = `
    const { LogsIngestionClient } = require('@azure/monitor-ingestion');
    const [endpoint, ca, ruleId, stream] = process.argv.slice(1);
    const credential = { getToken: async () => ({ token: 'good', expiresOnTimestamp: Date.now() + 3600000 }) };
    new LogsIngestionClient(endpoint, credential, { tlsOptions: { ca } })
      .upload(ruleId, stream, [{ Small: 1 }], { onError: () => { throw new Error('thrown by onError'); } })
      .catch((error) => console.log('caught: ' + error.message));`;
    const { code, stdout, stderr } = await run(['-e', script, emulator.endpoint, emulator.certificate, ruleId, stream]);
    expect(stdout.trim()).toBe('caught: thrown by onError');
    expect(stderr).toContain('thrown by onError');
    expect(code).toBe(1);
  },
);

function run(parameters: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, parameters, { cwd: __dirname }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

// core-rest-pipeline takes a request's time-out of 0 for none; upload() forwards no requestOptions that could set one.
test(
  holds(
    'it has no time-out: a call without an answer is pending until the caller aborts it',
    'ingestion-client.no-timeout',
  ),
  async () => {
    emulator.faults.inject({ kind: 'silence' });
    const abort = new AbortController();
    const given = client();
    const timeouts: number[] = [];
    given.pipeline.addPolicy({
      name: 'readTimeout',
      sendRequest: (request, next) => {
        timeouts.push(request.timeout);
        return next(request);
      },
    });
    let settled = false;
    const requestOptions = { timeout: 1 };
    const options = { abortSignal: abort.signal, requestOptions };
    const failures = failuresOf(given.upload(ruleId, stream, [row], options)).finally(() => {
      settled = true;
    });
    await until(() => emulator.statistics().byStatus['silence'] === 1);
    await client().upload(ruleId, stream, [row]);
    expect(settled).toBe(false);
    abort.abort();
    expect(await failures).toMatchObject([{ cause: { name: 'AbortError' } }]);
    expect(timeouts).toEqual([0]);
  },
);

// throttlingRetryStrategy.ts and exponentialRetryStrategy.ts of core-rest-pipeline, as upload() sets them up.
describe('Number of attempts', () => {
  test.each([400, 401, 403, 404, 413])(holds('%d: one', 'ingestion-client.4xx-once'), async (status) => {
    emulator.faults.inject({ kind: 'status', status, probability: 1 });
    expect(await failuresOf(client().upload(ruleId, stream, [row]))).toMatchObject([{ cause: { statusCode: status } }]);
    expect(emulator.statistics().byStatus).toEqual({ [status]: 1 });
  });

  test.each([408, 500, 502, 503, 504])(holds('%d: four', 'ingestion-client.5xx-retried'), async (status) => {
    emulator.faults.inject({ kind: 'status', status, probability: 1 });
    expect(await failuresOf(client().upload(ruleId, stream, [row]))).toMatchObject([{ cause: { statusCode: status } }]);
    expect(emulator.statistics().byStatus).toEqual({ [status]: 4 });
  });

  test(holds('a lost connection: four', 'ingestion-client.lost-connection-retried'), async () => {
    emulator.faults.inject({ kind: 'reset', probability: 1 });
    expect(await failuresOf(client().upload(ruleId, stream, [row]))).toMatchObject([{ cause: { code: 'ECONNRESET' } }]);
    expect(emulator.statistics().byStatus).toEqual({ reset: 4 });
  });

  test(holds('429 without Retry-After: one', 'ingestion-client.429-without-retry-after'), async () => {
    emulator.faults.inject({ kind: 'status', status: 429 });
    expect(await failuresOf(client().upload(ruleId, stream, [row]))).toMatchObject([{ cause: { statusCode: 429 } }]);
    expect(emulator.statistics().byStatus).toEqual({ 429: 1 });
  });

  test(holds('429 with Retry-After: four', 'ingestion-client.429-with-retry-after'), async () => {
    emulator.faults.inject({ kind: 'status', status: 429, retryAfterSeconds: 0, probability: 1 });
    expect(await failuresOf(client().upload(ruleId, stream, [row]))).toMatchObject([{ cause: { statusCode: 429 } }]);
    expect(emulator.statistics().byStatus).toEqual({ 429: 4 });
  });
});

// throttlingRetryStrategy.ts of core-rest-pipeline takes the header's word for it; its wait is the delay of core-util.
test(
  holds('Retry-After has no maximum: the client waits for a day', 'ingestion-client.retry-after-uncapped'),
  async () => {
    const realSetTimeout = globalThis.setTimeout;
    const waits: unknown[] = [];
    const timers = jest.spyOn(globalThis, 'setTimeout').mockImplementation((...call: Parameters<typeof setTimeout>) => {
      if (new Error('Who starts it').stack?.includes('core-rest-pipeline/') !== true) return realSetTimeout(...call);
      waits.push(call[1]);
      return realSetTimeout(call[0], 1);
    });
    emulator.faults.inject({ kind: 'status', status: 429, retryAfterSeconds: 86_400 });
    await client()
      .upload(ruleId, stream, [row])
      .finally(() => timers.mockRestore());
    expect(waits).toEqual([86_400_000]);
    expect(emulator.statistics().byStatus).toEqual({ 429: 1, 204: 1 });
  },
);

// models.ts: defaultConcurrency.
test(holds('by default it sends five bodies at once', 'ingestion-client.five-at-once'), async () => {
  emulator.faults.inject({ kind: 'silence', times: 5 });
  const abort = new AbortController();
  const sevenBodies = Array.from({ length: 7 * 19 }, () => ({ Text: 'x'.repeat(50_000) }));
  const failures = failuresOf(client().upload(ruleId, stream, sevenBodies, { abortSignal: abort.signal }));
  await until(() => emulator.statistics().byStatus['silence'] === 5);
  // Another client's call is answered before a sixth body comes.
  await client().upload(ruleId, stream, [row]);
  expect(emulator.statistics().requests).toBe(6);
  abort.abort();
  expect(await failures).toHaveLength(5);
});

// A policy can set the time-out that upload() cannot; the retry policy takes the AbortError for the caller's own.
test(
  holds(
    'a time-out that a policy sets ends the call with an AbortError, which is not retried',
    'ingestion-client.timeout-policy',
  ),
  async () => {
    emulator.faults.inject({ kind: 'silence', probability: 1 });
    const given = client();
    given.pipeline.addPolicy({
      name: 'setTimeout',
      sendRequest: (request, next) => {
        request.timeout = 50;
        return next(request);
      },
    });
    expect(await failuresOf(given.upload(ruleId, stream, [row]))).toMatchObject([{ cause: { name: 'AbortError' } }]);
    expect(emulator.statistics().requests).toBe(1);
  },
);

// bearerTokenAuthenticationPolicy.ts of core-rest-pipeline.
test(holds('it sends no token over plain http', 'ingestion-client.plain-http'), async () => {
  const credential = { getToken: async () => ({ token: 'good', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const plain = new LogsIngestionClient(emulator.endpoint.replace('https:', 'http:'), credential);
  expect(await failuresOf(plain.upload(ruleId, stream, [row]))).toMatchObject([
    { cause: { message: expect.stringContaining('not permitted for non-TLS') as unknown } },
  ]);
  expect(emulator.statistics().requests).toBe(0);
});

// Rows go through JSON.stringify before the first call.
describe('Rows that JSON cannot hold', () => {
  test.each([
    ['undefined', undefined],
    ['a row with a BigInt', { Big: 1n }],
  ])(
    holds('%s: upload() rejects with a TypeError, and nothing is sent', 'ingestion-client.undefined-and-bigint'),
    async (_, bad) => {
      // @ts-expect-error -- the types reject undefined, which an array that was filled in part may hold
      const uploading = client().upload(ruleId, stream, [...threeBodies, bad]);
      await expect(uploading).rejects.toMatchObject({ name: 'TypeError' });
      expect(emulator.statistics().requests).toBe(0);
    },
  );

  test(holds('an integer above 2^53 arrives rounded', 'ingestion-client.large-integers'), async () => {
    await client().upload(ruleId, stream, [{ Big: Number('9007199254740993') }]);
    expect(await storedRows(emulator)).toEqual(['{"Big":9007199254740992}']);
  });
});
