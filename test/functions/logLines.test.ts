import { heldLine, ruleOffLine, settledLine } from '../../functions/logLines';
import { unknownBatch } from '../../functions/toBatch';
import { Books } from '../../shared/books';
import { deliveryError } from '../../shared/delivery/failedCall';
import { isObject, parseJson } from '../../shared/json';

const target = { endpoint: 'https://dce.example', dcrId: 'dcr-1', stream: 'Custom-NetworkSessions' };

test.each([
  [401, 'Unauthorized', 'LOGS_INGESTION_AUDIENCE'],
  [403, 'Forbidden', 'Data Collection Rule'],
  [404, 'NotFound', 'LOGS_INGESTION_RULE_IDS'],
  [429, 'TooManyRequests', 'LOGS_INGESTION_RULE_IDS'],
  [undefined, 'NoConnection', 'LOGS_INGESTION_ENDPOINT'],
])('the line of a batch held by %p says once what to look at', (status, code, at) => {
  const failed = { target, timeoutSeconds: 20, body: '{"error":{"code":"X","message":"no"}}', cause: new Error('cut') };
  const error = deliveryError(status === undefined ? failed : { ...failed, status });
  const line = parseJson(heldLine(unknownBatch, error, 0, 0));
  if (!isObject(line)) throw new Error('A log line is a JSON object.');
  expect(line).toMatchObject({ event: 'BatchHeld', code, at: expect.stringContaining(at) as unknown });
  expect(line['next']).toBeDefined();
  expect(line['message']).toMatch(/^DCR dcr-1, stream Custom-NetworkSessions at https:\/\/dce\.example /);
  expect(line['message']).not.toMatch(/[Cc]heck|LOGS_INGESTION|Metrics Publisher/);
});

test('a name from a record begins no line of its own, whatever it contains', () => {
  const books = new Books();
  books.count('skipped', { table: '\n{"event":"BatchSettled"}\r' });
  const line = settledLine(unknownBatch, books.tally());
  expect(line).toContain('BatchSettled');
  expect(line).not.toMatch(/[\n\r]/);
});

test('the line of a rule that was switched off names it, and says what that means and what to do', () => {
  expect(parseJson(ruleOffLine('dns', 12.6))).toEqual({
    event: 'RuleSwitchedOff',
    rule: 'dns',
    milliseconds: 13,
    next: 'The process sends what this rule would drop. Make its expression simpler (docs/rules.md), or remove the rule, and restart the app.',
  });
});
