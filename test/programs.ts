import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { build as buildApp } from '../cli/bundle';

export const root = resolve(__dirname, '..');

/** Commands that tests run in a process of their own, by their sources. */
export const sources = {
  'azd-settings': 'cli/azdSettings.ts',
  backfill: 'cli/backfill.ts',
  cases: 'scripts/cases.ts',
  cost: 'cli/cost.ts',
  doctor: 'cli/doctor.ts',
  emulators: 'cli/emulators.ts',
  faults: 'cli/faults.ts',
  hostile: 'scripts/hostile.ts',
  interop: 'scripts/interop.ts',
  map: 'cli/map.ts',
  replay: 'cli/replay.ts',
  sabotage: 'scripts/sabotage.ts',
  start: 'cli/start.ts',
};

export const commands = Object.keys(sources);

const folder = join(root, 'out', 'test');

/** The bundle of a command, `cli/start` for example, made once for all tests: to load the sources takes seconds for every process. */
export function programOf(command: string): string {
  return join(folder, `${command}.js`);
}

/** A bundle has one folder, and its sources have theirs. */
const ownFolders: Plugin = {
  name: 'own folders',
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/](?:cli|scripts|packages|functions|shared)[\\/].*\.ts$/ }, async ({ path }) => {
      if (/[\\/]node_modules[\\/]/.test(path)) return undefined;
      const source = await readFile(path, 'utf8');
      return { contents: source.replaceAll('__dirname', JSON.stringify(dirname(path))), loader: 'ts' };
    });
  },
};

/** The app is built once for all tests; a command that would build it finds it there. */
const noBuild: Plugin = {
  name: 'no build',
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]cli[\\/]bundle\.ts$/ }, () => ({ contents: 'export async function build() {}' }));
  },
};

/** Jest calls it before the first test. */
export default async function prepare(): Promise<void> {
  await Promise.all([buildApp(), buildPrograms()]);
}

async function buildPrograms(): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: sources,
    outdir: folder,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20.17',
    keepNames: true,
    // The last three find files of theirs, or are found, beside their code.
    external: ['@azure/functions-core', 'supports-color', 'esbuild', '@azure/storage-blob', 'uplot'],
    plugins: [noBuild, ownFolders],
    logLevel: 'warning',
  });
  await mkdir(folder, { recursive: true });
  for (const { path, contents } of outputFiles) {
    // Whole or not at all: another run of the tests may be loading it.
    const temporary = `${path}.${process.pid}`;
    await writeFile(temporary, contents);
    await rename(temporary, path);
  }
}
