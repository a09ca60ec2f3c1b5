import { BoundedMap } from '../../shared/boundedMap';

test('a map of two entries drops the oldest one; an entry that is set again is the newest', () => {
  const map = new BoundedMap<string, string>(2);
  map.set('a', '1').set('b', '2').set('a', '3').set('c', '4');
  expect([...map]).toEqual([
    ['a', '3'],
    ['c', '4'],
  ]);
});
