import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type BuildOptions, build as bundle, type Plugin } from 'esbuild';

/**
 * Makes the deployed program, `dist/`. One bundle, because loading the SDKs file by file takes several times as
 * long. Entry is `dist/main.js`, which switches source maps on before the bundle is loaded: Node reads the map of a file
 * only when that file is loaded afterwards.
 */
const root = resolve(__dirname, '..');

const dist = join(root, 'dist');

/** How the bundle is made. */
export const bundleOptions = {
  absWorkingDir: root,
  entryPoints: { app: 'functions/main.ts' },
  outdir: dist,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.17',
  sourcemap: 'linked',
  sourcesContent: false,
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'none',
  external: [
    // The Functions worker provides it.
    '@azure/functions-core',
    // debug takes it if it happens to be installed, as a devDependency's dependency is here.
    'supports-color',
  ],
  logLevel: 'warning',
} satisfies BuildOptions;

export interface Target {
  /** Where the program goes. */
  readonly dist: string;
  readonly plugins?: readonly Plugin[];
}

/** Returns the size of all files in bytes. */
export async function build({ dist: outdir, plugins = [] }: Target = { dist }): Promise<number> {
  const { outputFiles } = await bundle({ ...bundleOptions, outdir, plugins: [...plugins], write: false });
  const files = [...outputFiles, { path: join(outdir, 'main.js'), contents: Buffer.from(entry) }];
  await mkdir(outdir, { recursive: true });
  for (const { path, contents } of files) await replaceFile(path, contents);
  return files.reduce((sum, { contents }) => sum + contents.length, 0);
}

/** Whole or not at all: another run may be loading the file just now. */
async function replaceFile(path: string, contents: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, contents);
  await rename(temporary, path);
}

const entry = `// Source maps first: Node reads the map of a file only when it loads the file after this.
process.setSourceMapsEnabled(true);
require('./app.js');
`;
