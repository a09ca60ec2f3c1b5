import { DeadLetterError, IncompleteTrigger } from '../../../shared/errors/batchErrors';

test.each([
  [DeadLetterError, 'DeadLetterError', 'DeadLettersNotWritten'],
  [IncompleteTrigger, 'IncompleteTrigger', 'IncompleteTrigger'],
] as const)('%p has a name, a code of its own and the cause', (BatchError, name, code) => {
  const cause = new Error('no link');
  expect(new BatchError('the message', { cause })).toMatchObject({ name, code, message: 'the message', cause });
});
