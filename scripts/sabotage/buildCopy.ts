import { cp, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { build } from '../../cli/bundle';
import { messageOf } from '../../shared/errors/messageOf';
import type { Plant } from './plantedFaults';

const root = resolve(__dirname, '..', '..');
const wrappers = join(root, 'scripts', 'sabotage', 'wrappers.ts');
const planted = 'planted';

/**
 * Builds a copy of the app in its own folder, with one planted fault or none.
 * @throws Error when the fault no longer applies: its module or export is gone, or nothing imports it.
 */
export async function buildCopy(folder: string, plant: Plant | undefined): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of ['host.json', 'package.json']) await cp(join(root, name), join(folder, name));
  const dist = join(folder, 'dist');
  if (plant === undefined) return void (await build({ dist }));
  const planting = new Planting(plant);
  await build({ dist, plugins: [planting.plugin] }).catch((error: unknown) => {
    const why = messageOf(error);
    throw new Error(`The planted fault ${plant.name} no longer applies: ${why}`);
  });
  planting.check();
}

/** Puts a wrapper between an export and everything that imports it. */
export class Planting {
  #uses = 0;

  constructor(private readonly plant: Plant) {}

  readonly plugin: Plugin = {
    name: planted,
    setup: (bundler) => {
      const { module, exported, wrapper, argument } = this.plant;
      const call = argument === undefined ? wrapper : `${wrapper}(${JSON.stringify(argument)})`;
      const path = `${join(root, module)}.ts`;
      bundler.onResolve({ filter: /^\./ }, ({ path: name, resolveDir }) => {
        if (`${resolve(resolveDir, name)}.ts` !== path) return undefined;
        this.#uses++;
        return { path, namespace: planted };
      });
      bundler.onLoad({ filter: /./, namespace: planted }, () => ({
        contents: [
          `import { ${exported} as original } from ${JSON.stringify(path)};`,
          `import { ${wrapper} } from ${JSON.stringify(wrappers)};`,
          `export * from ${JSON.stringify(path)};`,
          `export const ${exported} = ${call}(original);`,
        ].join('\n'),
        resolveDir: root,
        loader: 'ts',
      }));
    },
  };

  /** @throws Error when no file of the product imports the module. */
  check(): void {
    if (this.#uses > 0) return;
    const { name, module } = this.plant;
    throw new Error(`The planted fault ${name} no longer applies: nothing in the app imports ${module}.`);
  }
}
