import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type BuildOptions, build as bundle, type Plugin } from 'esbuild';
import { lateSdks, rulesEntry, sdksEntry } from './lateSdks';

/**
 * Makes the deployed program, `dist/`: `app.js` holds what the start needs, `sdks.js` the SDKs that come later, `rules.js` what
 * only drop rules need. Loading the SDKs from their own files takes several times as long. The entry is `main.js`, which switches source maps on before it loads
 * `app.js`: Node reads the map of a file only when it loads that file afterwards.
 */
const root = resolve(__dirname, '..');

const dist = join(root, 'dist');

/** How the bundle is made. */
export const bundleOptions = {
  absWorkingDir: root,
  entryPoints: { app: 'functions/main.ts', sdks: sdksEntry, rules: rulesEntry },
  outdir: dist,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.17',
  sourcemap: 'linked',
  sourcesContent: false,
  minifySyntax: true,
  minifyWhitespace: true,
  // Takes the ES modules of OpenTelemetry, because the bundler can leave out their unused code, but not that of CommonJS.
  mainFields: ['module', 'main'],
  legalComments: 'none',
  external: [
    // The Functions worker provides it.
    '@azure/functions-core',
    // debug takes it if it happens to be installed, as a devDependency's dependency is here.
    'supports-color',
  ],
  plugins: [lateSdks],
  logLevel: 'warning',
} satisfies BuildOptions;

/** All settings that the app needs to register its functions. */
export const completeSettings = {
  EventHub__fullyQualifiedNamespace: 'contoso.servicebus.windows.net',
  LOGS_INGESTION_ENDPOINT: 'https://contoso.ingest.monitor.azure.com',
  LOGS_INGESTION_RULE_IDS: 'dcr-00000000000000000000000000000000',
};

export interface Target {
  /** The folder for the program. */
  readonly dist: string;
  readonly plugins?: readonly Plugin[];
}

/** Returns the size of each file in bytes. */
export async function build({ dist: outdir, plugins = [] }: Target = { dist }): Promise<Record<string, number>> {
  const { outputFiles } = await bundle({ ...bundleOptions, outdir, plugins: [...plugins, lateSdks], write: false });
  const files = [...outputFiles, { path: join(outdir, 'main.js'), contents: Buffer.from(entry) }];
  await mkdir(outdir, { recursive: true });
  for (const { path, contents } of files) await replaceFile(path, contents);
  return Object.fromEntries(files.map(({ path, contents }) => [basename(path), contents.length]));
}

/** Writes the file whole or not at all: another run may be loading it. */
async function replaceFile(path: string, contents: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, contents);
  await rename(temporary, path);
}

const entry = `// Source maps first: Node reads the map of a file only when it loads the file after this.
process.setSourceMapsEnabled(true);
require('./app.js');
`;
