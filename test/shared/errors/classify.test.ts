import { DeliveryError } from '../../../shared/errors/batchErrors';
import { verdictOf } from '../../../shared/errors/classify';

const verdict = (status: number | undefined, code: string): string => verdictOf(new DeliveryError(code, status, ''));

describe('what a failed call means for its rows', () => {
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
    [503, 'InvalidStream', 'transient'],
    [undefined, 'BudgetSpent', 'transient'],
    [undefined, 'SomethingNobodyHasListed', 'transient'],
    [400, 'InvalidOutputTable', 'configuration'],
    [400, 'InvalidApiVersion', 'configuration'],
    [400, 'ContentLengthLimitExceeded', 'content'],
    [403, 'InvalidPayload', 'configuration'],
    [307, 'Unknown', 'configuration'],
    [413, 'ContentLengthLimitExceeded', 'content'],
    [400, 'InvalidPayload', 'content'],
    [400, 'RecordsTimeRangeIsMoreThan30Minutes', 'timeRange'],
    [400, 'SomethingNobodyHasListed', 'unlisted'],
    // A name that every object has.
    [400, 'constructor', 'unlisted'],
  ])('%s %s is %s', (status, code, expected) => {
    expect(verdict(status, code)).toBe(expected);
  });
});
