import { resolve } from 'node:path';
import { readArguments } from '../cli/common/arguments';
import { exitCodes, run } from '../cli/common/exit';
import { bicepProblems, bicepVersion } from './infra/bicepCli';
import { contractProblems } from './infra/contract';

/**
 * Checks the template: that it agrees with the app and the documents, and, where the Bicep CLI is on PATH, that it compiles
 * without a warning and is formatted. With BICEP_REQUIRED=1, as in CI, its absence is a failure.
 *
 * `npm run check:infra`
 */
const usage = `Usage: npm run check:infra
  Checks the template against app and documents, and with the Bicep CLI where it
  is on PATH (BICEP_REQUIRED=1 makes its absence a failure).
Exit codes: 0 all well; 1 something is wrong; 2 could not start.`;

void run(async () => {
  readArguments({}, usage);
  const root = resolve(__dirname, '..');
  const version = await bicepVersion();
  const problems = [...contractProblems(root), ...(version === undefined ? [] : await bicepProblems(root))];
  for (const problem of problems) console.error(problem);
  console.log(
    version === undefined
      ? 'The Bicep CLI is not on PATH: infra/ was checked against app and documents, not compiled, linted or formatted.'
      : `Checked infra/ against app and documents, and with Bicep ${version}.`,
  );
  const required = process.env['BICEP_REQUIRED'] === '1' && version === undefined;
  if (required) console.error('BICEP_REQUIRED is 1: install the Bicep CLI and put it on PATH.');
  return problems.length > 0 || required ? exitCodes.wrong : exitCodes.well;
});
