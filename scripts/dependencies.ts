import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build as bundle } from 'esbuild';
import { build, bundleOptions } from '../cli/bundle';
import { readArguments, wholeNumber } from '../cli/common/arguments';
import { exitCodes, run } from '../cli/common/exit';
import manifest from '../package.json';
import { bundleMetafile } from './package/bundledPackages';
import { dependencyCost } from './package/dependencyCosts';

const folder = resolve(__dirname, '..', 'out', 'dependencies');

const usage = `Usage: npm run dependencies -- [--runs N]
  Prints what each dependency of the app costs: KiB of its own code in dist/,
  KiB with what only it needs, and milliseconds of CPU time to load it into a
  new process, what it needs included (median of N processes, 9 by default).
Exit codes: 0 measured; 2 the build failed.`;

/** In the child: loads one dependency, after the file that holds it. */
const script = `
const [file, name] = process.argv.slice(1);
const loaders = require(file);
const before = process.cpuUsage();
loaders[name]();
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000);
`;

async function main(): Promise<number> {
  const { values } = readArguments({ runs: { type: 'string', default: '9' } }, usage);
  const runs = wholeNumber('runs', values.runs, 1, 1000);
  const metafile = await bundleMetafile();
  await mkdir(folder, { recursive: true });
  await build({ dist: folder });
  for (const name of Object.keys(manifest.dependencies)) {
    const { own, withOthers, files } = dependencyCost(metafile, name);
    const late = files.map((file) => file.replace('dist/', '')).find((file) => file !== 'app.js');
    const file = late === undefined ? await alone(name) : join(folder, late);
    const times: number[] = [];
    for (let i = 0; i < runs; i++) {
      const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, file, name]);
      times.push(Number(stdout));
    }
    const ms = times.toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
    console.log(`${kib(own)} ${kib(withOthers)} ${ms.toFixed(1).padStart(6)} ms  ${name}`);
  }
  return exitCodes.well;
}

/** What stands in the middle of `app.js` is bundled alone, to be loaded alone. */
async function alone(name: string): Promise<string> {
  const contents = `exports[${JSON.stringify(name)}] = () => require(${JSON.stringify(name)});`;
  const { absWorkingDir: resolveDir, entryPoints: _, ...options } = bundleOptions;
  const { outputFiles } = await bundle({ ...options, stdin: { contents, resolveDir }, sourcemap: false, write: false });
  const file = join(folder, `${name.replaceAll('/', '-')}.js`);
  await writeFile(file, outputFiles[0]?.contents ?? '');
  return file;
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1).padStart(6)} KiB`;
}

if (require.main === module) void run(main);
