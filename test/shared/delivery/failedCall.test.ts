import { deliveryError } from '../../../shared/delivery/failedCall';
import { DeliveryError } from '../../../shared/errors/batchErrors';

const target = { endpoint: 'https://dce.example', dcrId: 'dcr-1', stream: 'Custom-Rows' };
const where = 'DCR dcr-1, stream Custom-Rows at https://dce.example';
const errorOf = (call: Partial<Parameters<typeof deliveryError>[0]>): DeliveryError =>
  deliveryError({ target, timeoutSeconds: 30, ...call });
const named = (name: string): Error => Object.assign(new Error('the cause'), { name });

describe('the error of a call that the service answers', () => {
  test('has the status, code and message of the answer, and how long the service asks to wait', () => {
    const error = errorOf({ status: 429, body: '{"error":{"code":"Busy","message":"Too. Much."}}', retryAfterMs: 7 });
    expect(error).toBeInstanceOf(DeliveryError);
    expect(error).toMatchObject({ name: 'DeliveryError', status: 429, code: 'Busy', retryAfterMs: 7 });
    expect(error.message).toBe(`${where} answered 429 Busy: Too. Much.`);
  });

  test.each([
    ['no JSON', '<html>'],
    ['empty', undefined],
    ['null', 'null'],
    ['a list', '[]'],
    ['an object with a text as error', '{"error":"no"}'],
    ['an error without code and message', '{"error":{}}'],
    ['an error whose code and message are not texts', '{"error":{"code":7,"message":{}}}'],
  ])('has the code Unknown and no message of the service when the answer is %s', (_, body) => {
    const error = errorOf(body === undefined ? { status: 502 } : { status: 502, body });
    expect(error).toMatchObject({ status: 502, code: 'Unknown', retryAfterMs: undefined });
    expect(error.message).toBe(`${where} answered 502 Unknown.`);
  });

  test('has at most 128 characters of the code and 500 of the message', () => {
    const body = JSON.stringify({ error: { code: 'c'.repeat(129), message: 'm'.repeat(501) } });
    const error = errorOf({ status: 400, body });
    expect(error.code).toBe('c'.repeat(128));
    expect(error.message).toBe(`${where} answered 400 ${'c'.repeat(128)}: ${'m'.repeat(500)}.`);
  });
});

describe('the error of a call without an answer', () => {
  test('is Timeout with the seconds when the time of the call was over, whatever the cause', () => {
    const cause = named('AuthenticationError');
    const error = errorOf({ isTimeout: true, cause });
    expect(error).toMatchObject({ code: 'Timeout', status: undefined, cause });
    expect(error.message).toBe(`${where} did not answer within 30 s.`);
  });

  test.each(['CredentialUnavailableError', 'AuthenticationError'])('is NoToken when the SDK throws %s', (name) => {
    const cause = named(name);
    const error = errorOf({ isTimeout: false, cause });
    expect(error).toMatchObject({ code: 'NoToken', status: undefined, cause });
    expect(error.message).toBe(`No token for ${where}: the cause`);
  });

  test.each<[string, unknown, string]>([
    ['another error', new Error('getaddrinfo failed'), 'getaddrinfo failed'],
    ['a text', 'broken pipe', 'broken pipe'],
    ['an object that only has the name', { name: 'AuthenticationError', toString: () => 'odd' }, 'odd'],
  ])('is NoConnection with the message of the cause when the SDK throws %s', (_, cause, message) => {
    const error = errorOf({ cause });
    expect(error).toMatchObject({ code: 'NoConnection', status: undefined, cause });
    expect(error.message).toBe(`${where} could not be reached: ${message}`);
  });
});
