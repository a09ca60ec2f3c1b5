import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import manifest from '../../package.json';
import lock from '../../package-lock.json';
import { dependencyCost } from '../../scripts/package/dependencyCosts';
import { root } from '../programs';

interface Listed {
  readonly version?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
}

const locked: Readonly<Record<string, Listed>> = lock.packages;

/** The sources below some folders. */
function textOf(folders: readonly string[]): string {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[mc]?[jt]s$/.test(name) && !name.includes('node_modules'))
      .map((name) => join(root, folder, name)),
  );
  expect(files.length).toBeGreaterThan(0);
  return files.map((file) => readFileSync(file, 'utf8')).join('\n');
}

function isImported(name: string, text: string): boolean {
  return ['from ', 'import(', 'require(', 'import ', 'require.resolve(', "'--import', "].some((before) =>
    [`'`, '/'].some((after) => text.includes(`${before}'${name}${after}`)),
  );
}

const scripts = Object.values(manifest.scripts).join('\n');
const jestOptions = JSON.stringify(manifest.jest);
const plugins = readFileSync(join(root, 'scripts/mutation/stryker.config.mjs'), 'utf8');
const compiler = readFileSync(join(root, 'tsconfig.json'), 'utf8');

/** A tool is used without an import: by a script or a configuration that names it, or by a package that wants it beside itself. */
function isTool(name: string, beside: readonly string[]): boolean {
  const programs = Object.keys(locked[`node_modules/${name}`]?.bin ?? {});
  return (
    programs.some((program) => new RegExp(`(?:^|--import |&& )${program}\\b`, 'm').test(scripts)) ||
    jestOptions.includes(`"${name}"`) ||
    plugins.includes(`'${name}'`) ||
    (name.startsWith('@types/') && compiler.includes(`"${name.slice('@types/'.length)}"`)) ||
    beside.some((other) => name in (locked[`node_modules/${other}`]?.peerDependencies ?? {}))
  );
}

test('the product imports each dependency of package.json', () => {
  const text = textOf(['functions', 'shared']);
  expect(Object.keys(manifest.dependencies).filter((name) => !isImported(name, text))).toEqual([]);
});

test('each devDependency of package.json is imported outside the product and the packages, or is a tool that something names', () => {
  const text = textOf(['cli', 'scripts', 'test']);
  const names = Object.keys(manifest.devDependencies);
  expect(names.filter((name) => !isImported(name, text) && !isTool(name, names))).toEqual([]);
});

test.each(['azure-emulators', 'defender-samples'])('the package %s uses each package that it lists', (folder) => {
  const { dependencies = {}, devDependencies = {} } = locked[`packages/${folder}`] ?? {};
  const source = textOf([`packages/${folder}/src`]);
  expect(Object.keys(dependencies).filter((name) => !isImported(name, source))).toEqual([]);
  const text = textOf([`packages/${folder}/test`]);
  const own = readFileSync(join(root, `packages/${folder}/package.json`), 'utf8');
  const isRun = (name: string) => own.includes(`"test": "${name} `);
  expect(Object.keys(devDependencies).filter((name) => !isImported(name, text) && !isRun(name))).toEqual([]);
});

/** A file of the bundle that imports others. */
function importing(...paths: string[]): Metafile['inputs'][string] {
  return { bytes: 0, imports: paths.map((path) => ({ path, kind: 'import-statement' })) };
}

test('the cost of a package is its own code, and that of packages that nothing else needs', () => {
  const metafile: Metafile = {
    inputs: {
      'main.ts': importing('node_modules/a/index.js', 'node_modules/b/index.js'),
      'node_modules/a/index.js': importing('node_modules/a/node_modules/only/index.js', 'node_modules/both/index.js'),
      'node_modules/b/index.js': importing('node_modules/both/index.js'),
      'node_modules/a/node_modules/only/index.js': importing(),
      'node_modules/both/index.js': importing(),
    },
    outputs: {
      'dist/app.js': {
        bytes: 1111,
        entryPoint: 'main.ts',
        exports: [],
        imports: [],
        inputs: {
          'main.ts': { bytesInOutput: 1 },
          'node_modules/a/index.js': { bytesInOutput: 10 },
          'node_modules/a/node_modules/only/index.js': { bytesInOutput: 100 },
          'node_modules/both/index.js': { bytesInOutput: 1000 },
        },
      },
      'dist/sdks.js': {
        bytes: 5,
        exports: [],
        imports: [],
        inputs: { 'node_modules/b/index.js': { bytesInOutput: 5 } },
      },
    },
  };
  expect(dependencyCost(metafile, 'a')).toEqual({ own: 10, withOthers: 110, files: ['dist/app.js'] });
  expect(dependencyCost(metafile, 'b')).toEqual({ own: 5, withOthers: 5, files: ['dist/sdks.js'] });
  expect(dependencyCost(metafile, 'both')).toEqual({ own: 1000, withOthers: 1000, files: ['dist/app.js'] });
});
