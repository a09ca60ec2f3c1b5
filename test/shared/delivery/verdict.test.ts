import { DeliveryError } from '../../../shared/delivery/deliveryError';
import { verdictOf } from '../../../shared/delivery/verdict';

const verdict = (status: number | undefined, code: string, hasAccepted: boolean): string =>
  verdictOf(new DeliveryError(code, status, ''), hasAccepted);

describe('what a refusal means for the rows', () => {
  test.each([
    [undefined, 'Timeout', 'transient'],
    [undefined, 'NoConnection', 'transient'],
    [undefined, 'NoToken', 'transient'],
    [408, 'Unknown', 'transient'],
    [429, 'TooManyRequests', 'transient'],
    [500, 'InternalServerError', 'transient'],
    [503, 'Unknown', 'transient'],
    [401, 'InvalidToken', 'configuration'],
    [403, 'OperationFailed', 'configuration'],
    [404, 'NotFound', 'configuration'],
    [405, 'Unknown', 'configuration'],
    [400, 'InvalidStream', 'configuration'],
    [413, 'ContentLengthLimitExceeded', 'content'],
    [400, 'InvalidPayload', 'content'],
    [400, 'RecordsTimeRangeIsMoreThan30Minutes', 'timeRange'],
  ])('%s %s is %s, whatever was accepted before', (status, code, expected) => {
    expect([verdict(status, code, false), verdict(status, code, true)]).toEqual([expected, expected]);
  });

  test('an unlisted 400 is about settings until the rule has accepted something, and about content afterwards', () => {
    expect([verdict(400, 'Unlisted', false), verdict(400, 'Unlisted', true)]).toEqual(['configuration', 'content']);
  });

  test('a code named like a property of every object is an unlisted one', () => {
    expect(verdict(400, 'constructor', true)).toBe('content');
  });
});
