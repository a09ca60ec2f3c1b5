import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
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
async function bundled(
  entry: string,
  plant: Plant,
  packages: 'bundle' | 'external',
): Promise<{ readonly text: string; readonly inputs: Metafile['inputs'] }> {
  const planting = new Planting(plant);
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: folder,
    bundle: true,
    write: false,
    metafile: true,
    packages,
    platform: 'node',
    format: 'cjs',
    keepNames: true,
    plugins: [planting.plugin],
    logLevel: 'silent',
  });
  planting.check();
  return { text: outputFiles[0]?.text ?? '', inputs: metafile.inputs };
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
    '%s is put between the module that it changes and everything in the app that imports it',
    async (_, plant) => {
      const { inputs } = await bundled('functions/main.ts', plant, 'external');
      const importersOf = (name: string): string[] =>
        Object.entries(inputs).flatMap(([file, { imports }]) =>
          imports.some(({ path }) => path === name) ? [file] : [],
        );
      const module = `${plant.module}.ts`;
      const [planted = '', ...others] = importersOf(module);
      expect(others).toEqual([]);
      expect(importersOf('scripts/sabotage/wrappers.ts')).toEqual([planted]);
      expect(importersOf(planted)).not.toEqual([]);
    },
  );

  const unreadableFirst = ['5', ...Array.from({ length: 301 }, (_, i) => recordOf(i))];
  const ports = [1, 1, 2].map((RemotePort) => recordOf(1, { RemotePort }));
  const devices = ['a', 'b', 'c'].map((DeviceId) => recordOf(1, { DeviceId }));

  test.each([
    ['cut-off', 'an unreadable part and 301 records', unreadableFirst, { rows: 299, letters: 1 }],
    ['cut-off', 'records that differ in one part', ports, { rows: 2, letters: 0 }],
    ['unreadable-dropped', 'an unreadable part and 301 records', unreadableFirst, { rows: 301, letters: 0 }],
    ['uid-without-RemotePort', 'an unreadable part and 301 records', unreadableFirst, { rows: 301, letters: 1 }],
    ['uid-without-RemotePort', 'records that differ in that part', ports, { rows: 1, letters: 0 }],
    ['uid-without-RemotePort', 'records that differ in another part', devices, { rows: 3, letters: 0 }],
  ])('%s changes what the export does, and nothing else in its module: %s', async (name, about, records, expected) => {
    // A file of its own: some wrappers remember what they have seen.
    const file = join(folder, `${name} ${about}.js`);
    const { text } = await bundled('shared/transformBatch.ts', plantNamed(name), 'bundle');
    await writeFile(file, text);
    const product = jest.requireActual<{ readonly transformBatch: typeof transformBatch }>(file);
    const batch = { hub: 'h', partition: '0', messages: [{ sequenceNumber: '1', body: message(...records) }] };
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
  for (const file of ['host.json', 'package.json']) {
    expect(await readFile(join(copy, file))).toEqual(await readFile(join(root, file)));
  }
  const maps = ['app.js.map', 'rules.js.map', 'sdks.js.map'];
  expect((await readdir(join(copy, 'dist'))).toSorted()).toEqual(
    ['app.js', 'main.js', 'rules.js', 'sdks.js', ...maps].toSorted(),
  );
});
