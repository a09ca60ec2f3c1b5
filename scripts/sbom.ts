import { text } from 'node:stream/consumers';
import { readArguments } from '../cli/common/arguments';
import { exitCodes, run, UsageError } from '../cli/common/exit';
import { print } from '../cli/common/standardOutput';
import manifest from '../package.json';
import { isObject, type Json, parseJson } from '../shared/json';
import { bundledPackages, bundleMetafile } from './package/bundledPackages';
import { bundleSbom } from './package/bundleSbom';

const usage = `Usage: npm run -s sbom > FILE
  Prints the software bill of materials of the deployed package: what npm says
  of everything installed (CycloneDX, JSON), cut down to what dist/ holds.
Exit codes: 0 printed; 2 npm printed no bill, or it misses a bundled package.`;

async function main(): Promise<number> {
  readArguments({}, usage);
  const all = readJson(await text(process.stdin));
  if (!isObject(all)) throw new UsageError('Expected a bill of materials on standard input; found none.', { usage });
  const bill = bundleSbom(all, bundledPackages(await bundleMetafile()), manifest.name);
  await print([`${JSON.stringify(bill, null, 2)}\n`]);
  return exitCodes.well;
}

function readJson(input: string): Json | undefined {
  try {
    return parseJson(input);
  } catch {
    return undefined;
  }
}

if (require.main === module) void run(main);
