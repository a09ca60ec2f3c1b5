import { areas } from '../behaviours';
import { readHoldingTests } from '../behaviours/heldBy';

const behaviours = areas.flatMap((area) => Object.entries(area.behaviours));
const held = readHoldingTests();

test('no behaviour is stated twice', () => {
  const ids = behaviours.map(([id]) => id);
  const stated = behaviours.map(([, { does }]) => does);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  expect(stated.filter((does, index) => stated.indexOf(does) !== index)).toEqual([]);
});

test('each behaviour is held by a test, unless it is not emulated', () => {
  expect(held.size).toBeGreaterThan(100);
  expect(behaviours.filter(([id, one]) => 'because' in one === held.has(id)).map(([id]) => id)).toEqual([]);
});

test('each id that a test names is a behaviour', () => {
  const known = new Set(behaviours.map(([id]) => id));
  expect([...held.keys()].filter((id) => !known.has(id))).toEqual([]);
});
