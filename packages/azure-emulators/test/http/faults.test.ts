import { planFaults } from '../../src/http/faults';

const plan = (seed = 1) => planFaults<string>(seed, (fault) => fault);

test('faults of the next calls come in the order they were asked for', () => {
  const faults = plan();
  faults.next('a', 2);
  faults.next('b');
  expect([faults.take(), faults.take(), faults.take(), faults.take()]).toEqual(['a', 'a', 'b', undefined]);
  expect(faults.fired()).toEqual({ a: 2, b: 1 });
});

test('a fault that comes after some calls waits for its turn, and for those that are due before it', () => {
  const faults = plan();
  faults.after(2, 'c');
  faults.next('a');
  faults.after(2, 'd');
  expect([faults.take(), faults.take(), faults.take(), faults.take(), faults.take()]).toEqual([
    'a',
    undefined,
    'c',
    'd',
    undefined,
  ]);
});

test('they come before those by chance', () => {
  const faults = plan();
  faults.sometimes('always', 1);
  faults.next('first');
  expect([faults.take(), faults.take()]).toEqual(['first', 'always']);
});

test('a probability is met over many calls', () => {
  const faults = plan();
  faults.sometimes('a', 0.2);
  faults.sometimes('b', 0.3);
  for (let call = 0; call < 10_000; call++) faults.take();
  const { a = 0, b = 0 } = faults.fired();
  expect(a / 10_000).toBeCloseTo(0.2, 1);
  expect(b / 10_000).toBeCloseTo(0.3, 1);
});

test('a fault of the next call does not move those by chance', () => {
  const [one, other] = [plan(5), plan(5)];
  one.sometimes('x', 0.5);
  other.sometimes('x', 0.5);
  other.next('y', 3);
  const first = Array.from({ length: 40 }, () => one.take());
  const second = Array.from({ length: 40 }, () => other.take());
  expect(second.slice(3)).toEqual(first.slice(3));
});

test('clear forgets what is to come and keeps what was counted', () => {
  const faults = plan();
  faults.next('a', 5);
  faults.sometimes('b', 1);
  faults.take();
  faults.clear();
  expect(faults.take()).toBeUndefined();
  expect(faults.fired()).toEqual({ a: 1 });
});

test.each([0, -1, 1.5, Number.NaN])('%d calls are refused', (calls) => {
  expect(() => plan().next('a', calls)).toThrow(/calls must be a whole number from 1 up/);
});

test.each([-0.1, 1.1, Number.NaN])('a probability of %d is refused', (probability) => {
  expect(() => plan().sometimes('a', probability)).toThrow(/probability/);
});

test('ten tenths are not too many, one more is', () => {
  const faults = plan();
  for (let part = 0; part < 10; part++) faults.sometimes('a', 0.1);
  expect(() => faults.sometimes('a', 0.1)).toThrow(/1 at most together/);
});
