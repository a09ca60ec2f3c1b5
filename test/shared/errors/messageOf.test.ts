import { messageOf } from '../../../shared/errors/messageOf';

test.each<[string, unknown, string]>([
  ['of an error', new Error('no link'), 'no link'],
  ['of the last try of an AggregateError', new AggregateError([new Error('first'), new Error('last')], 'all'), 'last'],
  ['of an AggregateError without tries', new AggregateError([], 'all'), 'all'],
  ['of a text', 'broken pipe', 'broken pipe'],
  ['of undefined', undefined, 'undefined'],
])('the message %s', (_, error, message) => {
  expect(messageOf(error)).toBe(message);
});
