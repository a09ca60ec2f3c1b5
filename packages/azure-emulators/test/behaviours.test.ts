import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { areas } from '../behaviours';
import type { HeldBy } from '../behaviours/behaviour';

const behaviours = areas.flatMap((area) => area.behaviours);
const root = resolve(__dirname, '..');

function isTest([file, title]: HeldBy): boolean {
  const path = resolve(root, 'test', file);
  if (!existsSync(path)) return false;
  const escaped = title.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`\\(\\s*(['"\`])${escaped}\\1\\s*,`).test(readFileSync(path, 'utf8'));
}

describe('the list of what the services do', () => {
  test('states nothing twice', () => {
    const stated = behaviours.map(({ does }) => does);
    expect(stated.filter((does, index) => stated.indexOf(does) !== index)).toEqual([]);
  });

  test('names tests that are there, by their titles', () => {
    const held = behaviours.flatMap((behaviour) => ('held' in behaviour ? behaviour.held : []));
    expect(held.length).toBeGreaterThan(100);
    expect(held.filter((one) => !isTest(one))).toEqual([]);
  });
});
