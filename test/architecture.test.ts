import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, normalize, resolve } from 'node:path';
import { build as bundle, type Metafile } from 'esbuild';
import { bundleOptions } from '../cli/bundle';
import manifest from '../package.json';
import lock from '../package-lock.json';

// oxlint's no-restricted-imports keeps the product, packages, commands, scripts and tests apart, by what one file names. These
// look at what an import leads to, import() and types included, at the parts of shared/, and at what is deployed in the end.

const root = resolve(__dirname, '..');
/** Packages that package.json lists as dependencies. */
const dependencies = new Set(Object.keys(manifest.dependencies));
/** Folders of the packages that the dependencies of package.json lead to; those of the workspace's packages are not deployed. */
const deployable = foldersOf('', dependencies);

interface Locked {
  readonly version?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function foldersOf(from: string, names: Iterable<string>, found = new Set<string>()): Set<string> {
  const locked: Readonly<Record<string, Locked>> = lock.packages;
  for (const name of names) {
    // As Node looks for a package: in the folder itself, then in each one above.
    const ends = Array.from(from.matchAll(/\/node_modules\/|$/g), ({ index }) => index).toReversed();
    const above = [...ends.map((end) => `${from.slice(0, end)}/node_modules/${name}`), `node_modules/${name}`];
    const folder = above.find((path) => path in locked);
    if (folder === undefined || found.has(folder)) continue;
    found.add(folder);
    const { dependencies: own, optionalDependencies: optional } = locked[folder] ?? {};
    foldersOf(folder, Object.keys({ ...own, ...optional }), found);
  }
  return found;
}

function filesOf(...folders: string[]): string[] {
  return filesEnding(/\.ts$/, ...folders);
}

function filesEnding(end: RegExp, ...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => end.test(name))
      .map((name) => join(folder, name)),
  );
}

/** The files of some folders and all that they import, other packages by name. */
async function graphOf(...folders: string[]): Promise<Metafile['inputs']> {
  const { metafile } = await bundle({
    absWorkingDir: root,
    entryPoints: filesOf(...folders),
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

test('the bundle holds the product and packages that are no devDependencies', async () => {
  const { metafile } = await bundle({ ...bundleOptions, write: false, metafile: true });
  const graph = metafile.inputs;
  const made = /^(?:late|in (?:sdks|rules)\.js|unused):/;
  const others = filesOutside(graph, 'functions', 'shared', 'infra', 'node_modules');
  expect(others.filter((file) => !made.test(file))).toEqual([]);
  const folders = Object.keys(graph).flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
  expect(folders).toContain('node_modules/@azure/monitor-ingestion');
  expect([...new Set(folders)].filter((folder) => !deployable.has(folder))).toEqual([]);
});

/** What the import and export statements of a file name, and `import()`; types included. */
function specifiersIn(file: string): string[] {
  const statement = /(?:^|\n)(?:import|export)\b(?:[^;'"]*? from)? '([^']+)'|\bimport\('([^']+)'\)/g;
  const text = readFileSync(join(root, file), 'utf8');
  return Array.from(text.matchAll(statement), ([, named = '', dynamic = '']) => `${named}${dynamic}`);
}

/** The files of this repository that a file names. */
function filesNamedIn(file: string): string[] {
  return specifiersIn(file)
    .filter((specifier) => specifier.startsWith('.'))
    .flatMap(
      (specifier) =>
        [specifier, `${specifier}.ts`, `${specifier}/index.ts`]
          .map((path) => normalize(join(dirname(file), path)))
          .find((path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile()) ?? [],
    );
}

/** By file, the files that it names. */
function importsOf(...folders: string[]): ReadonlyMap<string, readonly string[]> {
  return new Map(filesOf(...folders).map((file) => [file, filesNamedIn(file)]));
}

/** Some files, and all that they lead to. */
function reachedFrom(files: readonly string[]): ReadonlySet<string> {
  const reached = new Set(files);
  // A set also visits what is added meanwhile.
  for (const file of reached) for (const next of filesNamedIn(file)) reached.add(next);
  return reached;
}

/** `file: package` for each package that a file names. */
function packagesNamedIn(files: Iterable<string>): string[] {
  return [...files].flatMap((file) =>
    specifiersIn(file)
      .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
      .map((specifier) => `${file}: ${nameOf(specifier)}`),
  );
}

test('the packages import only themselves and what their package.json lists as dependencies, types included', () => {
  for (const name of ['azure-emulators', 'defender-samples'] as const) {
    const folder = `packages/${name}/src`;
    const files = reachedFrom(filesOf(folder));
    expect([...files].filter((file) => !file.startsWith(`${folder}/`))).toEqual([]);
    const { dependencies: own } = lock.packages[`packages/${name}`];
    const names = packagesNamedIn(files);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((use) => !Object.hasOwn(own, use.split(': ')[1] ?? ''))).toEqual([]);
  }
});

test('the tests of a package import only what its package.json lists, and no version differs from the root, types included', () => {
  const versions: Readonly<Record<string, string>> = { ...manifest.dependencies, ...manifest.devDependencies };
  for (const name of ['azure-emulators', 'defender-samples'] as const) {
    const { dependencies: own, devDependencies: ofTests } = lock.packages[`packages/${name}`];
    const listed = new Set([name, ...Object.keys(own), ...Object.keys(ofTests)]);
    const names = packagesNamedIn(filesOf(`packages/${name}/test`));
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((use) => !listed.has(use.split(': ')[1] ?? ''))).toEqual([]);
    // What only a package uses, the root need not list.
    const others = Object.entries({ ...own, ...ofTests }).filter(
      ([other, version]) => (versions[other] ?? version) !== version,
    );
    expect(others).toEqual([]);
  }
});

test('commands, scripts and tests import only packages that package.json lists, types included', () => {
  const ours = readdirSync(join(root, 'packages'));
  const listed = new Set([...dependencies, ...Object.keys(manifest.devDependencies), ...ours]);
  const names = packagesNamedIn(filesEnding(/\.[mc]?[jt]s$/, 'cli', 'scripts', 'test'));
  expect(names).toContain('scripts/mutation/words.mjs: @stryker-mutator/api');
  expect(names.filter((use) => !listed.has(use.split(': ')[1] ?? ''))).toEqual([]);
});

test('no file of a package imports by a path that leads out of the package, tests and types included', () => {
  for (const folder of readdirSync(join(root, 'packages')).map((name) => `packages/${name}`)) {
    const outside = filesOf(folder).flatMap((file) =>
      specifiersIn(file)
        .filter((specifier) => specifier.startsWith('.'))
        .filter((specifier) => !normalize(join(dirname(file), specifier)).startsWith(`${folder}/`))
        .map((specifier) => `${file}: ${specifier}`),
    );
    expect(outside).toEqual([]);
  }
});

test('what judges a fault run, and what makes its records, asks nothing of the product, types included', () => {
  const judges = ['judge', 'evidence', 'faultMessages', 'mergedTruths'];
  const files = reachedFrom(judges.map((name) => `cli/faults/${name}.ts`));
  expect(files).toContain('cli/faults/reconcile.ts');
  expect([...files].filter((file) => !file.startsWith('cli/faults/'))).toEqual([]);
  const names = packagesNamedIn(files).map((use) => use.split(': ')[1]);
  expect(new Set(names)).toEqual(new Set(['defender-samples', 'azure-emulators']));
});

/** Sets of nodes of which each leads to each other one, as `a b c` in the order of the alphabet. */
function cyclesIn(graph: ReadonlyMap<string, Iterable<string>>): string[] {
  const reachableFrom = (start: string): Set<string> => {
    const reached = new Set<string>();
    const open = [start];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const next of graph.get(node) ?? []) {
        if (!reached.has(next)) open.push(next);
        reached.add(next);
      }
    }
    return reached;
  };
  const reached = new Map([...graph.keys()].map((node) => [node, reachableFrom(node)]));
  const cycles = [...reached].flatMap(([node, nodes]) =>
    nodes.has(node)
      ? [
          [...nodes]
            .filter((other) => reached.get(other)?.has(node))
            .toSorted()
            .join(' '),
        ]
      : [],
  );
  return [...new Set(cycles)].toSorted();
}

const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/src`);

const imports = importsOf('functions', 'shared', 'cli', 'scripts', ...packages);

test('no file imports itself through others, types included', () => {
  expect(imports.size).toBeGreaterThan(400);
  expect(cyclesIn(imports)).toEqual([]);
});

/** Files that stand in `shared/` itself belong to several parts. */
function folderOf(file: string): string {
  return dirname(file) === 'shared' ? `shared: ${partOf(file)}` : dirname(file);
}

test('no folder imports itself through others, types included', () => {
  const folders = new Map<string, Set<string>>();
  for (const [file, targets] of imports) {
    const others = targets.map(folderOf).filter((other) => other !== folderOf(file));
    folders.set(folderOf(file), new Set([...(folders.get(folderOf(file)) ?? []), ...others]));
  }
  expect(cyclesIn(folders)).toEqual([]);
});

/** Which part of the product may import which; every arrow points down this list. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  functions: ['pipeline', 'telemetry', 'delivery', 'errors', 'settings', 'base'],
  pipeline: ['delivery', 'errors', 'settings', 'transform', 'defender', 'sessions', 'base'],
  telemetry: ['delivery', 'errors', 'settings', 'sessions', 'base'],
  delivery: ['errors', 'settings', 'sessions', 'base'],
  errors: ['settings', 'transform', 'defender', 'base'],
  settings: ['rules', 'transform', 'base'],
  rules: ['transform', 'sessions', 'base'],
  transform: ['defender', 'sessions', 'base'],
  defender: ['base'],
  sessions: ['base'],
  base: [],
};

/** Parts that are files of `shared/`; each of its folders is a part, and its other files are the base. */
const partOfFile: Readonly<Record<string, string>> = {
  'pipeline.ts': 'pipeline',
  'recordFate.ts': 'pipeline',
  'transformBatch.ts': 'pipeline',
  'appSettings.ts': 'settings',
  'config.ts': 'settings',
  'contradictions.ts': 'settings',
};

function partOf(file: string): string {
  const [top = '', name = '', ...below] = file.split('/');
  if (top === 'functions') return top;
  return below.length > 0 ? name : (partOfFile[name] ?? 'base');
}

test('the arrows between the parts of the product point down: functions, pipeline and telemetry, delivery, errors, settings, transform, defender and sessions, base', () => {
  const parts = Object.keys(mayImport);
  for (const [i, allowed] of Object.values(mayImport).entries()) {
    expect(allowed.filter((part) => parts.indexOf(part) <= i)).toEqual([]);
  }
  const arrows = [...importsOf('functions', 'shared')].flatMap(([file, imported]) =>
    imported
      .filter((other) => partOf(other) !== partOf(file) && !mayImport[partOf(file)]?.includes(partOf(other)))
      .map((other) => `${file} -> ${other}`),
  );
  expect(arrows).toEqual([]);
});
