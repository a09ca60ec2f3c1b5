import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { deliveryMutants } from './delivery';

const root = resolve(__dirname, '..', '..');

function occurrences(file: string, text: string): number {
  return readFileSync(resolve(root, file), 'utf8').split(text).length - 1;
}

describe('the list of changes that take a rule of the delivery away', () => {
  test('breaks places that are there once, and does break them', () => {
    expect(deliveryMutants.filter(({ file, text }) => occurrences(file, text) !== 1)).toEqual([]);
    expect(deliveryMutants.filter(({ text, replacement }) => text === replacement)).toEqual([]);
  });

  test('names test files that are there', () => {
    const files = deliveryMutants.flatMap(({ tests }) => tests);
    expect(files.length).toBeGreaterThan(70);
    expect(files.filter((file) => !existsSync(resolve(root, file)))).toEqual([]);
  });
});
