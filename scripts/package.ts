import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from '../cli/bundle';
import { readArguments } from '../cli/common/arguments';
import { exitCodes, run } from '../cli/common/exit';
import { bundledPackages, bundleMetafile } from './package/bundledPackages';
import { licencesText } from './package/licences';
import { type Packed, zipOf } from './package/zip';

const root = resolve(__dirname, '..');
const folder = join(root, 'out', 'package');

/** Copied as they are; infra/rules holds files for DROP_RULES_FILE. */
const deployed = ['host.json', 'package.json', 'dist', 'infra/rules', 'LICENSE'];

const usage = `Usage: npm run package
  Bundles the app and copies what is deployed to out/package: host.json,
  package.json, dist/, the rules and the licences of what is bundled. Packs it
  into out/package.zip and lists that. The same sources give the same bytes.
Exit codes: 0 packed; 2 the build failed.`;

/** Bundles, copies and packs. */
export async function pack(): Promise<Packed> {
  await build();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of deployed) await cp(join(root, name), join(folder, name), { recursive: true });
  const licences = licencesText(bundledPackages(await bundleMetafile()));
  await writeFile(join(folder, 'THIRD-PARTY-LICENSES.txt'), licences);
  const result = zipOf(folder);
  await writeFile(`${folder}.zip`, result.zip);
  return result;
}

/** A line for each file, and one for the zip. */
export function listing({ zip, files }: Packed): string[] {
  const lines = [...files].map(([path, bytes]) => `${kib(bytes)}  ${path}`);
  return [...lines, `${kib(zip.length)}  in out/package.zip, from out/package`];
}

async function main(): Promise<number> {
  readArguments({}, usage);
  for (const line of listing(await pack())) console.log(line);
  return exitCodes.well;
}

function kib(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KiB`.padStart(9);
}

if (require.main === module) void run(main);
