import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { context, type Plugin } from 'esbuild';
import { build, bundleOptions, completeSettings } from '../cli/bundle';
import { readArguments } from '../cli/common/arguments';
import { exitCodes, run } from '../cli/common/exit';
import { aborted, stopOnSignal } from '../cli/common/stopOnSignal';

const root = resolve(__dirname, '..');

/** The most that each file may take. A little above what it takes: whoever raises this has looked at what was added. */
const budgetKib: Readonly<Record<string, number>> = { 'main.js': 1, 'app.js': 415, 'sdks.js': 1400, 'rules.js': 310 };

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

/** Files of drop rules, for DROP_RULES_FILE. */
const rulesFolder = 'infra/rules';

/** Loads the bundle with settings that are complete. @throws when it fails */
async function verify(): Promise<void> {
  for (const rules of [{}, { DROP_RULES_FILE: `${rulesFolder}/examples.json` }])
    await promisify(execFile)(process.execPath, ['-e', loading], {
      cwd: root,
      env: { ...process.env, ...completeSettings, ...rules },
    });
}

const usage = `Usage: npm run build -- [options]
  Bundles the app into dist/.
  --verify  load the bundle as the host does, and check its size
  --watch   bundle again after each change of a source, until Ctrl-C
Exit codes: 0 built; 1 a file is too large; 2 the build failed.`;

async function buildAndList(): Promise<Record<string, number>> {
  const sizes = await build();
  const list = Object.entries(sizes).map(([name, bytes]) => `${name} ${Math.ceil(bytes / 1024)} KiB`);
  console.log(`Built dist/: ${list.join(', ')}.`);
  return sizes;
}

/** The bundler only says when a source of the bundle has changed: `build` writes whole files, which another process may load. */
const rebuild: Plugin = {
  name: 'rebuild',
  setup(builder) {
    builder.onEnd(async ({ errors }) => {
      if (errors.length === 0) await buildAndList();
      else console.error('dist/ is as it was before.');
    });
  },
};

async function watch(): Promise<void> {
  const plugins = [...bundleOptions.plugins, rebuild];
  const watching = await context({ ...bundleOptions, plugins, write: false });
  await watching.watch();
  await aborted(stopOnSignal().signal);
  await watching.dispose();
}

async function main(): Promise<number> {
  const { values } = readArguments(
    { verify: { type: 'boolean', default: false }, watch: { type: 'boolean', default: false } },
    usage,
  );
  if (values.watch) {
    await watch();
    return exitCodes.well;
  }
  const sizes = await buildAndList();
  if (values.verify) {
    await verify();
    console.log('The bundle loads.');
    const problems = overBudget(sizes);
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) return exitCodes.wrong;
  }
  return exitCodes.well;
}

if (require.main === module) void run(main);
