import { SettledRows } from '../../../shared/delivery/settledRows';

const rowAt = (position: string, uid: string) => ({ position, uid });

test('a rejected row keeps the message of the service, and only it: not another event at the same position, not the same event elsewhere', () => {
  const settled = new SettledRows();
  settled.reject(rowAt('hub/0/1/0', 'uid a'), 'too long');
  expect(settled.rejectionOf(rowAt('hub/0/1/0', 'uid a'))).toBe('too long');
  expect(settled.rejectionOf(rowAt('hub/0/1/0', 'uid b'))).toBeUndefined();
  expect(settled.rejectionOf(rowAt('hub/0/1/1', 'uid a'))).toBeUndefined();
});

test('the last message counts when a row is rejected again', () => {
  const settled = new SettledRows();
  settled.reject(rowAt('hub/0/1/0', 'uid'), 'first');
  settled.reject(rowAt('hub/0/1/0', 'uid'), 'second');
  expect(settled.rejectionOf(rowAt('hub/0/1/0', 'uid'))).toBe('second');
});

test('5,000 rejected rows are remembered; one more drops the oldest', () => {
  const settled = new SettledRows();
  for (let i = 0; i < 5001; i++) settled.reject(rowAt(`hub/0/1/${i}`, 'uid'), `message ${i}`);
  expect(settled.rejectionOf(rowAt('hub/0/1/0', 'uid'))).toBeUndefined();
  expect(settled.rejectionOf(rowAt('hub/0/1/1', 'uid'))).toBe('message 1');
});
