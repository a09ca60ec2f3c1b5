import { readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, resolve } from 'node:path';
import { build as bundle, type Metafile } from 'esbuild';
import { bundleOptions } from '../cli/bundle';
import manifest from '../package.json';
import lock from '../package-lock.json';

// oxlint's no-restricted-imports watches what one file names, types included. These look at what an import leads to,
// import() included, and at what is deployed in the end.

const root = resolve(__dirname, '..');
/** Packages that package.json lists as dependencies. */
const dependencies = new Set(Object.keys(manifest.dependencies));
/** Folders of the packages that `npm ci --omit=dev` installs. */
const deployable = new Set(
  Object.entries(lock.packages).flatMap(([folder, entry]) => ('dev' in entry ? [] : [folder])),
);

/** The files of some folders and all that they import, other packages by name. */
async function graphOf(...folders: string[]): Promise<Metafile['inputs']> {
  return graphOfFiles(
    ...folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(folder, name)),
    ),
  );
}

async function graphOfFiles(...entryPoints: string[]): Promise<Metafile['inputs']> {
  const { metafile } = await bundle({
    absWorkingDir: root,
    entryPoints,
    bundle: true,
    packages: 'external',
    platform: 'node',
    outdir: 'dist',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  return metafile.inputs;
}

function filesOutside(graph: Metafile['inputs'], ...folders: string[]): string[] {
  return Object.keys(graph).filter((file) => !folders.some((folder) => file.startsWith(`${folder}/`)));
}

/** `file: package` for each import of a package. */
function packagesOf(graph: Metafile['inputs']): string[] {
  return Object.entries(graph).flatMap(([file, { imports }]) =>
    imports
      .filter(({ path, external }) => external === true && !isBuiltin(path))
      .map(({ path }) => `${file}: ${nameOf(path)}`),
  );
}

/** `@scope/name` or `name` of what is imported. */
function nameOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

test('the product imports only itself and what package.json lists as dependencies', async () => {
  const graph = await graphOf('functions', 'shared');
  expect(Object.keys(graph)).toContain('shared/pipeline.ts');
  expect(filesOutside(graph, 'functions', 'shared')).toEqual([]);
  expect(packagesOf(graph).filter((use) => !dependencies.has(use.split(': ')[1] ?? ''))).toEqual([]);
});

test('the pipeline knows neither the triggers nor the Functions library', async () => {
  const graph = await graphOf('shared');
  expect(filesOutside(graph, 'shared', 'infra')).toEqual([]);
  expect(packagesOf(graph).filter((use) => use.includes(': @azure/functions'))).toEqual([]);
});

test('the packages import only themselves and what their package.json lists as dependencies', async () => {
  for (const name of ['azure-emulators', 'defender-samples'] as const) {
    const folder = `packages/${name}/src`;
    const graph = await graphOf(folder);
    expect(filesOutside(graph, folder)).toEqual([]);
    const { dependencies: own } = lock.packages[`packages/${name}`];
    expect(packagesOf(graph).filter((use) => !Object.hasOwn(own, use.split(': ')[1] ?? ''))).toEqual([]);
  }
});

test('what judges a fault run, and what makes its records, asks nothing of the product', async () => {
  const graph = await graphOfFiles('cli/faults/judge.ts', 'cli/faults/evidence.ts', 'cli/faults/messages.ts');
  expect(Object.keys(graph)).toContain('cli/faults/reconcile.ts');
  expect(filesOutside(graph, 'cli/faults')).toEqual([]);
  expect(new Set(packagesOf(graph).map((use) => use.split(': ')[1]))).toEqual(new Set(['defender-samples']));
});

test('the bundle holds the product and packages that are no devDependencies', async () => {
  const { metafile } = await bundle({ ...bundleOptions, write: false, metafile: true });
  const graph = metafile.inputs;
  const made = /^(?:late|in sdks\.js|unused):/;
  const others = filesOutside(graph, 'functions', 'shared', 'infra', 'node_modules');
  expect(others.filter((file) => !made.test(file))).toEqual([]);
  const folders = Object.keys(graph).flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
  expect(folders).toContain('node_modules/@azure/monitor-ingestion');
  expect([...new Set(folders)].filter((folder) => !deployable.has(folder))).toEqual([]);
});
