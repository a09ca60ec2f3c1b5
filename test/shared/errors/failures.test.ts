import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DeadLetterError, DeliveryError } from '../../../shared/errors/batchErrors';
import { codeOf, runbookEntry } from '../../../shared/errors/classify';
import { failures } from '../../../shared/errors/failures';
import { keysOf } from '../../../shared/keysOf';

const runbook = readFileSync(resolve(__dirname, '../../../docs/runbook.md'), 'utf8');

test.each(keysOf(failures))('%s has an entry in the runbook, under the address that log lines give', (code) => {
  expect(runbook).toContain(`\n## ${code}\n`);
  // GitHub's address of a heading: its text in lower case.
  expect(runbookEntry(code)).toBe(`docs/runbook.md#${code.toLowerCase()}`);
});

test.each([
  [new DeliveryError('OperationFailed', 403, ''), 'Forbidden'],
  [new DeliveryError('InvalidToken', 401, ''), 'Unauthorized'],
  [new DeliveryError('NotFound', 404, ''), 'NotFound'],
  [new DeliveryError('InvalidStream', 400, ''), 'InvalidStream'],
  [new DeliveryError('InvalidStream', 404, ''), 'InvalidStream'],
  [new DeliveryError('InvalidPayload', 400, ''), 'BadRequest'],
  [new DeliveryError('SomethingNew', 400, ''), 'BadRequest'],
  [new DeliveryError('x', 408, ''), 'RequestTimeout'],
  [new DeliveryError('ContentLengthLimitExceeded', 413, ''), 'TooLarge'],
  [new DeliveryError('x', 429, ''), 'TooManyRequests'],
  [new DeliveryError('x', 500, ''), 'ServiceError'],
  [new DeliveryError('x', 599, ''), 'ServiceError'],
  [new DeliveryError('x', 302, ''), 'UnexpectedStatus'],
  [new DeliveryError('Timeout', undefined, ''), 'Timeout'],
  [new DeliveryError('NoConnection', undefined, ''), 'NoConnection'],
  [new DeliveryError('NoToken', undefined, ''), 'NoToken'],
  [new DeliveryError('BudgetSpent', undefined, ''), 'BudgetSpent'],
  [new DeliveryError('whatever the service says', undefined, ''), 'DeliveryFailed'],
  [new DeadLetterError('x'), 'DeadLettersNotWritten'],
  [new Error('x'), 'DeliveryFailed'],
  [Object.assign(new Error('x'), { code: 'Timeout', status: 403 }), 'DeliveryFailed'],
  ['text', 'DeliveryFailed'],
])('%p has the code %s', (error, code) => {
  expect(codeOf(error)).toBe(code);
});

// Words that the code writes as literals: each must be a code of the table.
test.each(['Refused', 'InternalError', 'RowTooLarge', 'BadTimestamp'])(
  'the reason %s of a dead letter is a code',
  (reason) => {
    expect(Object.keys(failures)).toContain(reason);
  },
);
