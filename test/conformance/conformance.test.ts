import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { areas } from '.';
import type { HeldBy, Mutant } from './behaviour';

const behaviours = areas.flatMap((area) => area.behaviours);
const root = resolve(__dirname, '..', '..');

function isTest([file, title]: HeldBy): boolean {
  const path = resolve(root, 'test', file);
  if (!existsSync(path)) return false;
  const escaped = title.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`\\(\\s*(['"\`])${escaped}\\1\\s*,`).test(readFileSync(path, 'utf8'));
}

function occurrences({ file, from }: Mutant): number {
  return readFileSync(resolve(root, 'local', file), 'utf8').split(from).length - 1;
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

  test('breaks places that are there once, and does break them', () => {
    const mutants = behaviours.flatMap((behaviour) => ('mutants' in behaviour ? behaviour.mutants : []));
    expect(mutants.filter((mutant) => occurrences(mutant) !== 1)).toEqual([]);
    expect(mutants.filter(({ from, to }) => from === to)).toEqual([]);
  });
});
