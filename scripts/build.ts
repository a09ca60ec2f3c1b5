import { execFile } from 'node:child_process';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build, completeSettings } from '../cli/bundle';
import { readArguments } from '../cli/common/arguments';
import { exitCodes, run } from '../cli/common/exit';

const root = resolve(__dirname, '..');

/** The most that each file may take. A little above what it takes: whoever raises this has looked at what was added. */
const budgetKib: Readonly<Record<string, number>> = { 'main.js': 1, 'app.js': 405, 'sdks.js': 1400, 'rules.js': 310 };

/** One line for each file that is larger than it may be. */
export function overBudget(sizes: Readonly<Record<string, number>>): string[] {
  return Object.entries(sizes).flatMap(([name, bytes]) => {
    const most = name.endsWith('.map') ? Number.POSITIVE_INFINITY : (budgetKib[name] ?? 0);
    const kib = Math.ceil(bytes / 1024);
    return kib > most ? [`dist/${name} takes ${kib} KiB; scripts/build.ts allows ${most}.`] : [];
  });
}

/** Runs in a process of its own: the bundle loads as in the worker, without the SDKs, and each SDK loads when it is asked for. */
const loading = `
  const [sdks, rules] = ['./dist/sdks.js', './dist/rules.js'].map((file) => require.resolve(file));
  require('./dist/main.js');
  if (rules in require.cache !== (process.env.DROP_RULES_FILE !== undefined)) throw new Error('dist/rules.js must be loaded if DROP_RULES_FILE is set, and only then.');
  if (sdks in require.cache) throw new Error('dist/sdks.js was loaded at the start; the app must not need a package of cli/lateSdks.ts before its first batch.');
  for (const load of Object.values(require(sdks))) load();
`;

/** Loads the bundle with settings that are complete. @throws when it fails */
async function verify(): Promise<void> {
  for (const rules of [{}, { DROP_RULES_FILE: `${rulesFolder}/examples.json` }])
    await promisify(execFile)(process.execPath, ['-e', loading], {
      cwd: root,
      env: { ...process.env, ...completeSettings, ...rules },
    });
}

const deployed = join(root, 'out', 'package');

/** Files of drop rules, for DROP_RULES_FILE. */
const rulesFolder = 'infra/rules';

/** Copies what is deployed (host.json, package.json, dist/ and the rules) into a folder to be zipped. */
async function stage(): Promise<void> {
  await rm(deployed, { recursive: true, force: true });
  await mkdir(deployed, { recursive: true });
  for (const name of ['host.json', 'package.json', 'dist', rulesFolder])
    await cp(join(root, name), join(deployed, name), { recursive: true });
}

const usage = `Usage: npm run build -- [options]
  Bundles the app into dist/.
  --verify   load the bundle as the host does, and check its size
  --package  copy what is deployed to out/package
Exit codes: 0 built; 1 a file is too large; 2 the build failed.`;

async function main(): Promise<number> {
  const { values } = readArguments(
    { verify: { type: 'boolean', default: false }, package: { type: 'boolean', default: false } },
    usage,
  );
  const sizes = await build();
  const list = Object.entries(sizes).map(([name, bytes]) => `${name} ${Math.ceil(bytes / 1024)} KiB`);
  console.log(`Built dist/: ${list.join(', ')}.`);
  if (values.verify) {
    await verify();
    console.log('The bundle loads.');
    const problems = overBudget(sizes);
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) return exitCodes.wrong;
  }
  if (values.package) {
    await stage();
    console.log('Copied what is deployed to out/package.');
  }
  return exitCodes.well;
}

if (require.main === module) void run(main);
