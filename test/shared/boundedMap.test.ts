import { BoundedMap } from '../../shared/boundedMap';

test('a map of two entries drops the oldest one; an entry that is set again is the newest', () => {
  const map = new BoundedMap<string, string>(2);
  map.set('a', '1').set('b', '2').set('a', '3').set('c', '4');
  expect([...map]).toEqual([
    ['a', '3'],
    ['c', '4'],
  ]);
});

test('an entry that was deleted, or set again later, is not dropped in place of an older one', () => {
  const map = new BoundedMap<string, number>(3);
  map.set('a', 1).set('b', 2).set('c', 3).set('d', 4);
  map.delete('b');
  map.set('e', 5).set('c', 6).set('f', 7);
  expect([...map.keys()]).toEqual(['e', 'c', 'f']);
  map.clear();
  map.set('g', 8).set('h', 9).set('i', 10).set('j', 11);
  expect([...map.keys()]).toEqual(['h', 'i', 'j']);
});

test('to set an entry costs the same however many entries the map has dropped', () => {
  const capacity = 30_000;
  const map = new BoundedMap<number, number>(capacity);
  let next = 0;
  /** Processor time of one filling in microseconds; the least of three, because other work comes in between. */
  const cost = (): number => {
    const costs = [1, 2, 3].map(() => {
      const before = process.cpuUsage();
      for (const end = next + capacity; next < end; next++) map.set(next, next);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    });
    return Math.min(...costs);
  };
  for (let i = 0; i < 3; i++) cost();
  const plain = new Map<number, number>();
  const before = process.cpuUsage();
  for (let i = 0; i < 10 * capacity; i++) plain.set(i, i);
  const { user, system } = process.cpuUsage(before);
  expect(cost() / ((user + system) / 10)).toBeLessThan(10);
});
