import { DeadLetterError } from '../../../shared/delivery/deadLetters';

test('letters that could not be written are an error with a name and a code of their own, and the cause', () => {
  const cause = new Error('no link');
  const error = new DeadLetterError('2 dead letters could not be written.', { cause });
  expect(error).toMatchObject({ name: 'DeadLetterError', code: 'DeadLettersNotWritten', cause });
});
