import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { bundleOptions } from '../../cli/bundle';
import { isObject, parseJson } from '../../shared/json';

/** A package that `dist/` has code of. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As its package.json says, `MIT` for example. */
  readonly license: string;
  /** From the root of the repository. */
  readonly folder: string;
  /** Bytes of its code, by file of `dist/`. */
  readonly bytes: ReadonlyMap<string, number>;
}

/** What the bundler says of `dist/`, which it does not write. */
export async function bundleMetafile(): Promise<Metafile> {
  const { metafile } = await build({ ...bundleOptions, write: false, metafile: true });
  return metafile;
}

/** The folder of the package that a file belongs to; undefined for our own files. */
export function packageFolder(file: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

/** Every package with code in `dist/`, by name. */
export function bundledPackages({ outputs }: Pick<Metafile, 'outputs'>): BundledPackage[] {
  const folders = new Map<string, Map<string, number>>();
  for (const [output, { inputs }] of Object.entries(outputs)) {
    const name = output.replace(/^.*\//, '');
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = packageFolder(file);
      if (folder === undefined || bytesInOutput === 0) continue;
      const bytes = folders.get(folder) ?? new Map<string, number>();
      folders.set(folder, bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput));
    }
  }
  const found = [...folders].map(([folder, bytes]) => packageIn(folder, bytes));
  return found.toSorted((a, b) => (a.folder < b.folder ? -1 : 1));
}

function packageIn(folder: string, bytes: ReadonlyMap<string, number>): BundledPackage {
  const manifest = parseJson(readFileSync(join(bundleOptions.absWorkingDir, folder, 'package.json'), 'utf8'));
  const { name, version, license } = isObject(manifest) ? manifest : {};
  if (typeof name !== 'string' || typeof version !== 'string' || typeof license !== 'string') {
    throw new Error(`${folder}/package.json: expected name, version and license, each as text.`);
  }
  return { name, version, license, folder, bytes };
}
