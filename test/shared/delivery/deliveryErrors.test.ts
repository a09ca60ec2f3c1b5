import { DeliveryError, deliveryError } from '../../../shared/errors/batchErrors';

const target = { endpoint: 'https://dce.example', ruleId: 'dcr-1', stream: 'Custom-Rows' };
const of = (failure: Partial<Parameters<typeof deliveryError>[0]>): DeliveryError =>
  deliveryError({ target, timeoutSeconds: 30, ...failure });
const named = (name: string): Error => Object.assign(new Error('the cause'), { name });

describe('an answer of the service', () => {
  test('gives its status, its code, its message without the last dot, and how long it asks to wait', () => {
    const error = of({ status: 429, body: '{"error":{"code":"Busy","message":"Too much."}}', retryAfterMs: 7 });
    expect(error).toBeInstanceOf(DeliveryError);
    expect(error).toMatchObject({ name: 'DeliveryError', status: 429, code: 'Busy', retryAfterMs: 7 });
    expect(error.message).toContain('dcr-1');
    expect(error.message).toContain('Custom-Rows');
    expect(error.message).toContain('https://dce.example');
    expect(error.message).toContain('429 Busy: Too much. ');
  });

  test.each([
    ['no JSON', '<html>'],
    ['nothing', undefined],
    ['null', 'null'],
    ['a list', '[]'],
    ['an error that is a text', '{"error":"no"}'],
    ['an error without code and message', '{"error":{}}'],
    ['a code and a message that are no texts', '{"error":{"code":7,"message":{}}}'],
  ])('that is %s gives its status and the code Unknown', (_, body) => {
    const error = of(body === undefined ? { status: 502 } : { status: 502, body });
    expect(error).toMatchObject({ status: 502, code: 'Unknown', retryAfterMs: undefined });
    expect(error.message).toContain('502 Unknown. ');
  });

  test('with a long code and a long message gives 128 and 500 letters of them', () => {
    const body = JSON.stringify({ error: { code: 'c'.repeat(129), message: 'm'.repeat(501) } });
    const error = of({ status: 400, body });
    expect(error.code).toBe('c'.repeat(128));
    expect(error.message).toContain(`: ${'m'.repeat(500)}. `);
    expect(error.message).not.toContain('m'.repeat(501));
  });

  test.each([
    [400, 'LOGS_INGESTION_STREAM'],
    [401, 'LOGS_INGESTION_AUDIENCE'],
    [403, 'Monitoring Metrics Publisher'],
    [404, 'LOGS_INGESTION_RULE_IDS'],
    [413, '1,000,000 bytes'],
    [429, '12,000 requests'],
  ])('%i says what to do: %s', (status, advice) => {
    expect(of({ status }).message).toContain(advice);
    expect(of({ status: 500 }).message).not.toContain(advice);
  });
});

describe('no answer', () => {
  test('within the time of an attempt is a Timeout that names the seconds and the setting, whatever the cause', () => {
    const cause = named('AuthenticationError');
    const error = of({ isTimeout: true, cause });
    expect(error).toMatchObject({ code: 'Timeout', status: undefined, cause });
    expect(error.message).toContain('30 s');
    expect(error.message).toContain('LOGS_INGESTION_TIMEOUT_SECONDS');
  });

  test.each(['CredentialUnavailableError', 'AuthenticationError'])('for lack of a token (%s) is NoToken', (name) => {
    const cause = named(name);
    const error = of({ isTimeout: false, cause });
    expect(error).toMatchObject({ code: 'NoToken', status: undefined, cause });
    expect(error.message).toContain('the cause');
    expect(error.message).toContain('AZURE_CLIENT_ID');
  });

  test.each<[string, unknown, string]>([
    ['another error', new Error('getaddrinfo failed'), 'getaddrinfo failed'],
    ['what is no error', 'broken pipe', 'broken pipe'],
    ['an object that only has the name', { name: 'AuthenticationError', toString: () => 'odd' }, 'odd'],
  ])('because of %s is NoConnection, with its words', (_, cause, words) => {
    const error = of({ cause });
    expect(error).toMatchObject({ code: 'NoConnection', status: undefined, cause });
    expect(error.message).toContain(words);
    expect(error.message).toContain('LOGS_INGESTION_ENDPOINT');
  });
});
