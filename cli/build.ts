import { execFile } from 'node:child_process';
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type BuildOptions, build as bundle, type Plugin } from 'esbuild';
import { readArguments } from './arguments';
import { exitCodes, run } from './exit';

/**
 * `npm run build`: the deployed program, `dist/`. One bundle, because loading the SDKs file by file takes several times as
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

/** Loads the bundle as the worker would, with settings that are complete: it must register without a word of error. */
async function verify(): Promise<void> {
  const environment = {
    EventHub__fullyQualifiedNamespace: 'contoso.servicebus.windows.net',
    LOGS_INGESTION_ENDPOINT: 'https://contoso.ingest.monitor.azure.com',
    LOGS_INGESTION_RULE_IDS: 'dcr-00000000000000000000000000000000',
  };
  await promisify(execFile)(process.execPath, [join(root, 'dist', 'main.js')], {
    env: { ...process.env, ...environment },
  });
}

const deployed = join(root, 'out', 'package');

/** What is deployed, and nothing else: host.json, package.json and dist/, in a folder to be zipped. */
async function stage(): Promise<void> {
  await rm(deployed, { recursive: true, force: true });
  await mkdir(deployed, { recursive: true });
  for (const name of ['host.json', 'package.json', 'dist'])
    await cp(join(root, name), join(deployed, name), { recursive: true });
}

const usage = `Usage: npm run build -- [options]
  Bundles the app into dist/.
  --verify   load the bundle, as the host would
  --package  put what is deployed into out/package
Exit codes: 0 all well; 2 it cannot be built.`;

async function main(): Promise<number> {
  const { values } = readArguments(
    { verify: { type: 'boolean', default: false }, package: { type: 'boolean', default: false } },
    usage,
  );
  const sizes = await build();
  console.log(`Built dist/ (${Math.round(sizes / 1024)} KiB).`);
  if (values.verify) {
    await verify();
    console.log('The bundle loads.');
  }
  if (values.package) {
    await stage();
    console.log('What to deploy is in out/package.');
  }
  return exitCodes.well;
}

if (require.main === module) void run(main);
