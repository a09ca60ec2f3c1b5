import { DeliveryError } from '../../../shared/errors/batchErrors';
import { verdictOf } from '../../../shared/errors/classify';

const verdict = (status: number | undefined, code: string): string => verdictOf(new DeliveryError(code, status, ''));

test.each([
  ['RecordsTimeRangeIsMoreThan30Minutes', 'timeRange'],
  ['InvalidPayload', 'content'],
  ['ContentLengthLimitExceeded', 'content'],
  ['InvalidStream', 'configuration'],
  ['InvalidOutputTable', 'configuration'],
  ['InvalidApiVersion', 'configuration'],
])('a 400 with the code %s is %s; with another status the code counts for nothing', (code, expected) => {
  expect(verdict(400, code)).toBe(expected);
  expect([verdict(403, code), verdict(500, code), verdict(413, code)]).toEqual([
    'configuration',
    'transient',
    'content',
  ]);
});

test.each([399, 401, 407, 409, 410, 412, 414, 422, 428, 430, 499])('%i holds the batch', (status) => {
  expect(verdict(status, 'Unknown')).toBe('configuration');
});
