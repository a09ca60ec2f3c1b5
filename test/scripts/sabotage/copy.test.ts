import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildCopy, Planting } from '../../../scripts/sabotage/buildCopy';
import { type Plant, plants } from '../../../scripts/sabotage/plantedFaults';
import { Books } from '../../../shared/books';
import { defaultTransformSettings } from '../../../shared/transform/transformSettings';
import type { transformBatch } from '../../../shared/transformBatch';
import { root } from '../../programs';
import { message, recordOf } from '../../shared/kit/batches';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'copy-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A module of the product with a fault planted into what it imports. */
async function bundled(entry: string, plant: Plant, packages: 'bundle' | 'external'): Promise<string> {
  const planting = new Planting(plant);
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: folder,
    bundle: true,
    write: false,
    packages,
    platform: 'node',
    format: 'cjs',
    keepNames: true,
    plugins: [planting.plugin],
    logLevel: 'silent',
  });
  planting.check();
  return outputFiles[0]?.text ?? '';
}

function plantNamed(name: string): Plant {
  const plant = plants.find((one) => one.name === name);
  if (plant === undefined) throw new Error(`No planted fault is named ${name}.`);
  return plant;
}

describe('A planted fault', () => {
  test('has a name of its own', () => {
    expect(new Set(plants.map(({ name }) => name)).size).toBe(plants.length);
  });

  test.each(plants.map((plant) => [plant.name, plant] as const))(
    '%s is put between the export that it wraps and the app',
    async (_, plant) => {
      const text = await bundled('functions/main.ts', plant, 'external');
      expect(text).toMatch(
        new RegExp(`${plant.exported}\\d* = ${plant.wrapper}(?:\\("${plant.argument}"\\))?\\(${plant.exported}\\d*\\)`),
      );
    },
  );

  test.each([
    ['cut-off', { rows: 299, letters: 1 }],
    ['unreadable-dropped', { rows: 301, letters: 0 }],
  ])('%s changes what the export does, and nothing else in its module', async (name, expected) => {
    const file = join(folder, `${name}.js`);
    await writeFile(file, await bundled('shared/transformBatch.ts', plantNamed(name), 'bundle'));
    const product = jest.requireActual<{ readonly transformBatch: typeof transformBatch }>(file);
    const body = message('5', ...Array.from({ length: 301 }, (_, i) => recordOf(i)));
    const batch = { hub: 'h', partition: '0', messages: [{ sequenceNumber: '1', body }] };
    const { rows, letters } = await product.transformBatch(batch, defaultTransformSettings, new Books());
    expect({ rows: rows.length, letters: letters.length }).toEqual(expected);
  });

  test.each([
    ['whose function is gone', { exported: 'readEverything' }, /No matching export .* "readEverything"/],
    [
      'whose module is gone',
      { module: 'shared/defender/nothing' },
      /nothing in the app imports shared\/defender\/nothing/,
    ],
  ])('%s fails the command: it no longer applies', async (_, change, problem) => {
    const copy = buildCopy(join(folder, 'copy'), { ...plantNamed('cut-off'), ...change });
    await expect(copy).rejects.toThrow(/The planted fault cut-off no longer applies/);
    await expect(copy).rejects.toThrow(problem);
  });
});

test('a copy holds what is deployed: host.json, package.json and the bundle', async () => {
  const copy = join(folder, 'whole');
  await buildCopy(copy, undefined);
  expect(await readFile(join(copy, 'host.json'), 'utf8')).toBe(await readFile(join(root, 'host.json'), 'utf8'));
  expect(await readFile(join(copy, 'dist', 'app.js'), 'utf8')).toContain('EventHub');
});
