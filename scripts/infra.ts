import { resolve } from 'node:path';
import { readArguments } from '../cli/common/arguments';
import { exitCodes, run } from '../cli/common/exit';
import { bicepProblems, bicepVersion, compiledTemplate } from './infra/bicepCli';
import { readContract } from './infra/readContract';
import { templateProblems } from './infra/templateContract';
import { textProblems } from './infra/textContract';

const usage = `Usage: npm run check:infra
  Compiles the template with the Bicep CLI on PATH and checks that it has no
  warning, is formatted, and agrees with the app and the documents. Without the
  CLI only azure.yaml and the names of clouds are checked; BICEP_REQUIRED=1
  makes that an error.
Exit codes: 0 no problem; 1 a problem was found; 2 could not start.`;

void run(async () => {
  readArguments({}, usage);
  const root = resolve(__dirname, '..');
  const version = await bicepVersion();
  const problems = [...textProblems(root), ...(version === undefined ? [] : await compilerProblems(root))];
  for (const problem of problems) console.error(problem);
  console.log(
    version === undefined
      ? 'SKIPPED: the Bicep CLI is not on PATH, so the template was not compiled, and not compared with the app and the documents. docs/deploy.md says how to get it ("Before you deploy, without Azure").'
      : `Compiled infra/ with Bicep ${version} and compared it with the app and the documents.`,
  );
  const isMissing = process.env['BICEP_REQUIRED'] === '1' && version === undefined;
  if (isMissing) console.error('BICEP_REQUIRED is 1: install the Bicep CLI and put it on PATH.');
  return problems.length > 0 || isMissing ? exitCodes.wrong : exitCodes.well;
});

async function compilerProblems(root: string): Promise<string[]> {
  const compiled = await compiledTemplate(root);
  const found = compiled === undefined ? [] : templateProblems(readContract(root, compiled));
  return [...(await bicepProblems(root)), ...found];
}
