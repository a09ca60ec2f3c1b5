import { execFile } from 'node:child_process';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from '../cli/bundle';
import { readArguments } from '../cli/common/arguments';
import { exitCodes, run } from '../cli/common/exit';

const root = resolve(__dirname, '..');

/** Loads the bundle as the worker does, with complete settings: it must register without an error. */
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

/** Copies what is deployed (host.json, package.json and dist/) into a folder to be zipped. */
async function stage(): Promise<void> {
  await rm(deployed, { recursive: true, force: true });
  await mkdir(deployed, { recursive: true });
  for (const name of ['host.json', 'package.json', 'dist'])
    await cp(join(root, name), join(deployed, name), { recursive: true });
}

const usage = `Usage: npm run build -- [options]
  Bundles the app into dist/.
  --verify   load the bundle as the host does
  --package  copy what is deployed to out/package
Exit codes: 0 built; 2 the build failed.`;

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
    console.log('Copied what is deployed to out/package.');
  }
  return exitCodes.well;
}

if (require.main === module) void run(main);
